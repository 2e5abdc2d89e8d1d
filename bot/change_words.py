"""The change of a score in words, as reports and posts show it: plain text, with figures that sum as they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot import score, wording
from bot.change import Change
from bot.change_items import PARTS, How, Item, Part

_TENTHS: Final = 10
_SAID: Final[Mapping[tuple[How, Part], str]] = {
    ("came", "own"): "new: ",
    ("went", "own"): "mended: ",
    ("went", "world"): "no longer so: ",
}
_SAID_OF_ANY: Final[Mapping[How, str]] = {
    "heavier": "weighs more: ",
    "lighter": "weighs less: ",
    "accepted": "accepted: ",
    "exposed": "no longer accepted: ",
    "unknown": "cannot be judged any more: ",
    "known": "could not be judged before: ",
}


def headline(change: Change) -> str:
    """Return ``−1.4 since 2026-11-19: own +0.3, world −1.7, rules 0``."""
    grades = f", {change.grade_before} to {change.grade_after}," if change.grade_before != change.grade_after else ""
    whole, parts = figures(change)
    moved = f"{whole}{grades}" if change.score else "unchanged"
    since = f"{moved} since {change.since.as_of}"
    if change.unsplit:
        return f"{since}, not split: {change.unsplit}"
    if not change.items:
        return since
    return f"{since}: {', '.join(f'{part} {parts[part]}' for part in PARTS)}"


def figures(change: Change) -> tuple[str, Mapping[Part, str]]:
    """Return the change between the two scores as they are shown, and its parts, which sum to it as shown."""
    exact = (change.own, change.world, change.rules)
    tenths = wording.tenths(change.score_after) - wording.tenths(change.score_before)
    shown = score.rounded([part * _TENTHS for part in exact], 0 if change.unsplit else tenths)
    parts = {part: _signed(shown[index], exact[index]) for index, part in enumerate(PARTS)}
    return _signed(tenths, change.score), parts


def signed(value: float) -> str:
    """Return a difference of scores with its sign; one too small to show is ``< +0.1`` or ``> −0.1``, never ``0``."""
    return _signed(round(value * _TENTHS), value)


def points(item: Item) -> str:
    """Return the points of debt that an item adds or takes away: ``+20``, ``−1,440``, ``0``."""
    sign = "+" if item.points > 0 else "−" if item.points else ""
    return f"{sign}{abs(item.points):,}"


def sentence(item: Item) -> str:
    """Return what an item says: ``mended: flask 3.0.0 has a known vulnerability``. Holds names of strangers."""
    said = _SAID.get((item.how, item.part)) or _SAID_OF_ANY.get(item.how, "")
    since = f", since {item.since}" if item.since else ""
    return f"{said}{item.title}{since}"


def largest(change: Change) -> Sequence[Item]:
    """Return all items, whatever their part, in the order in which they matter."""
    return sorted(change.items, key=lambda item: (-abs(item.score), -abs(item.points)))


def _signed(tenths: int, exact: float) -> str:
    if tenths:
        return f"{'+' if tenths > 0 else '−'}{abs(tenths) / _TENTHS:.1f}"
    if exact:
        return "< +0.1" if exact > 0 else "> −0.1"
    return "0"
