"""From moves to pull requests: what is open, what waits and until when, what is left out, what nothing needs. Pure.

What is open stays open while anything of it is needed, whatever the limits and the schedule say: they hold back new
ones only. So a plan of the same facts, made again with its own outcome as what exists, is the same plan.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from analyzers.config import Upgrades
from analyzers.model.scheme import Step
from bot.upgrade import groups, names
from bot.upgrade.fitting import fitting
from bot.upgrade.groups import Group, Unit
from bot.upgrade.model import Existing, LeftOut, Move, Plan, Upgrade, Waiting, WaitReason
from bot.upgrade.policy import Policy
from bot.upgrade.schedule import Schedule
from bot.upgrade.spelling import versions
from bot.upgrade.worth import worth

_WEEK: Final = timedelta(days=7)
_STEPS: Final[Mapping[Step | None, int]] = MappingProxyType({None: 0, "patch": 1, "minor": 2, "major": 3})
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def plan(
    moves: Iterable[Move],
    left_out: Iterable[LeftOut],
    settings: Upgrades,
    existing: Sequence[Existing],
    now: datetime,
    withheld: Mapping[str, str] = NOTHING,
    *,
    costly: Mapping[str, str] = NOTHING,
    asked: Collection[str] = (),
) -> Plan:
    """Plan a repository's pull requests. ``now`` has a time zone. Raises ConfigError for a time zone nobody knows.

    ``withheld`` says why files below a folder (``.github/workflows/``) cannot be written: what touches them waits,
    takes no place, and is left as it is where it is open. ``costly`` says of upgrades, by id, why nobody would want
    to merge them: they wait as well, and take no place. ``asked`` are ids of upgrades and names
    that people want now: these are opened whatever they wait for, but for what is withheld.
    """
    policy = Policy(settings, existing, now, asked)
    kept, out = [], list(left_out)
    for move in moves:
        why = policy.left_out(move)
        if why:
            out.append(why)
        else:
            kept.append(move)
    going, later = _no_further_than_the_flaw(kept, settings)
    out.extend(later)
    later_on, ready = list[Waiting](), list[Group]()
    for group in groups.grouped(going, settings):
        goes, waits = _parted(group, policy, now)
        later_on += waits
        ready += [goes] if goes.units else []
    desk = _Desk(policy, Schedule.of(settings.schedule, settings.time_zone), withheld, costly)
    desk.held = {one.upgrade.branch for one in later_on} - {_branch(group, settings) for group in ready}
    for upgrade in sorted((_upgrade(group, settings, now) for group in ready), key=desk.turn):
        desk.put(upgrade)
    waiting = [*desk.waiting, *later_on]
    needed = {upgrade.branch for upgrade in (*desk.open, *(entry.upgrade for entry in waiting))}
    return Plan(
        open=tuple(sorted(desk.open, key=_order)),
        waiting=tuple(waiting),
        left_out=tuple(out),
        # One without an id is not known to be debtscan's, whatever its branch is called.
        obsolete=tuple(one for one in existing if one.state == "open" and one.id and one.branch not in needed),
    )


def _no_further_than_the_flaw(moves: Iterable[Move], settings: Upgrades) -> tuple[list[Move], list[LeftOut]]:
    """Return the moves without those that would make what mends a flaw a greater step than it has to be."""
    going: list[Move] = []
    later: list[LeftOut] = []
    for unit in groups.units(moves, settings):
        mending = [move for move in unit.moves if move.security]
        most = max((_STEPS[move.step] for move in mending), default=len(_STEPS))
        for move in unit.moves:
            if move.security or _STEPS[move.step] <= most:
                going.append(move)
                continue
            first = names.plain(mending[0].name)
            detail = f"{first} goes first, which mends a known vulnerability by a smaller step"
            later.append(
                LeftOut(name=move.name, target=move.target, reason="later", detail=detail, findings=move.findings)
            )
    return going, later


def _parted(group: Group, policy: Policy, now: datetime) -> tuple[Group, list[Waiting]]:
    """Return what of a group can go, and what waits for its age, for somebody's word, or for room."""
    settings, waiting = policy.settings, list[Waiting]()

    def is_asked_for(unit: Unit) -> bool:
        return policy.is_asked_for(unit.moves, unit.name, group.id)

    goes, young = _split(group.units, lambda unit: policy.is_too_young(unit.moves) and not is_asked_for(unit))
    if young:
        waiting.append(_young(_part(group, young), policy, settings, now))
    goes, unapproved = _split(
        goes, lambda unit: policy.needs_approval(unit.moves, unit.name) and not is_asked_for(unit)
    )
    waiting += (_unapproved(unit, settings, now) for unit in unapproved)
    branch, today = _branch(group, settings), now.date()
    goes, rest = fitting(goes, settings.group_limit, branch, policy.existing, today, is_asked_for)
    if rest:
        upgrade = _upgrade(_part(group, rest), settings, now)
        first, limit = _things(goes), settings.group_limit
        why = "by worth" if first <= limit else "since they cannot be parted"
        detail = f"its group is full: {first} of {first + _things(rest)} go first, {why}, and group-limit is {limit}"
        waiting.append(Waiting(upgrade=upgrade, reason="limit-group", detail=detail))
    return _part(group, goes), waiting


_Units = tuple[Unit, ...]


def _split(units: _Units, is_held: Callable[[Unit], bool]) -> tuple[_Units, _Units]:
    held = tuple(unit for unit in units if is_held(unit))
    return tuple(unit for unit in units if unit not in held), held


def _things(units: _Units) -> int:
    """Return how many packages, images and actions move: what group-limit counts, and titles tell."""
    return len({move.key for unit in units for move in unit.moves})


def _part(group: Group, members: _Units) -> Group:
    """Return a part of a group, with the reasons of the whole and of its own members alone."""
    told = {reason for unit in members for reason in unit.reasons}
    others = {reason for unit in group.units for reason in unit.reasons} - told
    return Group(group.id, members, group.subject, tuple(why for why in group.reasons if why not in others))


def _upgrade(group: Group, settings: Upgrades, now: datetime) -> Upgrade:
    moves = group.moves
    return Upgrade(
        id=group.id,
        branch=_branch(group, settings),
        title=names.title(moves, group.subject),
        moves=moves,
        kind=groups.kind_of(moves),
        worth=worth(moves, now.date()),
        reasons=group.reasons,
    )


def _branch(group: Group, settings: Upgrades) -> str:
    return names.branch(settings.branch_prefix, group.id)


def _order(upgrade: Upgrade) -> tuple[bool, float, str]:
    return not upgrade.security, -upgrade.worth.total, upgrade.id


def _young(group: Group, policy: Policy, settings: Upgrades, now: datetime) -> Waiting:
    upgrade = _upgrade(group, settings, now)
    young = [move for move in upgrade.moves if policy.is_young(move)]
    day = policy.old_enough(young)
    who = ", ".join(f"{names.plain(move.name)} {names.plain(versions(move).target)}" for move in young[:3])
    more = f" and {len(young) - 3} more" if len(young) > 3 else ""  # noqa: PLR2004 - as many as are shown
    detail = f"{who}{more}: younger than {settings.minimum_release_age_days} days until {day.isoformat()}"
    until = datetime.combine(day, time(), now.tzinfo)
    return Waiting(upgrade=upgrade, reason="too-young", detail=detail, until=until)


def _unapproved(unit: Unit, settings: Upgrades, now: datetime) -> Waiting:
    # By an id of its own, whatever group it will be in: one says yes to what cannot be parted.
    upgrade = _upgrade(Group(unit.name, (unit,), reasons=unit.reasons), settings, now)
    detail = f'it needs approval: name "{unit.name}" in [upgrades] approved'
    return Waiting(upgrade=upgrade, reason="needs-approval", detail=detail)


def _is_major(upgrade: Upgrade) -> bool:
    return any(move.step == "major" for move in upgrade.moves)


_Hindrance = tuple[WaitReason, str, datetime | None]


@dataclass
class _Desk:
    """What has been decided while upgrades are put on it: first those that are open, then new ones in order of worth.

    `held` are the branches of which everything is too young now, or withheld: a pull request of theirs stays as it is.
    """

    policy: Policy
    schedule: Schedule
    withheld: Mapping[str, str]
    costly: Mapping[str, str]
    open: list[Upgrade] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    _new: int = 0

    @property
    def settings(self) -> Upgrades:
        return self.policy.settings

    @property
    def existing(self) -> Sequence[Existing]:
        return self.policy.existing

    @property
    def now(self) -> datetime:
        return self.policy.now

    def turn(self, upgrade: Upgrade) -> tuple[bool, tuple[bool, float, str]]:
        """Return what sorts upgrades in the order in which they are put."""
        return not self._is_open(upgrade.branch), _order(upgrade)

    def put(self, upgrade: Upgrade) -> None:
        """Open an upgrade, or let it wait."""
        why = self._withheld(upgrade)
        if why:
            if not upgrade.security:
                self.held.add(upgrade.branch)
            self.waiting.append(Waiting(upgrade=upgrade, reason="withheld", detail=why))
            return
        if self._is_open(upgrade.branch):
            self.open.append(upgrade)
            return
        is_free = upgrade.security or self.policy.is_asked_for(upgrade.moves, upgrade.id)
        hindrance = None if is_free else self._unwanted(upgrade) or self._hindrance(upgrade)
        if hindrance is None:
            self.open.append(upgrade)
            self._new += not upgrade.security
        else:
            reason, detail, until = hindrance
            self.waiting.append(Waiting(upgrade=upgrade, reason=reason, detail=detail, until=until))

    def _withheld(self, upgrade: Upgrade) -> str | None:
        touched = upgrade.files
        return next(
            (why for folder, why in self.withheld.items() if any(one.startswith(folder) for one in touched)), None
        )

    def _unwanted(self, upgrade: Upgrade) -> _Hindrance | None:
        """Return why it waits whenever it is; None where a day can come."""
        if self.settings.majors == "never" and _is_major(upgrade):
            return "not-enabled", "[upgrades] majors is never", None
        if upgrade.id in self.costly:
            return "costs-points", self.costly[upgrade.id], None
        return None

    def _hindrance(self, upgrade: Upgrade) -> _Hindrance | None:
        settings = self.settings
        majors = _is_major(upgrade)
        opening = self.schedule.next_opening(self.now)
        if opening or not self.schedule.is_open(self.now):
            when = f"the schedule opens {self.schedule.tell(opening)}" if opening else "the schedule never opens"
            return "schedule", when, opening
        if self._open_now() >= settings.open_limit:
            return "limit-open", f"{self._open_now()} are open, and open-limit is {settings.open_limit}", None
        if majors and self._majors() >= settings.major_limit:
            return "major-waits", f"{self._majors()} majors are open, and major-limit is {settings.major_limit}", None
        recent = self._recent()
        if len(recent) >= settings.weekly_limit:
            until = recent[-settings.weekly_limit] + _WEEK if settings.weekly_limit else None
            return "limit-week", f"{len(recent)} are new this week, and weekly-limit is {settings.weekly_limit}", until
        return None

    def _is_open(self, branch: str) -> bool:
        return any(one.state == "open" and one.branch == branch for one in self.existing)

    def _open_now(self) -> int:
        return sum(not one.security for one in self.open) + sum(self._is_open(one) for one in self.held)

    def _majors(self) -> int:
        return sum(_is_major(one) and not one.security for one in self.open)

    def _recent(self) -> list[datetime]:
        """Return when the pull requests of the last seven days were opened, those of now last."""
        since, secure = self.now - _WEEK, {one.branch for one in self.open if one.security}
        counted = (one for one in self.existing if not one.security and one.branch not in secure)
        opened = sorted(one.opened for one in counted if one.opened > since)
        return [*opened, *[self.now] * self._new]
