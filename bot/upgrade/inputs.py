"""What a pull request was made from, as a digest: where that is the same, nothing is made again to learn that it is.

What only the text tells, and what moves from day to day (points, ages, release notes), takes no part. Nor does what
registries answer to lock tools: a lock made of the same on a later day may hold newer packages, and is left in peace.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date

from analyzers.model.ecosystem import Ecosystem
from analyzers.model.snapshot import Snapshot
from bot import VERSION
from bot.ruleset import RULESET
from bot.upgrade.groups import Unit
from bot.upgrade.locks.locker import Locker
from bot.upgrade.model import Upgrade, Written
from bot.upgrade.write import given


def inputs(
    upgrade: Upgrade,
    units: Iterable[Unit],
    snapshot: Snapshot,
    worlds: Sequence[Ecosystem],
    locker: Locker,
    *,
    test_data: bool = False,
) -> str:
    """Return the digest for an upgrade of these units: what moves, its files, and all that lock tools are given.

    That holds their versions, or that they are not here. No tool makes anything.
    """
    told = [
        [VERSION, RULESET],
        [upgrade.id, upgrade.branch, upgrade.title, upgrade.kind],
        [
            [move.mark, move.name, move.current, move.target, move.kind, move.step, sorted(move.advisories)]
            for move in upgrade.moves
        ],
        [[unit.name, [[move.mark, move.target] for move in unit.moves]] for unit in units],
        given(upgrade, snapshot, worlds, locker, test_data=test_data),
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:20]


def accepted(digest: str, today: date) -> tuple[str, str]:
    """Return what a marker may say where nothing has to be made again today."""
    return digest, f"{digest}-{_week(today)}"


def kept(digest: str, written: Written, today: date) -> str:
    """Return what the marker is to say of an upgrade written today from inputs of this digest.

    What was refused is tried again in another week: packages that others bring in have new releases meanwhile. Where
    nobody answered a tool, that is with the next run.
    """
    if written.passes:
        return ""
    return accepted(digest, today)[1] if written.refused or written.problems else digest


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04}w{week:02}"
