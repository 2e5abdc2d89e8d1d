"""What was chosen, as files: all of it where that holds, else as much as holds. Nothing is left half-done.

A manifest without its lock is worth nothing to who installs from the lock. So what needs a lock that cannot be made
anew is left out whole, and of many moves that share a lock only those that its tool does not accept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from analyzers.errors import UnreadableError
from analyzers.model.ecosystem import Ecosystem
from analyzers.model.snapshot import Snapshot
from bot.upgrade.locks.locker import Locker
from bot.upgrade.model import LockProblem, Written
from bot.upgrade.offer import Choice, together
from bot.upgrade.write import write

# Each try runs lock tools, which take their time.
_MOST_TRIES: Final = 24
# Names and versions in what a tool says: npm writes ``@scope/name@1.2.3``, uv ``name==1.2.3``.
_WORD: Final = re.compile(r"(?:(?<![A-Za-z0-9])@)?[A-Za-z0-9](?:[A-Za-z0-9._/+!-]*[A-Za-z0-9])?")

Tell = Callable[[int], None]
"""Is told the number of each try, before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A choice that is not written, and why. `lock` is the one that stood in the way, "" where none did."""

    choice: Choice
    why: str
    lock: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What can be written, all together, and what cannot. `doubts` are what a person has to look at in the locks.

    What `passes` would perhaps drop less another time: in one of the tries nobody answered a tool.
    """

    made: tuple[Choice, ...]
    written: Written
    dropped: tuple[Dropped, ...] = ()
    passes: bool = False

    @property
    def doubts(self) -> tuple[LockProblem, ...]:
        """What is written, and still needs a look."""
        return self.written.problems


@dataclass
class Attempts:
    """Tries what was chosen on ``snapshot``. `hindrance` says why no lock at all can be made, "" where they can."""

    snapshot: Snapshot
    worlds: Sequence[Ecosystem]
    locker: Locker
    now: datetime
    test_data: bool = False
    hindrance: str = ""
    tell: Tell = lambda _number: None
    _tries: int = field(default=0, init=False)
    _passes: bool = field(default=False, init=False)

    def of(self, choices: Sequence[Choice]) -> Attempt:
        """Return as much of the choices as holds together, those of most worth first."""
        dropped = [one for choice in choices for one in self._hindered(choice)]
        kept = _without(choices, dropped)
        while True:
            written = self._write(kept)
            found = self._refused(kept, written) or self._culprits(kept, failures(written))
            if not found:
                return Attempt(made=tuple(kept), written=written, dropped=tuple(dropped), passes=self._passes)
            dropped += found
            kept = _without(kept, found)

    def _write(self, choices: Sequence[Choice]) -> Written:
        self._tries += 1
        self.tell(self._tries)
        upgrade = together(choices, self.now)
        written = write(upgrade, self.snapshot, self.worlds, self.locker, test_data=self.test_data, steps=False)
        self._passes = self._passes or any(problem.passes for problem in written.problems)
        return written

    def _hindered(self, choice: Choice) -> Iterable[Dropped]:
        """Yield a choice that needs a lock which nothing here can make, whatever is to move in it."""
        for lock in _locks(choice):
            try:
                why = self.hindrance or self.locker.hindrance(lock, self.snapshot.read(lock))
            except UnreadableError as error:
                why = f"it cannot be read: {error.detail}"
            if why:
                yield Dropped(choice=choice, why=why, lock=lock)
                return

    def _refused(self, choices: Sequence[Choice], written: Written) -> list[Dropped]:
        """Return the choices of which an edit was refused; what cannot be parted goes with it."""
        why = {(one.name, one.target): one.detail for one in written.refused}
        found = []
        for choice in choices:
            reasons = [why[move.name, move.target] for move in choice.moves if (move.name, move.target) in why]
            if reasons:
                found.append(Dropped(choice=choice, why="; ".join(dict.fromkeys(reasons))))
        return found

    def _culprits(self, choices: Sequence[Choice], failed: Sequence[LockProblem]) -> list[Dropped]:
        """Return the choices for which the first of the locks could not be made."""
        if not failed:
            return []
        lock = failed[0].lock
        suspects = [choice for choice in choices if lock in _locks(choice)] or list(choices)
        found = _Search(self, lock).among(suspects, failed[0].detail)
        # A tool that fails once and not again has not said which of them it was.
        return found or [Dropped(choice=one, why=failed[0].detail, lock=lock) for one in suspects]

    def problem(self, choices: Sequence[Choice], lock: str) -> str | None:
        """Try some choices: return what is wrong with the lock then, "" where nothing is, None after too many tries."""
        if self._tries >= _MOST_TRIES:
            return None
        failed = failures(self._write(choices))
        return next((one.detail for one in failed if one.lock == lock), "")


@dataclass
class _Search:
    """Finds those that a lock fails for: whom its tool names, else by halves. `kept` are known to hold together."""

    attempts: Attempts
    lock: str
    kept: list[Choice] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    def among(self, suspects: Sequence[Choice], why: str) -> list[Dropped]:
        """Return the culprits; all suspects together are known to fail, for the reason ``why``."""
        named = [one for one in suspects if _is_named(one, why)]
        if len(suspects) == 1 or len(named) == 1:
            self._drop(named or suspects, why)
            parts: tuple[Sequence[Choice], ...] = (_without(suspects, self.dropped),)
        elif named and len(named) < len(suspects):
            parts = ([one for one in suspects if one not in named], named)
        else:
            parts = suspects[: len(suspects) // 2], suspects[len(suspects) // 2 :]
        for part in filter(None, parts):
            self._part(part, why)
        return self.dropped

    def _part(self, part: Sequence[Choice], why: str) -> None:
        said = self.attempts.problem([*self.kept, *part], self.lock)
        if said is None:
            self._drop(part, f"too much stands in the way to try each ({why}); choose fewer at once")
        elif said:
            self.among(part, said)
        else:
            self.kept += part

    def _drop(self, choices: Iterable[Choice], why: str) -> None:
        self.dropped += [Dropped(choice=one, why=why, lock=self.lock) for one in choices]


def _is_named(choice: Choice, why: str) -> bool:
    """Whether a tool's words name what moves, and where it was to go."""
    words = set(_WORD.findall(why))
    return any({move.name, move.target} <= words for move in choice.moves)


def failures(written: Written) -> list[LockProblem]:
    """Return the locks that stayed as they were; what was made anew with doubts is none of them."""
    return [problem for problem in written.problems if problem.lock not in written.files]


def _locks(choice: Choice) -> frozenset[str]:
    return frozenset(lock for move in choice.moves for lock in move.locks)


def _without(choices: Iterable[Choice], dropped: Iterable[Dropped]) -> list[Choice]:
    gone = {id(one.choice) for one in dropped}
    return [choice for choice in choices if id(choice) not in gone]
