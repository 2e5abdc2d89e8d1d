"""What has ended or ends soon, by its day: from the findings that say so. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from analyzers.model.finding import Finding
from bot import wording
from bot.scorecard import Charged, Report

_MAX_PLACES = 3
# Keys of `Finding.details` that hold the day on which support of something stops, in the order of preference.
_ENDS = ("end_of_life", "ends", "removed", "retired", "forced_on", "since")


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One thing whose support ended or ends on a day, with every finding that says so."""

    day: date
    days: int
    title: str
    places: tuple[Charged, ...]
    more: int

    @property
    def when(self) -> str:
        """How far away that day is, in words."""
        return when(self.days)


def when(days: int) -> str:
    """Return how far away a last day is, in words."""
    if days == 0:
        return "today is its last day"
    far = wording.span(abs(days))
    return f"{far} ago" if days < 0 else f"in {far}"


def ends_of(report: Report) -> tuple[End, ...]:
    """Return what has ended or ends soon, the longest ended first."""
    found: dict[tuple[date, str], list[Charged]] = defaultdict(list)
    for charged in report.findings:
        day = day_of(charged.finding)
        if day is not None:
            found[day, _what_ends(charged.finding).casefold()].append(charged)
    return tuple(
        End(
            day=day,
            days=(day - report.as_of).days,
            title=_what_ends(places[0].finding),
            places=tuple(places[:_MAX_PLACES]),
            more=len(places) - _MAX_PLACES,
        )
        for (day, _), places in sorted(found.items())
    )


def day_of(finding: Finding) -> date | None:
    """Return the day on which support of what a finding is about stops; None where it speaks of no such day."""
    for key in _ENDS:
        value = finding.details.get(key)
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                continue
    return None


def _what_ends(finding: Finding) -> str:
    """Name what ends: the product where the rule says which of an image's products it is, else the subject."""
    product, cycle = finding.details.get("product"), finding.details.get("cycle")
    if isinstance(cycle, str):
        return f"{product or finding.subject.name} {cycle}"
    if isinstance(product, str):
        return product
    name, current = finding.subject.name, finding.subject.current
    return name if current in {None, name} else f"{name} {current}"
