"""What an upgrade is worth, and what it may cost. Pure.

All is in points, which are minutes of debt. The weights say what people would do first on a free afternoon: a flaw
that everybody can look up, then what nobody mends any more, then the most debt for the least that can break.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from analyzers.model.advisory import Flaw
from analyzers.model.subject import SubjectKey
from bot.ruleset import SUBJECT_CAP
from bot.upgrade.model import Kind, Move, Worth
from bot.upgrade.names import plain

_ADVISORY: Final = {"critical": 480, "high": 240, "medium": 120, "low": 60, None: 120}
# Days to an end of life, and what moving away in time is worth.
_ENDS: Final = ((0, 240), (30, 180), (90, 120), (365, 60))
_MOST_HEAT: Final = 60
_RISK: Final[dict[Kind, int]] = {"pin": 1, "digest": 2, "patch": 5, "minor": 15, "major": 60, "replace": 90}
_BEFORE_ONE: Final = 2
_NAMED: Final = 3
# Each further member of a group may break something of its own, though seldom.
_FURTHER: Final = 10
_LIKELY: Final = ((2, "next to nothing can break"), (20, "little is expected to break"), (60, "some of it may break"))


def worth(moves: Sequence[Move], today: date) -> Worth:
    """Return the worth of moves that go together, with its reasons in sentences."""
    flaws = {flaw.id: flaw for move in moves for finding in move.findings for flaw in finding.flaws}
    points = won(moves)
    ends = min((move.ends for move in moves if move.ends), default=None)
    days_left = (ends - today).days if ends else None
    heat, danger = sum(move.heat for move in moves), risk(moves)
    urgency = next((gain for limit, gain in _ENDS if days_left is not None and days_left <= limit), 0)
    gain = points + _flawed(flaws.values()) + urgency + min(_MOST_HEAT, heat)
    return Worth(
        points=points,
        advisories=len(flaws),
        days_left=days_left,
        heat=heat,
        risk=danger,
        total=float(gain - danger),
        reasons=(*_gains(flaws, points, ends, today), *_costs(moves, heat, danger)),
    )


def won(moves: Iterable[Move]) -> int:
    """Return how many points the score gets back: a subject counts up to its limit, whatever is found about it."""
    paid: dict[SubjectKey, int] = defaultdict(int)
    owed: dict[SubjectKey, int] = defaultdict(int)
    for move in moves:
        paid[move.key] += move.points
        owed[move.key] = max(owed[move.key], move.owed, paid[move.key])
    return sum(min(SUBJECT_CAP, owed[key]) - min(SUBJECT_CAP, owed[key] - paid[key]) for key in paid)


def risk(moves: Sequence[Move]) -> int:
    """Return what a step may cost: that of the worst member, and a little for each further one."""
    each = sorted((_risk(move) for move in moves), reverse=True)
    return each[0] + sum(each[1:]) // _FURTHER if each else 0


def _risk(move: Move) -> int:
    kind = (move.step or "minor") if move.kind == "security" else move.kind
    danger = _RISK[kind]
    if kind == "minor" and (move.current or "").removeprefix("v").startswith("0."):
        # Below 1.0 a step of the second number may break, as a major may.
        danger *= _BEFORE_ONE
    return max(1, danger // 2) if move.development else danger


def _flawed(flaws: Iterable[Flaw]) -> int:
    levels = sorted((_ADVISORY[flaw.level] for flaw in flaws), reverse=True)
    return levels[0] + sum(levels[1:]) // _FURTHER if levels else 0


def _gains(flaws: Mapping[str, Flaw], points: int, ends: date | None, today: date) -> Iterator[str]:
    if flaws:
        ordered = sorted(flaws.values(), key=lambda flaw: flaw.rank, reverse=True)
        shown = ", ".join(f"{plain(flaw.id)}{f' ({flaw.level})' if flaw.level else ''}" for flaw in ordered[:_NAMED])
        more = len(ordered) - _NAMED
        yield f"It mends {shown}{f' and {more} more' if more > 0 else ''}."
    if ends:
        days = (ends - today).days
        when = f"ends in {_days(days)}" if days > 0 else f"ended {_days(-days)} ago" if days else "ends today"
        yield f"What it leaves behind {when}, on {ends.isoformat()}."
    if points:
        yield f"What it mends counts {points} {'point' if points == 1 else 'points'} of debt (minutes of work)."


def _costs(moves: Sequence[Move], heat: int, danger: int) -> Iterator[str]:
    if heat:
        yield f"The files that use it changed {heat} {'time' if heat == 1 else 'times'} in the window."
    said = next((words for limit, words in _LIKELY if danger <= limit), "it may well break something")
    yield f"Risk {danger}: {said}{_why(moves)}."
    yield from dict.fromkeys(f"{plain(move.name)}: {plain(move.note, 300)}." for move in moves if move.note)


def _why(moves: Sequence[Move]) -> str:
    majors = sum(move.step == "major" for move in moves)
    if majors:
        return ", a major step" if majors == 1 else f", {majors} major steps"
    return ", for development only" if all(move.development for move in moves) else ""


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
