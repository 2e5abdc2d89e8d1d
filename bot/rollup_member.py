"""One repository's share of a roll-up: what of its report is kept, so that a thousand of them fit in memory. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

from analyzers.model.finding import Finding
from analyzers.model.subject import SubjectKey
from bot import standing
from bot.ends import day_of, ends_of
from bot.ruleset import Grade
from bot.scorecard import Charged, Report
from bot.store.model import Entry

Kind = Literal["vulnerable", "ended", "outdated"]
KINDS: Final[tuple[Kind, ...]] = ("vulnerable", "ended", "outdated")
"""What can be wrong with a thing that repositories share, the worst first."""
MOST_THINGS: Final = 1000
MOST_VERSIONS: Final = 20
_WHILE: Final = timedelta(days=28)
# These are of one repository alone.
_OWN: Final = frozenset({"file", "function"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """How it stood on an earlier day, under the same ruleset."""

    day: date
    score: float
    grade: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrades:
    """How many upgrades have a pull request, get one later, are not wanted, or could not be made."""

    open: int = 0
    waiting: int = 0
    ignored: int = 0
    stuck: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A package, an image, an action or a runtime with which something is wrong, in one repository.

    `versions` are those in use, in the order in which they were met. `targets` are the versions that its findings
    name as those to go to; none where no version mends it.
    """

    key: SubjectKey
    name: str
    kinds: frozenset[Kind]
    versions: tuple[str, ...]
    targets: tuple[str, ...]
    points: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One repository that was scanned.

    `unjudged` says why there is no grade; "" where there is one. `unknown` counts what could not be judged, for which
    `low` charges. `since` is None where no scorecard of a while ago is known under this ruleset. `ends` are the days on
    which support of something stops, and of what. `more` counts the things beyond `MOST_THINGS`, those with the fewest
    points. `failed` are sentences on what could not be done.
    """

    name: str
    url: str
    commit: str
    unjudged: str
    score: float
    low: float
    grade: Grade
    points: int
    minutes: int
    libyears: float
    findings: int
    unknown: int
    since: Since | None = None
    upgrades: Upgrades = field(default_factory=Upgrades)
    things: tuple[Thing, ...] = ()
    more: int = 0
    ends: tuple[tuple[date, str], ...] = ()
    failed: tuple[str, ...] = ()


def member_of(
    report: Report,
    entries: Sequence[Entry] = (),
    *,
    name: str,
    url: str = "",
    states: Iterable[str] = (),
    failed: Iterable[str] = (),
) -> Member:
    """Return what is kept of a report. ``entries`` are of earlier scans, ``states`` how each of its upgrades stands."""
    card = report.scorecard
    things = sorted(_things(report.findings), key=lambda thing: (-thing.points, thing.key))
    return Member(
        name=name,
        url=url,
        commit=report.repository.commit or "",
        unjudged=standing.claim(report) if standing.standing(report) in {"empty", "unjudged"} else "",
        score=card.score,
        low=card.low,
        grade=card.grade,
        points=card.points,
        minutes=card.effort_minutes,
        libyears=card.libyears,
        findings=len(report.findings),
        unknown=card.unknown,
        since=_since(entries, report),
        upgrades=_upgrades(states),
        things=tuple(things[:MOST_THINGS]),
        more=max(0, len(things) - MOST_THINGS),
        ends=tuple((end.day, end.title) for end in ends_of(report)),
        failed=tuple(failed),
    )


def _since(entries: Iterable[Entry], report: Report) -> Since | None:
    """Return the newest scorecard that is a while old, else the oldest there is. Others' rulesets do not compare."""
    known = [entry for entry in entries if entry.as_of < report.as_of and entry.ruleset == report.ruleset]
    old = [entry for entry in known if entry.as_of <= report.as_of - _WHILE]
    if not known:
        return None
    found = max(old, key=lambda entry: entry.as_of) if old else min(known, key=lambda entry: entry.as_of)
    return Since(day=found.as_of, score=found.score, grade=found.grade)


def _upgrades(states: Iterable[str]) -> Upgrades:
    counted: Mapping[str, int] = Counter(states)
    return Upgrades(
        open=counted["open"], waiting=counted["waiting"], ignored=counted["ignored"], stuck=counted["stuck"]
    )


def _things(findings: Iterable[Charged]) -> Iterator[Thing]:
    found: dict[SubjectKey, list[tuple[Kind, Charged]]] = defaultdict(list)
    for charged in findings:
        kind = _kind(charged.finding)
        if kind and charged.finding.key.ecosystem not in _OWN:
            found[charged.finding.key].append((kind, charged))
    for key, charges in found.items():
        subjects = [charged.finding.subject for _kind, charged in charges]
        versions = dict.fromkeys(subject.current for subject in subjects if subject.current)
        targets = dict.fromkeys(subject.latest for subject in subjects if subject.latest)
        yield Thing(
            key=key,
            name=subjects[0].name,
            kinds=frozenset(kind for kind, _charged in charges),
            versions=tuple(versions)[:MOST_VERSIONS],
            targets=tuple(targets)[:MOST_VERSIONS],
            points=sum(charged.points for _kind, charged in charges),
            minutes=sum(charged.finding.minutes for _kind, charged in charges),
        )


def _kind(finding: Finding) -> Kind | None:
    """Return what is wrong; None for what another version would not mend."""
    if finding.flaws:
        return "vulnerable"
    if day_of(finding) is not None:
        return "ended"
    subject = finding.subject
    return "outdated" if subject.latest and subject.latest != subject.current else None
