"""Which moves share a pull request, and why. Pure; the same moves give the same groups, in any order.

First what cannot be parted: one thing in several variants, a family, one source repository, a lock whose tool moves
all of it. Of these units each that mends a flaw goes alone; then the groups that people made; then one group an
ecosystem for the small steps, so that what is opened by default is few and calm; the rest alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from analyzers.config import UpgradeGroup, Upgrades
from bot.name_patterns import matches_any
from bot.upgrade import names
from bot.upgrade.model import Kind, Move
from bot.upgrade.policy import names_of

_ORDER: Final[tuple[Kind, ...]] = ("pin", "digest", "patch", "minor", "major", "replace", "security")
_TIERS: Final[dict[Kind, str]] = {"pin": "pins", "digest": "pins", "patch": "minor", "minor": "minor"}
# Lockfiles whose tool moves all that the constraints admit, whatever is asked for.
_ALL_AT_ONCE: Final = {".terraform.lock.hcl": "terraform init -upgrade moves every provider of a lockfile at once"}
_WORLDS: Final = {
    "pypi": "Python packages",
    "npm": "npm packages",
    "docker": "images",
    "githubactions": "actions",
    "terraform": "Terraform modules and providers",
    "helm": "charts",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """Moves that cannot be parted. `name` is what its id is made of, `reasons` why they are one."""

    name: str
    moves: tuple[Move, ...]
    reasons: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """The riskiest of its moves; security, where one of them mends a flaw."""
        return kind_of(self.moves)

    @property
    def ecosystem(self) -> str:
        """That of all its moves."""
        return self.moves[0].key.ecosystem


@dataclass(frozen=True, slots=True)
class Group:
    """Units that share a pull request. `subject` names it in titles, "" for what its members name."""

    id: str
    units: tuple[Unit, ...]
    subject: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def moves(self) -> tuple[Move, ...]:
        """All its moves, sorted."""
        return tuple(sorted((move for unit in self.units for move in unit.moves), key=_place))


def kind_of(moves: Iterable[Move]) -> Kind:
    """Return the riskiest kind."""
    return max((move.kind for move in moves), key=_ORDER.index)


def grouped(moves: Iterable[Move], settings: Upgrades) -> tuple[Group, ...]:
    """Return the groups, each move in exactly one, sorted by id."""
    found: dict[str, list[Unit]] = defaultdict(list)
    about: dict[str, tuple[str, tuple[str, ...]]] = {}
    for unit in units(moves, settings):
        group_id, subject, reasons = _group_of(unit, settings)
        found[group_id].append(unit)
        about[group_id] = subject, reasons
    return tuple(
        Group(group_id, tuple(found[group_id]), about[group_id][0], _told(found[group_id], about[group_id][1]))
        for group_id in sorted(found)
    )


def _told(members: Sequence[Unit], reasons: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*reasons, *(reason for unit in members for reason in unit.reasons))))


def units(moves: Iterable[Move], settings: Upgrades) -> tuple[Unit, ...]:
    """Return what cannot be parted, sorted by name."""
    joined = _Joined(sorted(moves, key=_place))
    for move in joined.moves:
        joined.join(move, f"subject {move.key.ecosystem} {move.key.name}")
        if settings.families and move.family:
            joined.join(move, f"family {move.key.ecosystem} {move.family}")
        for lock in move.locks:
            if lock.rpartition("/")[2] in _ALL_AT_ONCE:
                joined.join(move, f"lock {lock}")
    return tuple(sorted((_unit(members, settings) for members in joined.sets()), key=lambda unit: unit.name))


class _Joined:
    """Sets of moves that share a mark with one another, directly or over others."""

    def __init__(self, moves: Sequence[Move]) -> None:
        self.moves = moves
        self._above = {id(move): id(move) for move in moves}
        self._marks: dict[str, int] = {}

    def join(self, move: Move, mark: str) -> None:
        """Put a move into one set with all that have the mark."""
        first = self._marks.setdefault(mark, id(move))
        self._above[self._top(id(move))] = self._top(first)

    def sets(self) -> Iterable[tuple[Move, ...]]:
        """Return the sets, the moves of each in order."""
        found: dict[int, list[Move]] = defaultdict(list)
        for move in self.moves:
            found[self._top(id(move))].append(move)
        return [tuple(members) for members in found.values()]

    def _top(self, at: int) -> int:
        while self._above[at] != at:
            self._above[at] = self._above[self._above[at]]
            at = self._above[at]
        return at


def _unit(members: tuple[Move, ...], settings: Upgrades) -> Unit:
    families = {move.family: move.family_reason for move in members if move.family and settings.families}
    ecosystem = members[0].key.ecosystem
    line = max((move.line for move in members), key=names.line_key)
    reasons = []
    if len(members) > 1:
        reasons = [f"They move together: {reason}." for _, reason in sorted(families.items()) if reason]
        reasons += [f"They move together: {why}." for why in _shared_locks(members)]
        if len({move.key for move in members}) < len(members):
            reasons.append("One thing in several variants is one change.")
    if families:
        return Unit(names.package_id(ecosystem, min(families), line), members, tuple(reasons))
    subjects = sorted({move.key.name for move in members})
    name = subjects[0] if len(subjects) == 1 else "lock"
    where = "" if len(subjects) == 1 else min(lock for move in members for lock in move.locks)
    if where:
        return Unit(names.package_id(ecosystem, f"{name}-{names.short_hash(where)}", ""), members, tuple(reasons))
    return Unit(names.package_id(ecosystem, name, line), members, tuple(reasons))


def _shared_locks(members: Iterable[Move]) -> list[str]:
    found = {lock.rpartition("/")[2] for move in members for lock in move.locks}
    return [_ALL_AT_ONCE[name] for name in sorted(found) if name in _ALL_AT_ONCE]


def _group_of(unit: Unit, settings: Upgrades) -> tuple[str, str, tuple[str, ...]]:
    """Return the id of a unit's group, its subject, and the reason."""
    kind, ecosystem = unit.kind, unit.ecosystem
    what = _WORLDS.get(ecosystem, "dependencies")
    if kind == "security":
        if all(move.indirect for move in unit.moves):
            return (
                f"{names.slug(ecosystem)}-security-indirect",
                "",
                ("What other packages bring in is mended in the lockfile alone, all at once.",),
            )
        return unit.name, "", ("What mends a known vulnerability goes apart, and before the rest.",)
    for group in settings.group:
        if _takes(group, unit):
            return f"group-{group.name}", group.name, (f"[[upgrades.group]] {group.name} says so.",)
    if kind in settings.group_kinds:
        tier = _TIERS.get(kind, kind)
        steps = "that only write down what is used already" if tier == "pins" else f"of small steps ({tier} or less)"
        if tier not in {"pins", "minor"}:
            steps = f"of kind {kind}"
        return f"{names.slug(ecosystem)}-{tier}", "", (f"All {what} {steps} share one pull request.",)
    alone = f"A {kind} step goes alone, so that its outcome is its own." if len(unit.moves) == 1 else ""
    return unit.name, "", (alone,) if alone else ()


def _takes(group: UpgradeGroup, unit: Unit) -> bool:
    if unit.kind not in group.kinds or (group.ecosystems and unit.ecosystem not in group.ecosystems):
        return False
    return any(_named(group, move) for move in unit.moves)


def _named(group: UpgradeGroup, move: Move) -> bool:
    known = names_of(move)
    return any(matches_any(name, group.match) for name in known) and not any(
        matches_any(name, group.exclude) for name in known
    )


def _place(move: Move) -> tuple[str, str, str, str]:
    return move.key.ecosystem, move.key.name, move.target, move.name
