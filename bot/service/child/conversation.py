"""The service's side: what its child asks is answered as far as it may be, until the work is done or the time is up."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, NoReturn, TypeVar, cast

import msgspec

from analyzers.errors import DebtscanError
from analyzers.facts_json import facts_to_json
from analyzers.model.facts import Facts
from analyzers.model.question import Question
from analyzers.typed import from_msgpack
from bot.github.host import Host
from bot.service import metrics
from bot.service.child import messages
from bot.service.child.carried import failure_of
from bot.service.child.host_calls import methods
from bot.service.child.process import MODULE, Running, running
from bot.service.child.walls import Reach
from bot.service.child.wire import EndedError, JunkError, LateError
from bot.service.engine.steps import require
from bot.service.errors import FailureReason, ScanFailedError
from bot.store.model import Entry, Past

Result = TypeVar("Result")

_MOST_METHOD: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What one child may ask, and `reach` on this machine.

    `answers` looks questions up, as Facts in JSON; without a `host` it may call nothing.
    """

    bring: Callable[[Sequence[str]], None]
    answers: Callable[[Sequence[Question]], bytes]
    past: Past | None = None
    entries: Mapping[str, Entry] = field(default_factory=dict)
    host: Host | None = None
    reach: Reach = field(default_factory=Reach)


def work(task: messages.Task, kind: type[Result], help_: Help, seconds: float, module: str = MODULE) -> Result:
    """Have a child do a task within so many seconds; return what came of it. The child runs ``module``.

    Raises ScanFailedError, and the errors of ``help_`` where one of them is why nothing came of it.
    """
    with running(seconds, help_.reach, module) as child:
        try:
            return _Conversation(child, help_).held(task, kind)
        except LateError as error:
            minutes = f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.0f} seconds"  # noqa: PLR2004 - from here on
            raise ScanFailedError("time", f"it took longer than {minutes} and was stopped", child.log) from error
        except JunkError as error:
            child.end()
            said = f"its process said what the service does not understand ({str(error)[:300]}) and was stopped"
            raise ScanFailedError("protocol", said, child.log) from error
        except EndedError as error:
            code = child.ended()
            raise ScanFailedError(*_ending(code, task.bounds), child.log) from error


@dataclass(slots=True)
class _Conversation:
    child: Running
    help: Help
    raised: list[DebtscanError] = field(default_factory=list)

    def held(self, task: messages.Task, kind: type[Result]) -> Result:
        channel = self.child.channel
        # What is wrong with the first message shows in how it ends.
        channel.send(task)
        while True:
            said = channel.receive(cast("type[object]", messages.FromChild))
            match said:
                case messages.Done(result, memory):
                    metrics.CHILD_MEMORY.observe(memory)
                    return _decoded(result, kind)
                case messages.Failed(failure):
                    self._fail(failure)
                case _:
                    channel.send(self._answered(said))

    def _answered(self, said: object) -> messages.FromService:
        try:
            return messages.Answered(self._answer(said))
        except DebtscanError as error:
            self.raised.append(error)
            return messages.Refused(failure_of(error, len(self.raised) - 1))

    def _answer(self, said: object) -> msgspec.Raw:
        match said:
            case messages.Bring():
                self.help.bring(said.names)
                return _packed(None)
            case messages.Ask(questions):
                return _packed(self.help.answers(questions))
            case messages.PastFacts(entry):
                return _packed(self._past(entry))
            case messages.Call(method, arguments):
                return self._called(method, arguments)
        raise JunkError("no message that it may send")

    def _past(self, name: str) -> bytes:
        entry = self.help.entries.get(name)
        if entry is None or self.help.past is None:
            raise JunkError("it asks for the Facts of an entry that it was not given")
        facts: Facts | None = self.help.past.facts(entry)
        return facts_to_json(facts) if facts else b""

    def _called(self, name: str, arguments: msgspec.Raw) -> msgspec.Raw:
        method, host = methods().get(name), self.help.host
        if method is None or host is None:
            raise JunkError(f"it calls {name[:_MOST_METHOD]!r}, which it may not")
        # It may have asked before this worker stood still, and another one does its work by now.
        require()
        return method.call(host, arguments)

    def _fail(self, failure: messages.Failure) -> NoReturn:
        if 0 <= failure.number < len(self.raised):
            raise self.raised[failure.number]
        reason = _REASONS.get(failure.kind, "repository")
        said = f"an internal error of debtscan: {failure.message}" if reason == "internal" else failure.message
        raise ScanFailedError(reason, said, failure.log or self.child.log)


_REASONS: Final[Mapping[str, FailureReason]] = {
    "memory": "memory",
    "internal": "internal",
    "ConfigError": "configuration",
    "UsageError": "configuration",
    "SnapshotError": "copy",
}


def _packed(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.msgpack.encode(value))


def _decoded(result: msgspec.Raw, kind: type[Result]) -> Result:
    try:
        return from_msgpack(result, kind)
    except (ValueError, RecursionError) as error:
        raise JunkError(f"a result that is none: {error}") from error


def _ending(code: int, bounds: messages.Bounds) -> tuple[FailureReason, str]:
    """Return why a child that said nothing ended, by its exit code."""
    number = code - 128
    if number == signal.SIGXCPU:
        return "time", f"it took more than {bounds.processor:,} seconds of processor time and was stopped"
    if number == signal.SIGKILL:
        return "memory", "its process was killed, as systems do that run out of memory"
    with suppress(ValueError):
        name = signal.Signals(number).name
        return "ended", f"its process was ended by {name}; the memory that a scan may take may not have been enough"
    return "ended", f"its process ended with exit code {code} and no word"
