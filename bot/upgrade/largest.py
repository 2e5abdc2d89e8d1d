"""A group as files: all of it, or without the members that its locks do not take. One bad member blocks nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from analyzers.config import Upgrades
from analyzers.model.ecosystem import Ecosystem
from analyzers.model.snapshot import Snapshot
from bot.upgrade import groups, names
from bot.upgrade.attempt import Attempts, Dropped
from bot.upgrade.locks.locker import Locker
from bot.upgrade.model import LeftOut, Move, Upgrade, Written
from bot.upgrade.offer import Choice
from bot.upgrade.worth import worth
from bot.upgrade.write import write


def largest(
    upgrade: Upgrade,
    snapshot: Snapshot,
    worlds: Sequence[Ecosystem],
    locker: Locker,
    settings: Upgrades,
    now: datetime,
    *,
    test_data: bool = False,
) -> Written:
    """Return the upgrade as files. Where a lock cannot be made with all members, those it does not take are left out.

    Where nothing can be made of it, the whole comes back with its problem.
    """
    attempts = Attempts(snapshot=snapshot, worlds=worlds, locker=locker, now=now, test_data=test_data)
    found = attempts.of([_choice(upgrade, unit.moves) for unit in groups.units(upgrade.moves, settings)])
    dropped = frozenset(id(move) for one in found.dropped for move in one.choice.moves)
    kept = tuple(move for move in upgrade.moves if id(move) not in dropped)
    # What the search found out of the locks is known to the locker.
    if not kept or not dropped:
        whole = write(upgrade, snapshot, worlds, locker, test_data=test_data)
        return replace(whole, passes=found.passes)
    part = write(_of(upgrade, kept, settings, now), snapshot, worlds, locker, test_data=test_data)
    return replace(part, refused=(*part.refused, *_left_out(found.dropped)), passes=found.passes)


def _choice(upgrade: Upgrade, moves: tuple[Move, ...]) -> Choice:
    return Choice(upgrade=replace(upgrade, moves=moves), group=upgrade.id, is_safe=True)


def _of(upgrade: Upgrade, moves: tuple[Move, ...], settings: Upgrades, now: datetime) -> Upgrade:
    """Return the upgrade with these moves: worth and reasons are theirs, and a title that counts them."""
    title = names.title(moves) if upgrade.title == names.title(upgrade.moves) else upgrade.title
    others = _reasons(upgrade.moves, settings) - _reasons(moves, settings)
    reasons = tuple(why for why in upgrade.reasons if why not in others)
    return replace(upgrade, moves=moves, title=title, reasons=reasons, worth=worth(moves, now.date()))


def _reasons(moves: tuple[Move, ...], settings: Upgrades) -> set[str]:
    return {reason for unit in groups.units(moves, settings) for reason in unit.reasons}


def _left_out(dropped: Iterable[Dropped]) -> Iterable[LeftOut]:
    for one in dropped:
        what = f"{one.lock} cannot be made anew with it: {one.why}" if one.lock else one.why
        for move in one.choice.moves:
            yield LeftOut(name=move.name, target=move.target, reason="refused", detail=what, findings=move.findings)
