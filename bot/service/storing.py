"""What is written when a scan is done: all of it in one transaction, so that no page tells two halves of two scans."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

import sqlalchemy as sa

from bot.service.arriving import upsert
from bot.service.database.tables import ENDS, INVENTORIES, REPORTS, REPOSITORIES, SCANS, USAGES
from bot.service.reading.contents import packed, unpacked
from bot.service.reading.courses import history_name
from bot.service.scanning import Acted, Scan, Stored
from bot.service.services import Services
from bot.store.files import pack_plain
from bot.store.sql import Database, SqlStore

_AT_ONCE: Final = 1000
_MOST_TOLD: Final = 2000


def history_of(services: Services, repository: int) -> SqlStore:
    """Return the history of a repository, by GitHub's id: it outlives renames."""
    return Database(services.engine, services.now).store(history_name(repository))


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A scan that is done: of which repository, by which workflow, of which commit, and when it ended."""

    services: Services
    repository: int
    scan: str
    commit: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Packed:
    """The contents of a scan as rows hold them, made before anybody waits for the transaction."""

    document: bytes
    hotspots: bytes
    inventory: bytes
    facts: bytes

    @classmethod
    def of(cls, scan: Scan) -> Self:
        """Pack them. Raises HistoryError for far too many Facts."""
        facts = pack_plain(scan.facts, scan.entry.facts)
        return cls(packed(scan.document), packed(scan.hotspots), packed(scan.inventory), facts)


def store(connection: sa.Connection, done: Done, scan: Scan, contents: Packed) -> bool:
    """Write all that is kept of a scan. The same scan once more changes nothing but the time.

    Returns False, with nothing written, where the repository was forgotten while it was scanned.
    """
    mine = sa.update(REPOSITORIES).where(REPOSITORIES.c.id == done.repository, REPOSITORIES.c.gone_at.is_(None))
    if not connection.execute(mine.values(_standing(done, scan))).rowcount:
        return False
    history_of(done.services, done.repository).append_within(connection, scan.entry, contents.facts)
    _put(
        connection,
        REPORTS,
        done.repository,
        commit=done.commit,
        as_of=scan.entry.as_of,
        recorded_at=done.now,
        document=contents.document,
        hotspots=contents.hotspots,
    )
    _put(connection, INVENTORIES, done.repository, commit=done.commit, edition=scan.edition, content=contents.inventory)
    _replace(connection, USAGES, done.repository, map(_fields, scan.usages))
    _replace(connection, ENDS, done.repository, map(_fields, scan.ends))
    timings = json.dumps({stage: round(seconds, 4) for stage, seconds in scan.timings.items()}, sort_keys=True)
    this = sa.update(SCANS).where(SCANS.c.id == done.scan)
    connection.execute(this.values(commit=done.commit, timings=timings))
    return True


def store_acted(connection: sa.Connection, done: Done, acted: Acted, plan_digest: str) -> None:
    """Write what came of acting. What failed is tried with the next scan, whatever that finds."""
    reports = sa.update(REPORTS).where(REPORTS.c.repository_id == done.repository)
    connection.execute(reports.values(upgrades=packed(acted.upgrades)))
    is_whole = not acted.failed and not acted.limited
    mine = sa.update(REPOSITORIES).where(REPOSITORIES.c.id == done.repository)
    connection.execute(mine.values(acted_digest=plan_digest if is_whole else "", act_after=acted.again_at))
    if acted.failed:
        told = "; ".join(acted.failed)[:_MOST_TOLD]
        connection.execute(sa.update(SCANS).where(SCANS.c.id == done.scan).values(error=told))


def stored_of(connection: sa.Connection, repository: int, commit: str) -> Stored | None:
    """Return the inventory of a commit, where it is kept. Raises DamagedError."""
    table = INVENTORIES.c
    wanted = sa.select(table.content, table.edition).where(table.repository_id == repository, table.commit == commit)
    row = connection.execute(wanted).first()
    what = f"the inventory of {repository}"
    return Stored(inventory=unpacked(bytes(row.content), what), edition=row.edition) if row else None


def remove(connection: sa.Connection, services: Services, repository: int) -> None:
    """Remove all that was ever stored of a repository, its row included."""
    history_of(services, repository).remove_within(connection)
    for table in (REPORTS, INVENTORIES, USAGES, ENDS, SCANS):
        connection.execute(sa.delete(table).where(table.c.repository_id == repository))
    connection.execute(sa.delete(REPOSITORIES).where(REPOSITORIES.c.id == repository))


def _standing(done: Done, scan: Scan) -> Mapping[str, Any]:
    """Return what lists show. Figures that mean nothing are not shown as a good score."""
    figures = _figures(scan)
    return {
        "scanned_commit": done.commit,
        "scanned_at": done.now,
        "judged_on": scan.entry.as_of,
        "skipped": scan.skipped,
        **(figures if scan.judged else dict.fromkeys(figures)),
    }


def _figures(scan: Scan) -> dict[str, Any]:
    entry = scan.entry
    return {
        "score": entry.score,
        "low": entry.low,
        "high": entry.high,
        "grade": entry.grade,
        "findings": scan.findings,
        "effort_minutes": entry.effort_minutes,
    }


def _put(connection: sa.Connection, table: sa.Table, repository: int, **values: Any) -> None:  # noqa: ANN401 - columns
    """Write the one row of a repository; columns that are not named keep what they hold."""
    statement = upsert(connection, table).values(repository_id=repository, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=[table.c.repository_id], set_=values))


def _replace(connection: sa.Connection, table: sa.Table, repository: int, rows: Iterable[Mapping[str, Any]]) -> None:
    connection.execute(sa.delete(table).where(table.c.repository_id == repository))
    new = [{"repository_id": repository, **row} for row in rows]
    for start in range(0, len(new), _AT_ONCE):
        connection.execute(sa.insert(table), new[start : start + _AT_ONCE])


def _fields(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a Usage or an Ending, whose fields are the columns
    return {name: getattr(value, name) for name in _names(value)}


def _names(value: Any) -> Sequence[str]:  # noqa: ANN401 - as above
    names: Sequence[str] = value.__struct_fields__
    return names
