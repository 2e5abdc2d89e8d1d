"""One repository: its stored report, its history and its last scans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

import msgspec
import sqlalchemy as sa

from analyzers.typed import from_json
from bot.service.database.tables import REPORTS, SCANS
from bot.service.model import Reason, ScanOutcome, Urgency
from bot.service.reading import contents
from bot.service.reading.courses import history_name
from bot.service.reading.documents import Found, Hot, Scanned, Upgrades
from bot.service.reading.errors import DamagedError
from bot.store._tables import ENTRIES
from bot.store.model import Entry

MOST_ENTRIES: Final = 400
MOST_SCANS: Final = 5

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The row of a report; its contents are read when they are asked for. Methods raise DamagedError."""

    repository: int
    commit: str
    recorded_at: datetime
    document: bytes = field(repr=False)
    hotspots: bytes = field(repr=False)
    upgrades: bytes | None = field(repr=False)

    def scanned(self) -> Scanned:
        """Return the report without its inventory."""
        return contents.read(self.document, Scanned, self._what("report"))

    def found(self) -> Found:
        """Return its findings alone."""
        return contents.read(self.document, Found, self._what("report"))

    def whole(self) -> bytes:
        """Return the report as it was written: the JSON of docs/contract.md."""
        return contents.unpacked(self.document, self._what("report"))

    def whole_hotspots(self) -> bytes:
        """Return the JSON of ``debtscan hotspots`` as it was written."""
        return contents.unpacked(self.hotspots, self._what("hotspots"))

    def hot(self) -> Hot:
        """Return the hotspots, and what stands beside them."""
        return contents.read(self.hotspots, Hot, self._what("hotspots"))

    def lines(self) -> Upgrades:
        """Return how the upgrades stand; none where no round has planned any yet."""
        return () if self.upgrades is None else contents.read(self.upgrades, Upgrades, self._what("list of upgrades"))

    def _what(self, of: str) -> str:
        return f"the {of} of repository {self.repository} at {self.commit[:7]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastScan:
    """One scan as the service ran it. `error` says why it failed, in words."""

    reason: Reason
    urgency: Urgency
    requested_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    outcome: ScanOutcome
    commit: str
    error: str


@dataclass(frozen=True, slots=True)
class History:
    """The entries of a repository, oldest first; `damaged` counts those that could not be read."""

    entries: tuple[Entry, ...]
    damaged: int


def stored(connection: sa.Connection, repository: int) -> Stored | None:
    """Return the stored report; None where no scan has ended yet."""
    columns = (REPORTS.c.commit, REPORTS.c.recorded_at, REPORTS.c.document, REPORTS.c.hotspots, REPORTS.c.upgrades)
    row = connection.execute(sa.select(*columns).where(REPORTS.c.repository_id == repository)).first()
    if row is None:
        return None
    return Stored(
        repository=repository,
        commit=row.commit,
        recorded_at=row.recorded_at,
        document=bytes(row.document),
        hotspots=bytes(row.hotspots),
        upgrades=None if row.upgrades is None else bytes(row.upgrades),
    )


def history(connection: sa.Connection, repository: int, most: int = MOST_ENTRIES) -> History:
    """Return the newest ``most`` entries of a repository's history."""
    wanted = (
        sa.select(ENTRIES.c.entry)
        .where(ENTRIES.c.repository == history_name(repository))
        .order_by(ENTRIES.c.as_of.desc(), ENTRIES.c.sequence.desc())
        .limit(most)
    )
    found = [_entry(text) for text in connection.execute(wanted).scalars()]
    entries = tuple(entry for entry in reversed(found) if entry is not None)
    return History(entries, len(found) - len(entries))


def scans(connection: sa.Connection, repository: int, most: int = MOST_SCANS) -> tuple[PastScan, ...]:
    """Return the last scans, the newest first."""
    columns = (
        SCANS.c.reason,
        SCANS.c.urgency,
        SCANS.c.requested_at,
        SCANS.c.started_at,
        SCANS.c.ended_at,
        SCANS.c.outcome,
        SCANS.c.commit,
        SCANS.c.error,
    )
    wanted = (
        sa.select(*columns)
        .where(SCANS.c.repository_id == repository)
        .order_by(SCANS.c.requested_at.desc(), SCANS.c.id)
        .limit(most)
    )
    return tuple(PastScan(**row) for row in connection.execute(wanted).mappings())


def read_or_say(read: Callable[[], Part]) -> tuple[Part | None, str]:
    """Return what ``read`` gives and ""; where it is damaged None, and what is wrong in words."""
    try:
        return read(), ""
    except DamagedError as error:
        return None, str(error)


def _entry(text: str) -> Entry | None:
    try:
        return from_json(text, Entry)
    except msgspec.DecodeError:
        return None
