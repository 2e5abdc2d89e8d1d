from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from bot.service.database.tables import REPORTS
from bot.service.reading import one
from bot.service.reading.courses import history_name
from bot.service.reading.errors import DamagedError
from bot.store._tables import ENTRIES
from tests.support.service.data import FIRST, Member
from tests.support.service.kinds import Scans

LEGACY = FIRST + 5


def test_a_report_is_what_was_stored(connection: sa.Connection, scans: dict[str, Scans]) -> None:
    stored = one.stored(connection, LEGACY)
    assert stored is not None
    member = Member(5, "Acme", FIRST)
    expected = member.course(scans)[-1].report
    scanned = stored.scanned()
    assert scanned.repository.name == member.name
    assert [found.fingerprint for found in scanned.findings] == [row.fingerprint for row in expected.findings]
    assert scanned.scorecard.score == expected.scorecard.score
    assert stored.found().findings == scanned.findings
    assert json.loads(stored.whole())["inventory"]
    assert len(stored.hot().hotspots) == len(expected.hotspots)
    assert {line.state for line in stored.lines()} == {"open", "waiting", "stuck", "ignored"}


def test_what_was_never_scanned_has_no_report(connection: sa.Connection) -> None:
    assert one.stored(connection, FIRST + 7) is None
    assert one.history(connection, FIRST + 7).entries == ()


def test_before_a_round_there_are_no_upgrades(connection: sa.Connection) -> None:
    connection.execute(sa.update(REPORTS).where(REPORTS.c.repository_id == LEGACY).values(upgrades=None))
    stored = one.stored(connection, LEGACY)
    assert stored is not None
    assert stored.lines() == ()


def test_damage_is_told_by_name_and_leaves_the_rest(connection: sa.Connection) -> None:
    connection.execute(sa.update(REPORTS).where(REPORTS.c.repository_id == LEGACY).values(hotspots=b"gone"))
    stored = one.stored(connection, LEGACY)
    assert stored is not None
    with pytest.raises(DamagedError, match=f"the hotspots of repository {LEGACY}"):
        stored.hot()
    found, said = one.read_or_say(stored.hot)
    assert found is None
    assert said.startswith("the hotspots of")
    assert one.read_or_say(stored.lines) == (stored.lines(), "")


def test_contents_do_not_stand_in_what_is_logged(connection: sa.Connection) -> None:
    assert len(repr(one.stored(connection, LEGACY))) < 300


def test_the_history_is_oldest_first_and_ends_with_the_newest(connection: sa.Connection) -> None:
    found = one.history(connection, LEGACY)
    days = [entry.as_of for entry in found.entries]
    assert days == sorted(days)
    assert len(days) == 13
    assert [entry.as_of for entry in one.history(connection, LEGACY, most=3).entries] == days[-3:]


def test_a_damaged_entry_is_counted(connection: sa.Connection) -> None:
    of_it = ENTRIES.c.repository == history_name(LEGACY)
    first = sa.select(sa.func.min(ENTRIES.c.sequence)).where(of_it).scalar_subquery()
    connection.execute(sa.update(ENTRIES).where(ENTRIES.c.sequence == first).values(entry="no JSON"))
    found = one.history(connection, LEGACY)
    assert (len(found.entries), found.damaged) == (12, 1)


def test_the_last_scans_say_why_they_failed(connection: sa.Connection) -> None:
    (scan,) = one.scans(connection, LEGACY)
    assert (scan.outcome, scan.reason) == ("failed", "push")
    assert "too large" in scan.error or "larger than" in scan.error
    assert scan.started_at is not None
