"""What the HTML page shows, made ready: each section's rows as frozen values, so that templates only place them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from analyzers.model.finding import Rule
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import What
from analyzers.scan import rules
from bot import wording
from bot.ends import End
from bot.rollup import SharedEnd
from bot.score import UNIT, split
from bot.scorecard import BestFix, Charged, GroupShare, Report, Scorecard

MAX_FINDINGS = 5000
"""Rows beyond these would make the page slow; the page says how many there are and where they stand."""
MAX_DEPENDENCIES = 3000
_STALE_DAYS = 180


@dataclass(frozen=True, slots=True)
class Tick:
    """A spot on the time line, in percent of its width."""

    at: str
    text: str
    past: bool = False


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Where ends, years and the day of the scan stand between the first and the last of them."""

    ends: tuple[Tick, ...]
    years: tuple[Tick, ...]
    today: str

    @property
    def late(self) -> bool:
        """Whether the day of the scan stands so far right that its words have to end there."""
        return float(self.today) > 75  # noqa: PLR2004 - percent


@dataclass(frozen=True, slots=True)
class World:
    """The dependencies of one ecosystem; `more` beyond those listed."""

    ecosystem: str
    count: int
    dependencies: tuple[Dependency, ...]
    more: int


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule that found something here. `rule` is None when the report comes from a rule that is not installed."""

    id: str
    rule: Rule | None
    findings: int


def time_line(found: Sequence[End | SharedEnd], as_of: date) -> TimeLine | None:
    """Place the ends on a line from the first to the last; None without ends."""
    if not found:
        return None
    first, last = min(found[0].day, as_of), max(found[-1].day, as_of)
    # Room at both sides, so that no mark is cut off.
    margin = max(30, (last - first).days // 16)
    start, span = first.toordinal() - margin, (last - first).days + 2 * margin

    def at(day: date) -> str:
        return f"{(day.toordinal() - start) / span * 100:.2f}"

    years = range(first.year, last.year + 2)
    step = max(1, len(years) // 8)
    january = [date(year, 1, 1) for year in years if year % step == 0]
    return TimeLine(
        ends=tuple(Tick(at(end.day), f"{end.title}: {end.day}", end.days < 0) for end in found),
        years=tuple(Tick(at(day), str(day.year)) for day in january if start <= day.toordinal() <= start + span),
        today=at(as_of),
    )


def worlds(dependencies: Sequence[Dependency]) -> tuple[World, ...]:
    """Return the inventory by ecosystem, with no more rows than a page can bear."""
    by_ecosystem: dict[str, list[Dependency]] = defaultdict(list)
    for dependency in dependencies:
        by_ecosystem[dependency.ecosystem].append(dependency)
    left = MAX_DEPENDENCIES
    found: list[World] = []
    for ecosystem, members in sorted(by_ecosystem.items()):
        shown = members[: max(0, left)]
        left -= len(shown)
        found.append(World(ecosystem, len(members), tuple(shown), len(members) - len(shown)))
    return tuple(found)


def rule_pages(report: Report) -> tuple[RulePage, ...]:
    """Return the page of every rule that something in the report links to, by id."""
    counted = Counter(charged.finding.rule for charged in report.findings)
    named = {*counted, *(accepted.charged.finding.rule for accepted in report.ignored)}
    stated = rules()
    return tuple(RulePage(rule_id, stated.get(rule_id), counted[rule_id]) for rule_id in sorted(named))


def doubts(report: Report) -> str:
    """Return what was not judged: ``12 look-ups were not possible and 1 file could not be read``, or ``""``."""
    kinds = Counter(entry.what for entry in report.skipped if entry.reason not in _DELIBERATE)
    words: dict[What, tuple[str, str]] = {
        "look-up": ("look-up was not possible", "look-ups were not possible"),
        "file": ("file could not be read", "files could not be read"),
        "dependency": ("dependency could not be judged", "dependencies could not be judged"),
        "table": ("table could not be relied on", "tables could not be relied on"),
        "rule": ("rule could not run", "rules could not run"),
        "history": ("part of the history was not at hand", "parts of the history were not at hand"),
        "repository": ("part of the repository was not at hand", "parts of the repository were not at hand"),
    }
    return wording.listed([wording.count(kinds[what], *words[what]) for what in words if kinds[what]])


# Left out on purpose, not for want of knowledge.
_DELIBERATE = frozenset({"vendored", "generated", "ignored", "local-path"})


def shares(scorecard: Scorecard) -> tuple[str, tuple[tuple[GroupShare, str], ...]]:
    """Return what the shown score is short of 100, and each group's part of it: as shown, they sum exactly."""
    missing = 1000 - wording.tenths(scorecard.score)
    parts = split(missing, [round(share.score_lost * UNIT) for share in scorecard.groups])
    shown = tuple(f"−{part / 10:.1f}" if part else "< 0.1" for part in parts)
    return f"{missing / 10:.1f}", tuple(zip(scorecard.groups, shown, strict=True))


def fixes(best: Iterable[BestFix], rows: Sequence[Charged]) -> Iterator[tuple[BestFix, str]]:
    """Yield each best fix with the fingerprint of its first finding that the page lists, or ``""``."""
    listed = {row.fingerprint for row in rows}
    for fix in best:
        yield fix, next((mark for mark in fix.fingerprints if mark in listed), "")


def is_stale(days: int) -> bool:
    """Whether a bundled table is old enough to warn about."""
    return days > _STALE_DAYS
