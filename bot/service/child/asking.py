"""What the child cannot do itself and asks of the service: contents, answers, the past, and GitHub's methods."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, cast

import msgspec

from analyzers.config import History
from analyzers.errors import DebtscanError
from analyzers.facts_json import facts_from_json
from analyzers.look_up import look_up_by
from analyzers.model.facts import Answer, Facts
from analyzers.model.inventory import Inventory
from analyzers.model.question import Question
from analyzers.typed import from_msgpack
from bot.github.host import Host
from bot.service.child.carried import error_of, failure_of
from bot.service.child.host_calls import methods
from bot.service.child.messages import (
    Answered,
    Ask,
    Bring,
    Call,
    Done,
    Failed,
    Failure,
    FromChild,
    FromService,
    PastFacts,
    Refused,
)
from bot.service.child.wire import Channel
from bot.store.model import Entry


@dataclass(slots=True)
class Service:
    """The service, as its child sees it. Methods raise the errors that the service met."""

    channel: Channel
    _met: list[tuple[DebtscanError, Failure]] = field(default_factory=list)

    def bring(self, blobs: Iterable[str]) -> None:
        """Have contents fetched into the mirror. Raises SnapshotError."""
        names = tuple(sorted(set(blobs)))
        if names:
            self._ask(Bring.of(names), type(None))

    def answers(self, questions: Sequence[Question]) -> Mapping[Question, Answer]:
        """Return the answers to all of these."""
        if not questions:
            return {}
        return facts_from_json(self._ask(Ask(tuple(questions)), bytes)).answers

    def past_facts(self, entry: Entry) -> Facts | None:
        """Return the Facts of a past entry, None where they are not kept any more. Raises HistoryError."""
        content = self._ask(PastFacts(entry.id), bytes)
        return facts_from_json(content) if content else None

    def call(self, name: str, *given: object, **named: object) -> Any:  # noqa: ANN401 - as the method states
        """Call a method of the host. Raises HostError and kin."""
        method = methods()[name]
        return method.decode(self._ask(Call(name, method.encode(*given, **named)), msgspec.Raw))

    def done(self, result: object) -> None:
        """Hand over what came of the work."""
        self.channel.send(Done(msgspec.Raw(msgspec.msgpack.encode(result)), _memory()))

    def failed(self, failure: Failure) -> None:
        """Say why nothing came of it."""
        self.channel.send(Failed(failure))

    def failure_met(self, error: DebtscanError) -> Failure | None:
        """Return what the service said, where an error is the service's own."""
        return next((failure for met, failure in self._met if met is error), None)

    def crossing(self, error: DebtscanError) -> Failure:
        """Return an error as it crosses: as the service's own, where it is that."""
        met = self.failure_met(error)
        return failure_of(error) if met is None else met

    def _ask(self, message: FromChild, kind: type[Any]) -> Any:  # noqa: ANN401 - of the kind
        self.channel.send(message)
        said: Answered | Refused = self.channel.receive(cast("type[Answered | Refused]", FromService))
        if isinstance(said, Refused):
            error = error_of(said.failure)
            self._met.append((error, said.failure))
            raise error
        return said.value if kind is msgspec.Raw else from_msgpack(said.value, kind)


def _memory() -> int:
    """Return the most bytes that this process held."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


@dataclass(frozen=True, slots=True)
class Answers:
    """Asks as `bot.rounds.network.Asking` does, through the service."""

    service: Service

    def __call__(self, inventory: Inventory, looked_up: date, known: Facts | None = None) -> Facts:
        """Return all Facts of an inventory; what is ``known`` is not asked again."""
        return look_up_by(
            inventory, lambda asked, _before: self.service.answers(asked), looked_up=looked_up, known=known
        )

    def ask(self, questions: Iterable[Question], looked_up: date) -> Facts:
        """Return the answers to these questions and no others."""
        return Facts(looked_up, dict(sorted(self.service.answers(sorted(set(questions))).items())))


@dataclass(frozen=True, slots=True)
class Handed:
    """The past of a repository, as the service handed it over. It is the service that stores: nothing is written."""

    service: Service
    handed: tuple[Entry, ...]

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries, oldest first."""
        return self.handed

    def facts(self, entry: Entry) -> Facts | None:
        """Return the Facts of an entry; None where they are not kept any more. Raises HistoryError."""
        return self.service.past_facts(entry)

    def append(self, entry: Entry, facts: Facts, files: Mapping[str, bytes] | None = None) -> bool:
        """Leave it to the service."""
        del entry, facts, files
        return False

    def prune(self, keep: History, today: date) -> int:
        """Leave it to the service."""
        del keep, today
        return 0


class _Host:
    """Has every method of the protocol, and does none of them itself."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in methods():
            raise AttributeError(name)
        return partial(self._service.call, name)


def host_of(service: Service) -> Host:
    """Return the one repository on GitHub that the service lets its child work on."""
    return cast("Host", _Host(service))
