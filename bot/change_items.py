"""What moved the score between two judgements: what came, went or weighs otherwise, and what else. Pure.

The items of one part sum to it exactly, in points and in score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from analyzers.model.finding import Finding
from analyzers.model.subject import SubjectKey
from analyzers.scan import ScanResult
from bot import score
from bot.ruleset import RULESET
from bot.store.model import Entry
from bot.weighed import Weighed, priced, weighed

Part = Literal["own", "world", "rules"]
PARTS: tuple[Part, ...] = ("own", "world", "rules")
How = Literal[
    "came",
    "went",
    "heavier",
    "lighter",
    # An ignore covers it now, or none does any more.
    "accepted",
    "exposed",
    # It cannot be judged any more, or could not be judged before.
    "unknown",
    "known",
    # No finding: a group as a whole, the size of the code, the formula.
    "group",
    "size",
    "formula",
]

# Keys of `Finding.details` that hold the day from which on a finding is one.
_DAYS = ("released", "end_of_life", "forced_on", "removed", "deprecated", "since")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One cause of a change. More `points` of debt are less `score`: their signs are opposite.

    `title` is a line of plain text that may hold names of the repository or of a registry. `path`, `rule` and
    `fingerprint` are empty where it is no finding. `since` is the day between the two judgements on which the world
    changed, where the finding names it.
    """

    part: Part
    how: How
    title: str
    points: int
    score: float
    path: str = ""
    rule: str = ""
    fingerprint: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class _Standing:
    """What a score is made of: `units` is the score itself, in units of 1/10,000."""

    points: int
    size: float
    units: int


@dataclass(frozen=True, slots=True)
class _Side:
    """One judgement: what was set aside, and what could not be judged with the source that gave no answer."""

    as_of: date
    ignored: frozenset[tuple[str, str, str]]
    unknown: frozenset[tuple[SubjectKey, str]]

    @classmethod
    def of(cls, result: ScanResult) -> _Side:
        ignored = frozenset(_name(entry.finding) for entry in result.ignored)
        named = ((entry, score.unknown_subjects([entry])) for entry in result.skipped)
        return cls(result.as_of, ignored, frozenset((key, entry.source) for entry, keys in named for key in keys))

    def unknown_about(self, finding: Finding) -> set[tuple[SubjectKey, str]]:
        """Return why a finding could be missed: its subject, its file or its rule."""
        keys = {finding.key, SubjectKey("file", finding.path), SubjectKey("rule", finding.rule)}
        return {pair for pair in self.unknown if pair[0] in keys}


def between(part: Part, before: ScanResult, after: ScanResult) -> tuple[Item, ...]:
    """Return what lies between two judgements under the same rules, the largest first."""
    sides = _Side.of(before), _Side.of(after)
    changed = _moved_aside(weighed(priced(before.findings), priced(after.findings)))
    found = [_of_finding(part, one, *sides) for one in changed]
    return _finished(found, part, _standing(before), _standing(after))


def under_rules(since: Entry, after: ScanResult) -> tuple[Item, ...]:
    """Return what the rules of today make of what ``since`` was judged from; an entry keeps its groups only."""
    now, old, new = _standing(after), Counter[str](), _by_group(after.findings)
    for group in since.groups:
        old[group.group] = group.points
    found = [
        Item(
            part="rules",
            how="group",
            title=f"{group}: {new[group]:,} points in place of {old[group]:,}",
            points=new[group] - old[group],
            score=0.0,
        )
        for group in sorted({*old, *new})
    ]
    # The stored size is rounded: where it is the same, so is the score that follows from it.
    size = now.size if round(now.size, 4) == since.size else since.size
    return _finished(found, "rules", _Standing(since.points, size, round(since.score * score.UNIT)), now)


def points_of(result: ScanResult) -> int:
    """Return the points of a judgement."""
    return score.total_points(result.findings)


def score_of(result: ScanResult) -> float:
    """Return the score of a judgement."""
    return _standing(result).units / score.UNIT


def _standing(result: ScanResult) -> _Standing:
    points, size = points_of(result), score.size(result.inventory.sources)
    return _Standing(points, size, score.score_units(points, size))


def _by_group(findings: Sequence[Finding]) -> Counter[str]:
    found: Counter[str] = Counter()
    for finding, price in zip(findings, score.price(findings), strict=True):
        found[finding.group] += price.points
    return found


def _moved_aside(changed: Iterable[Weighed]) -> tuple[Weighed, ...]:
    """Return these without what only stands in another file now: it went in one place and came in another."""
    listed = tuple(changed)
    pairs = Counter(map(_alike, (one for one in listed if not one.after)))
    pairs &= Counter(map(_alike, (one for one in listed if not one.before)))
    left = {False: Counter(pairs), True: Counter(pairs)}
    return tuple(one for one in listed if (one.before and one.after) or not _taken(left[not one.before], _alike(one)))


def _alike(one: Weighed) -> tuple[str, str, int]:
    return one.finding.rule, one.finding.identity, one.before + one.after


def _taken(left: Counter[tuple[str, str, int]], name: tuple[str, str, int]) -> bool:
    there = left[name] > 0
    left[name] -= there
    return there


def _of_finding(part: Part, one: Weighed, before: _Side, after: _Side) -> Item:
    finding = one.finding
    day = _day_between(finding, before.as_of, after.as_of) if one.after else None
    return Item(
        part=part,
        how=_how(one, day, before, after) if one.after else _how_gone(finding, before, after),
        title=finding.title,
        points=one.after - one.before,
        score=0.0,
        path=finding.path,
        rule=finding.rule,
        fingerprint=one.fingerprint,
        since=day if day and day.isoformat() not in finding.title else None,
    )


def _how(one: Weighed, day: date | None, before: _Side, after: _Side) -> How:
    if one.before:
        return "heavier" if one.after > one.before else "lighter"
    if _name(one.finding) in before.ignored:
        return "exposed"
    # What the world brought meanwhile was not overlooked before, whatever else had no answer then.
    was_unknown = not day and before.unknown_about(one.finding) - after.unknown_about(one.finding)
    return "known" if was_unknown else "came"


def _how_gone(finding: Finding, before: _Side, after: _Side) -> How:
    if _name(finding) in after.ignored:
        return "accepted"
    return "unknown" if after.unknown_about(finding) - before.unknown_about(finding) else "went"


def _name(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.path, finding.identity


def _day_between(finding: Finding, first: date, last: date) -> date | None:
    """Return the newest day after ``first`` and up to ``last`` that the finding names."""
    days = [day for key in _DAYS if (day := _day(finding.details, key))]
    days.extend(flaw.published for flaw in finding.flaws if flaw.published)
    return max((day for day in days if first < day <= last), default=None)


def _day(details: Mapping[str, object], key: str) -> date | None:
    value = details.get(key)
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _finished(found: Iterable[Item], part: Part, before: _Standing, after: _Standing) -> tuple[Item, ...]:
    """Return the items with their scores, and those that are no finding."""
    items = sorted((item for item in found if item.points), key=_largest_first)
    same_size = score.score_units(after.points, before.size)
    old_formula = score.score_units(before.points, before.size)
    each = score.slope(before.points, after.points, before.size)
    lost = score.rounded([item.points * each for item in items], same_size - old_formula)
    scored = [replace(item, score=units / score.UNIT) for item, units in zip(items, lost, strict=True)]
    scored.extend(_others(part, before, after, old_formula - before.units, after.units - same_size))
    return tuple(sorted(scored, key=_largest_first))


def _others(part: Part, before: _Standing, after: _Standing, by_formula: int, by_size: int) -> Iterator[Item]:
    if by_formula:
        title = f"the formula of ruleset {RULESET} on the same points"
        yield Item(part=part, how="formula", title=title, points=0, score=by_formula / score.UNIT)
    if by_size:
        title = f"the code counts with size {after.size:.2f} in place of {before.size:.2f}"
        yield Item(part=part, how="size", title=title, points=0, score=by_size / score.UNIT)


def _largest_first(item: Item) -> tuple[int, float, str, str, str]:
    return -abs(item.points), -abs(item.score), item.path, item.title, item.fingerprint
