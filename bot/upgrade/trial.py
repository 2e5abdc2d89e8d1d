"""What a group's pull request goes through while its checks fail: which members are on the branch now, and why.

Pure. The state is kept in the pull request's own marker, as text: what ran and how, and who was found to break the
checks. It holds for the members and targets that it was made of; others begin anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from analyzers.typed import from_json
from bot import wording
from bot.upgrade import names
from bot.upgrade.bisect import Culprit, Interaction, Run, Step, Try, most_runs, next_step
from bot.upgrade.groups import Unit, kind_of
from bot.upgrade.model import LeftOut, Move, Upgrade, targets_of

_DIGITS: Final = 16
_MOST_CHECKS: Final = 5
_LONGEST_CHECK: Final = 60
_MOST_NAMES: Final = 12


@dataclass(frozen=True, slots=True)
class Blamed:
    """A member that breaks the checks alone, at these targets (as a digest), and which checks failed."""

    name: str
    at: str
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """An upgrade whose members are tried. `runs` is None while nothing has failed.

    `members` are those that are not blamed, in the order of the group.
    """

    whole: Upgrade
    members: tuple[Unit, ...]
    blamed: tuple[tuple[Unit, Blamed], ...] = ()
    runs: tuple[Run, ...] | None = None

    @property
    def step(self) -> Step | None:
        """What is to be tried, or what was found; None while nothing has failed."""
        return None if self.runs is None else next_step([unit.name for unit in self.members], self.runs)

    @property
    def is_searching(self) -> bool:
        """Whether only a part of the members is on the branch."""
        return isinstance(self.step, Try)

    @property
    def is_stopped(self) -> bool:
        """Whether members break the checks only together, so that a person has to look."""
        return isinstance(self.step, Interaction)

    @property
    def upgrade(self) -> Upgrade | None:
        """What is to be on the branch now; None where every member is left out."""
        step = self.step
        wanted = set(step.members) if isinstance(step, Try) else {unit.name for unit in self.members}
        moves = _moves([unit for unit in self.members if unit.name in wanted])
        if len(moves) == len(self.whole.moves) or not moves:
            return self.whole if moves else None
        if isinstance(step, Try):
            # It is still the pull request of them all.
            return replace(self.whole, moves=moves)
        subject = self.whole.id.removeprefix("group-") if self.whole.id.startswith("group-") else ""
        return replace(self.whole, moves=moves, title=names.title(moves, subject), kind=kind_of(moves))

    @property
    def targets(self) -> dict[str, str]:
        """The targets of all that belongs to the pull request, also of what is not on the branch just now."""
        return targets_of(_moves(self.members))

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """What is left out for breaking the checks, with the evidence."""
        return tuple(
            LeftOut(
                name=move.name,
                target=move.target,
                reason="breaks-checks",
                detail=f"with it alone these checks failed: {', '.join(entry.failed) or 'not named'}",
                findings=move.findings,
            )
            for unit, entry in self.blamed
            for move in unit.moves
        )

    def after(self, *, passed: bool, failed: Sequence[str] = ()) -> Course:
        """Return the course once the checks of what is on the branch now have passed or failed."""
        step = self.step
        if passed and not isinstance(step, Try):
            return replace(self, runs=None)
        if step is None:
            return replace(self, runs=()) if len(self.members) > 1 else self
        if not isinstance(step, Try):
            return self
        went = replace(self, runs=(*(self.runs or ()), Run(frozenset(step.members), passed)))
        found = went.step
        return _without(went, found.member, failed) if isinstance(found, Culprit) else went

    def told(self) -> tuple[str, ...]:
        """Return what the body says of it, in plain sentences."""
        step, said = self.step, []
        if isinstance(step, Try):
            run = wording.count(len(self.members), "update")
            count = f"run {len(self.runs or ()) + 1} of at most {most_runs(len(self.members))}"
            said.append(
                f"The checks failed with all {run} together, so I look for the one that breaks them ({count}). "
                f"Only these are on the branch now: {self._named(step.members)}. The others come back."
            )
        if isinstance(step, Interaction):
            first, second = (self._named(part) for part in step.parts)
            said.append(
                f"Draft: these break the checks only together: {self._named(step.members)}. "
                f"The checks pass with {first} alone, and with {second} alone. Somebody has to look at it."
            )
        said += [
            f"{entry.name} {entry.target} is left out: {entry.detail}. Another version of it is tried again."
            for entry in self.left_out
        ]
        return tuple(said)

    def _named(self, members: Sequence[str]) -> str:
        shown = [f"{move.name} {move.target}" for move in _moves([one for one in self.members if one.name in members])]
        more = f" and {len(shown) - _MOST_NAMES} more" if len(shown) > _MOST_NAMES else ""
        return ", ".join(wording.name(name, 80) for name in shown[:_MOST_NAMES]) + more


def _without(course: Course, member: str, failed: Sequence[str]) -> Course:
    """Return the course with a member that breaks the checks alone left out."""
    (unit,) = (unit for unit in course.members if unit.name == member)
    checks = tuple(name[:_LONGEST_CHECK] for name in sorted(failed)[:_MOST_CHECKS])
    return replace(
        course,
        members=tuple(other for other in course.members if other is not unit),
        blamed=(*course.blamed, (unit, Blamed(unit.name, _digest([unit]), checks))),
        runs=None,
    )


class _Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As it is kept. `runs` maps the members that ran together, a number in base 16, to whether the checks passed."""

    of: str
    runs: dict[str, bool] | None = None
    blamed: dict[str, tuple[str, tuple[str, ...]]] = {}


def course_of(upgrade: Upgrade, units: Sequence[Unit], kept: str) -> Course:
    """Return the course of an upgrade made of these units, ``kept`` being what its marker says; "" is nothing."""
    stored = _decoded(kept)
    blamed = stored.blamed if stored else {}
    out = tuple(
        (unit, Blamed(unit.name, *blamed[unit.name]))
        for unit in units
        if unit.name in blamed and blamed[unit.name][0] == _digest([unit])
    )
    outside = {unit.name for unit, _ in out}
    members = tuple(unit for unit in units if unit.name not in outside)
    runs = stored.runs if stored and stored.of == _digest(members) and len(members) > 1 else None
    known = None if runs is None else tuple(Run(_unmasked(mask, members), ok) for mask, ok in sorted(runs.items()))
    return Course(whole=upgrade, members=members, blamed=out, runs=known)


def kept(course: Course) -> str:
    """Return the text that `course_of` reads; "" where there is nothing to be kept."""
    if course.runs is None and not course.blamed:
        return ""
    order = [unit.name for unit in course.members]
    runs = None if course.runs is None else {_mask(run.members, order): run.passed for run in course.runs}
    blamed = {entry.name: (entry.at, entry.failed) for _unit, entry in course.blamed}
    return json.dumps(
        {"of": _digest(course.members), "runs": runs, "blamed": blamed}, separators=(",", ":"), sort_keys=True
    )


def _decoded(text: str) -> _Stored | None:
    try:
        return from_json(text, _Stored) if text else None
    except ValueError:
        return None


def _mask(members: frozenset[str], order: Sequence[str]) -> str:
    return f"{sum(1 << place for place, name in enumerate(order) if name in members):x}"


def _unmasked(mask: str, members: Sequence[Unit]) -> frozenset[str]:
    try:
        bits = int(mask[:1000], 16)
    except ValueError:
        return frozenset()
    return frozenset(unit.name for place, unit in enumerate(members) if bits >> place & 1)


def _digest(units: Sequence[Unit]) -> str:
    told = [[unit.name, targets_of(unit.moves)] for unit in units]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:_DIGITS]


def _moves(units: Sequence[Unit]) -> tuple[Move, ...]:
    return tuple(sorted((move for unit in units for move in unit.moves), key=_place))


def _place(move: Move) -> tuple[str, str, str, str]:
    return move.key.ecosystem, move.key.name, move.target, move.name
