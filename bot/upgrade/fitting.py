"""How much of a group one pull request holds: what is on it already, then what is worth most; the rest follows. Pure.

A group keeps one branch however large it is. What a pull request holds stays on it while more is found, and what
leaves it makes room for the next in order: nothing else moves. So it is read once, and reviewed in parts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from bot.upgrade.groups import Unit
from bot.upgrade.model import Existing
from bot.upgrade.worth import worth


def fitting(
    units: Sequence[Unit],
    limit: int,
    branch: str,
    existing: Sequence[Existing],
    today: date,
    is_asked_for: Callable[[Unit], bool] = lambda _unit: False,
) -> tuple[tuple[Unit, ...], tuple[Unit, ...]]:
    """Return what goes now, and what has to wait until that is merged; each in the order of ``units``.

    ``limit`` counts packages, images and actions. What cannot be parted goes as a whole: alone, where it is larger.
    What mends a known vulnerability does not wait, nor does what people want now.
    """
    held = {mark for one in existing if one.state == "open" and one.branch == branch for mark in one.targets}

    def order(unit: Unit) -> tuple[bool, bool, float, str]:
        is_held = any(move.mark in held for move in unit.moves)
        return unit.kind != "security", not is_held, -worth(unit.moves, today).total, unit.name

    taken: set[str] = set()
    room = limit
    for unit in sorted(units, key=order):
        size = len({move.key for move in unit.moves})
        if unit.kind == "security" or size <= room or not taken or is_asked_for(unit):
            taken.add(unit.name)
            room -= size
    goes = tuple(unit for unit in units if unit.name in taken)
    return goes, tuple(unit for unit in units if unit.name not in taken)
