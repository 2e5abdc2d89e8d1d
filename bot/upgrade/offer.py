"""What can be upgraded in a work tree, one choice for each thing that moves alone, and what names mean. Pure.

Here nothing is opened, so nothing has to wait for a turn: limits and schedules do not count. Age, and what people
ignore or deny, do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from analyzers.config import Upgrades
from analyzers.model.finding import Finding
from bot.name_patterns import matches
from bot.upgrade import groups, names
from bot.upgrade.model import Kind, LeftOut, Move, Upgrade, Waiting
from bot.upgrade.plan import plan
from bot.upgrade.policy import names_of
from bot.upgrade.worth import worth

_NO_LIMIT: Final = 1_000_000
_OWN_GROUP: Final = "group-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Moves that cannot be parted, as an `upgrade` of their own, and the `group` that they are planned in.

    `is_safe` says that no breaking change is expected. `held` says why a plan would not open it ("" where it would):
    only a name takes it.
    """

    upgrade: Upgrade
    group: str
    is_safe: bool
    held: str = ""

    @property
    def moves(self) -> tuple[Move, ...]:
        """What moves."""
        return self.upgrade.moves

    @property
    def is_default(self) -> bool:
        """Whether it is taken where nobody says what."""
        return self.is_safe and not self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """All `choices` in order of worth, and what is none: too young, ignored, denied, without an edit, a later step."""

    choices: tuple[Choice, ...]
    waiting: tuple[Waiting, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What names mean: the `choices`, and (name, why nothing is done for it) for the others."""

    choices: tuple[Choice, ...]
    missing: tuple[tuple[str, str], ...] = ()


def offer(moves: Iterable[Move], left_out: Iterable[LeftOut], settings: Upgrades, now: datetime) -> Offer:
    """Return what can be upgraded, from the moves of a scan. Raises ConfigError."""
    free = msgspec.structs.replace(
        settings,
        open_limit=_NO_LIMIT,
        weekly_limit=_NO_LIMIT,
        major_limit=_NO_LIMIT,
        group_limit=_NO_LIMIT,
        schedule=(),
    )
    made = plan(moves, left_out, free, (), now)
    opened = [(upgrade, "") for upgrade in made.open]
    held = [(one.upgrade, one.detail) for one in made.waiting if one.reason != "too-young"]
    choices = [
        _choice(unit, upgrade, settings, now, why)
        for upgrade, why in (*opened, *held)
        for unit in groups.units(upgrade.moves, settings)
    ]
    return Offer(
        choices=tuple(sorted(choices, key=_order)),
        waiting=tuple(one for one in made.waiting if one.reason == "too-young"),
        left_out=made.left_out,
    )


def together(choices: Sequence[Choice], now: datetime) -> Upgrade:
    """Return all that was chosen as one upgrade, to be written at once."""
    chosen = tuple(move for choice in choices for move in choice.moves)
    return Upgrade(
        id="work-tree",
        branch="",
        title=names.title(chosen) if chosen else "",
        moves=chosen,
        kind=groups.kind_of(chosen) if chosen else "patch",
        worth=worth(chosen, now.date()),
    )


def take(offered: Offer, wanted: Iterable[str], findings: Sequence[Finding]) -> Taken:
    """Return what is meant by names of packages, images, actions, charts, planned groups; ``*`` stands for any text."""
    chosen: dict[int, None] = {}
    missing: list[tuple[str, str]] = []
    for name in wanted:
        found = [index for index, choice in enumerate(offered.choices) if _is_called(choice, name)]
        chosen.update(dict.fromkeys(found))
        missing += [(name, why) for why in ([] if found else _absence(offered, name, findings))]
    return Taken(choices=tuple(offered.choices[index] for index in sorted(chosen)), missing=tuple(missing))


def is_named(move: Move, name: str) -> bool:
    """Return whether a move is called so: as written, as its registry spells it, or with its ecosystem before it."""
    return any(matches(known, name) for known in (*names_of(move), move.mark))


def _choice(unit: groups.Unit, upgrade: Upgrade, settings: Upgrades, now: datetime, held: str) -> Choice:
    alone = Upgrade(
        id=unit.name,
        branch=names.branch(settings.branch_prefix, unit.name),
        title=names.title(unit.moves),
        moves=unit.moves,
        kind=unit.kind,
        worth=worth(unit.moves, now.date()),
        reasons=unit.reasons,
    )
    return Choice(upgrade=alone, group=upgrade.id, is_safe=all(map(_is_safe, unit.moves)), held=held)


def _is_safe(move: Move) -> bool:
    kind: Kind | None = move.kind if move.kind != "security" else move.step
    if kind in {"pin", "digest", "patch"}:
        return True
    # Below 1.0 a step of the second number may break; that a flaw goes with it is worth the risk.
    early = (move.current or "").removeprefix("v").startswith("0.")
    return kind == "minor" and (move.security or not early)


def _order(choice: Choice) -> tuple[bool, float, str]:
    return not choice.upgrade.security, -choice.upgrade.worth.total, choice.upgrade.id


def _is_called(choice: Choice, name: str) -> bool:
    ids = (choice.upgrade.id, choice.group, choice.group.removeprefix(_OWN_GROUP))
    return name.lower() in ids or any(is_named(move, name) for move in choice.moves)


def _absence(offered: Offer, name: str, findings: Sequence[Finding]) -> list[str]:
    """Return why nothing is upgraded for a name."""
    young = [
        one.detail
        for one in offered.waiting
        if name.lower() == one.upgrade.id or any(is_named(move, name) for move in one.upgrade.moves)
    ]
    out = [f"{one.target or 'it'}: {one.detail}" for one in offered.left_out if set(_names(one)) & {name.lower()}]
    if young or out:
        return list(dict.fromkeys((*young, *out)))
    judged = any(name.lower() in {finding.subject.name.lower(), finding.key.name.lower()} for finding in findings)
    return ["there is no ready fix" if judged else "nothing was found that names it"]


def _names(one: LeftOut) -> Iterator[str]:
    yield one.name.lower()
    yield from (finding.key.name.lower() for finding in one.findings)
