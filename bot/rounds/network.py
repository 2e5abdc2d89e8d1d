"""What a scan asks of the world: one fetcher and one memory for any number of repositories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from analyzers.config import Config
from analyzers.http.credentials import Settings
from analyzers.http.fetch import Fetcher
from analyzers.look_up import ask, look_up
from analyzers.manifests import Progress
from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Facts
from analyzers.model.inventory import Inventory
from analyzers.model.question import Question
from bot.rounds.memory import Memory


class Asks(Protocol):
    """What answers for a scan. Called with an inventory, it asks all that that raises."""

    def __call__(self, inventory: Inventory, looked_up: date, known: Facts | None = None) -> Facts:
        """Return all Facts of an inventory; what is ``known`` is not asked again."""

    def ask(self, questions: Iterable[Question], looked_up: date) -> Facts:
        """Return the answers to these questions and no others."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks with the user's settings; connections are shared. Called with an inventory, it asks all that that raises.

    With `anew`, no answer that an earlier run got is taken without asking whether it is still so.
    """

    fetcher: Fetcher
    addresses: Mapping[str, str]
    progress: Progress
    memory: Memory
    anew: bool = False

    def _send(self, request: Request) -> Response:
        return self.fetcher.send(replace(request, fresh_for=0) if self.anew else request)

    def __call__(self, inventory: Inventory, looked_up: date, known: Facts | None = None) -> Facts:
        """Return all Facts of an inventory; what is ``known``, or was asked in this run, is not asked again."""
        facts = look_up(
            inventory,
            fetcher=self._send,
            looked_up=looked_up,
            addresses=self.addresses,
            progress=lambda done, total: self.progress("look_up", done, total),
            known=Facts(looked_up, self.memory.with_known(known)),
        )
        self.memory.remember(facts, known)
        return facts

    def ask(self, questions: Iterable[Question], looked_up: date) -> Facts:
        """Return the answers to these questions and no others; those of this run are not asked again."""
        asked, remembered = set(questions), self.memory.with_known(None)
        held = {question: remembered[question] for question in asked if question in remembered}
        new = ask(asked - held.keys(), fetcher=self._send, looked_up=looked_up, addresses=self.addresses)
        facts = Facts(looked_up, dict(sorted({**held, **new.answers}.items())))
        self.memory.remember(facts, None)
        return facts


class Network:
    """The user's settings, one fetcher and one memory for all repositories of a run."""

    def __init__(self, fetcher: Fetcher, settings: Settings) -> None:
        self._fetcher = fetcher
        self._settings = settings
        self._memories: dict[tuple[tuple[str, str], ...], Memory] = {}

    def of(self, config: Config, progress: Progress) -> Asking:
        """Return what asks for a repository. Its own file may name no addresses, so all ask the same hosts.

        Were the addresses of two others all the same, neither would be given what the other's hosts said.
        """
        addresses = {**self._settings.addresses, **config.addresses}
        key = tuple(sorted(addresses.items()))
        if key not in self._memories:
            self._memories = {key: Memory()}
        return Asking(self._fetcher, addresses, progress, self._memories[key])
