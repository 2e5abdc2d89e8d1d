"""A sample organisation in the service's tables: many repositories, made of real scans, every time alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from bot.ends import ends_of
from bot.hotspots import hotspot_report
from bot.posts.model import UpgradeLine, UpgradeState
from bot.report import hotspots_json, json
from bot.report.renderer import Options
from bot.scorecard import Report
from bot.service.database.tables import (
    ENDS,
    INSTALLATIONS,
    METADATA,
    REPORTS,
    REPOSITORIES,
    SCANS,
    USAGES,
)
from bot.service.reading.contents import packed
from bot.service.reading.courses import history_name
from bot.service.reading.repositories import Listed
from bot.store import _tables as history
from tests.support.service.kinds import DAYS, TODAY, Scan, Scans, named

NOW: Final = datetime.combine(TODAY, time(9), UTC)
ACCOUNT: Final = "Acme"
INSTALLATION: Final = 7001
FIRST: Final = 100_001
_WORDS: Final = ("shop", "billing", "web-frontend", "search", "a-service-with-a-rather-long-name-for-the-mobile-apps")
_PHASES: Final = ("silent", "posting", "invited", "declined", "posting")
_UPGRADES: Final[tuple[UpgradeState, ...]] = ("open", "waiting", "stuck", "ignored")
_WHY: Final[Mapping[UpgradeState, str]] = {
    "open": "",
    "waiting": "three are open already",
    "stuck": "its lock cannot be made",
    "ignored": "closed it",
}
_ERROR: Final = "the repository is larger than 4,096 MiB; raise limits.repository, or leave it out"


@dataclass(frozen=True, slots=True)
class Member:
    """One repository of the organisation: its number in it tells everything else."""

    number: int
    account: str
    first: int

    @property
    def id(self) -> int:
        """GitHub's id."""
        return self.first + self.number

    @property
    def name(self) -> str:
        """OWNER/REPO."""
        return f"{self.account}/{_WORDS[self.number % len(_WORDS)]}-{self.number:03d}"

    @property
    def private(self) -> bool:
        """Whether not everybody may see it."""
        return self.number % 4 == 0

    @property
    def skip(self) -> str:
        """Why it is left alone."""
        return "archived" if self.number % 31 == 9 else ""

    @property
    def is_waiting(self) -> bool:
        """Whether it was not scanned yet."""
        return self.number % 29 == 7

    @property
    def error(self) -> str:
        """Why its last scan failed."""
        return _ERROR if self.number % 23 == 5 else ""

    @property
    def is_unjudged(self) -> bool:
        """Whether its scan led to no scorecard."""
        return self.number % 41 == 3

    @property
    def commit(self) -> str:
        """The commit that was scanned last."""
        return f"{self.number + 1:x}".ljust(40, "c")

    def course(self, scans: Mapping[str, Scans]) -> tuple[Scan, ...]:
        """Its scans, oldest first: people pay back debt in some week, or take some on; some began only lately."""
        kinds = tuple(scans.values())
        kind = kinds[self.number % len(kinds)]
        old, new = (kind.before, kind.after) if self.number % 3 else (kind.after, kind.before)
        week = self.number * 5 % (len(DAYS) + 6)
        whole = (*old[:week], *new[week:])
        return whole[-1:] if self.number % 19 == 11 else whole


def made(folder: Path, scans: Mapping[str, Scans], count: int = 200) -> sa.Engine:
    """Return a SQLite database in ``folder`` with the organisation in it. Close it (``dispose``) at the end."""
    return filled(sa.create_engine(f"sqlite:///{folder / 'debtscan.sqlite3'}"), scans, count)


def filled(engine: sa.Engine, scans: Mapping[str, Scans], count: int = 200) -> sa.Engine:
    """Make the tables in an empty database, and the organisation in them."""
    with engine.begin() as connection:
        prepare(connection)
        fill(connection, scans, count=count)
    return engine


def prepare(connection: sa.Connection) -> None:
    """Make the tables, the history's among them, where they are not there."""
    METADATA.create_all(connection)
    history.METADATA.create_all(connection)


def fill(
    connection: sa.Connection,
    scans: Mapping[str, Scans],
    *,
    count: int = 200,
    account: str = ACCOUNT,
    installation: int = INSTALLATION,
    first: int = FIRST,
) -> None:
    """Put an organisation into the tables, which are there."""
    connection.execute(sa.insert(INSTALLATIONS), [_installation(account, installation)])
    for members in _batches([Member(number, account, first) for number in range(count)]):
        for table, rows in _rows(members, installation, scans):
            if rows:
                connection.execute(sa.insert(table), rows)


def listed(name: str = "Acme/shop", **values: Any) -> Listed:  # noqa: ANN401 - by name, as `Listed` has them
    """Return a repository of a list: one that was scanned and has a scorecard, but for ``values``."""
    usual: dict[str, Any] = {
        "id": 1,
        "private": False,
        "default_branch": "main",
        "phase": "silent",
        "phase_since": None,
        "skip": "",
        "head": "c" * 40,
        "commit": "c" * 40,
        "scanned_at": NOW,
        "judged_on": TODAY,
        "score": 80.0,
        "low": 75.0,
        "high": 85.0,
        "grade": "B",
        "findings": 3,
        "skipped": 1,
        "minutes": 60,
        "error": "",
        "error_at": None,
        "is_scanning": False,
    }
    return Listed(name=name, **{**usual, **values})


def ids(count: int = 200, first: int = FIRST) -> frozenset[int]:
    """Return the ids of all repositories."""
    return frozenset(range(first, first + count))


def _batches(members: Sequence[Member], size: int = 50) -> Iterator[Sequence[Member]]:
    left = iter(members)
    while batch := list(islice(left, size)):
        yield batch


def _rows(
    members: Sequence[Member], installation: int, scans: Mapping[str, Scans]
) -> Iterator[tuple[sa.Table, list[dict[str, Any]]]]:
    yield REPOSITORIES, [_repository(one, installation, scans) for one in members]
    yield SCANS, [_scan(one, installation) for one in members if not one.is_waiting and not one.skip]
    scanned = [(one, one.course(scans)) for one in members if not one.is_waiting and not one.skip]
    yield history.ENTRIES, [row for one, course in scanned for row in _entries(one, course)]
    reports = [(one, named(course[-1].report, one.name, one.commit)) for one, course in scanned]
    yield REPORTS, [_report(one, report) for one, report in reports]
    yield USAGES, [row for one, report in reports for row in usages(one.id, report)]
    yield ENDS, [row for one, report in reports for row in _ends(one.id, report)]


def _installation(account: str, installation: int) -> dict[str, Any]:
    return {
        "id": installation,
        "account": account,
        "account_id": installation + 1,
        "account_kind": "Organization",
        "installed_at": NOW - timedelta(weeks=13),
    }


def _repository(one: Member, installation: int, scans: Mapping[str, Scans]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": one.id,
        "installation_id": installation,
        "name": one.name,
        "key": one.name.lower(),
        "private": one.private,
        "default_branch": "main",
        "skip": one.skip,
        "phase": _PHASES[one.number % len(_PHASES)],
        "phase_since": NOW - timedelta(days=one.number % 60),
        "error": one.error,
        "error_at": NOW - timedelta(days=one.number % 20) if one.error else None,
        "scanning": f"scan-{one.id}" if one.number % 37 == 1 else "",
        "head": one.commit,
    }
    figures = {} if one.is_waiting or one.skip else _figures(one, one.course(scans)[-1].report)
    return {**dict.fromkeys(_FIGURES), "scanned_commit": "", **row, **figures}


_FIGURES: Final = (
    "scanned_at",
    "judged_on",
    "score",
    "low",
    "high",
    "grade",
    "findings",
    "skipped",
    "effort_minutes",
)


def _figures(one: Member, report: Report) -> dict[str, Any]:
    card = report.scorecard
    scanned: dict[str, Any] = {
        "scanned_commit": one.commit,
        "scanned_at": report.scanned_at + timedelta(minutes=one.number),
        "judged_on": report.as_of,
        "skipped": len(report.skipped),
    }
    if one.is_unjudged:
        return scanned
    return scanned | {
        "score": card.score,
        "low": card.low,
        "high": card.high,
        "grade": card.grade,
        "findings": len(report.findings),
        "effort_minutes": card.effort_minutes,
    }


def _scan(one: Member, installation: int) -> dict[str, Any]:
    at = NOW - timedelta(hours=5, minutes=-one.number % 200)
    return {
        "id": f"scan-{one.id}-1",
        "repository_id": one.id,
        "installation_id": installation,
        "reason": "push" if one.number % 2 else "sweep",
        "urgency": "change" if one.number % 2 else "sweep",
        "requested_at": at,
        "started_at": at + timedelta(seconds=3),
        "ended_at": at + timedelta(seconds=14),
        "outcome": "failed" if one.error else "done",
        "commit": one.commit,
        "error": one.error,
    }


def _entries(one: Member, course: Sequence[Scan]) -> Iterator[dict[str, Any]]:
    for scan in course:
        yield {
            "repository": history_name(one.id),
            "id": scan.entry.id,
            "as_of": scan.entry.as_of,
            "recorded_at": datetime.combine(scan.entry.as_of, time(5), UTC),
            "entry": msgspec.json.encode(scan.entry).decode(),
        }


def _report(one: Member, report: Report) -> dict[str, Any]:
    hot = hotspots_json.render(hotspot_report(report, top=0), Options())
    return {
        "repository_id": one.id,
        "commit": one.commit,
        "as_of": report.as_of,
        "recorded_at": report.scanned_at,
        "document": packed(json.render(report, Options()).encode()),
        "hotspots": packed(hot.encode()),
        "upgrades": packed(msgspec.json.encode(tuple(_upgrades(one, report)))),
    }


def _upgrades(one: Member, report: Report) -> Iterator[UpgradeLine]:
    mended = [charged for charged in report.findings if charged.finding.fix.to]
    for number, charged in enumerate(mended):
        found = charged.finding
        state = _UPGRADES[number % len(_UPGRADES)]
        yield UpgradeLine(
            id=f"{found.subject.ecosystem}-{number}",
            title=f"Update {found.subject.name} to {found.fix.to}",
            state=state,
            number=number + 1 if state == "open" else 0,
            url=f"https://github.com/{one.name}/pull/{number + 1}" if state == "open" else "",
            why=_WHY[state],
            points=charged.points,
        )


def usages(repository: int, report: Report) -> Iterator[dict[str, Any]]:
    """Yield the rows on what a repository uses."""
    for dependency in report.inventory.dependencies:
        yield {
            "repository_id": repository,
            "ecosystem": dependency.ecosystem,
            "name": dependency.name,
            "value": dependency.value or "",
            "version": dependency.locked_version or dependency.version or "",
            "kind": dependency.kind,
            "path": dependency.place.path,
            "line": dependency.place.line,
            "direct": dependency.direct,
        }


def _ends(repository: int, report: Report) -> Iterator[dict[str, Any]]:
    for end in ends_of(report):
        yield {
            "repository_id": repository,
            "subject": end.title,
            "ends_on": end.day,
            "path": end.places[0].finding.path,
        }


def day(weeks: int) -> date:
    """Return the Monday so many weeks ago."""
    return TODAY - timedelta(weeks=weeks)
