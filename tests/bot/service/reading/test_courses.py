from __future__ import annotations

import sqlalchemy as sa

from bot.service.reading.courses import EMPTY, WEEKS, courses, history_name
from bot.store._tables import ENTRIES
from tests.support.service.data import FIRST, Member, ids
from tests.support.service.kinds import DAYS, TODAY, Scans

ALL = ids()


def test_every_week_has_its_end_the_oldest_first(connection: sa.Connection) -> None:
    assert courses(connection, ALL, TODAY).days == DAYS


def test_a_course_is_what_the_scans_found(connection: sa.Connection, scans: dict[str, Scans]) -> None:
    course = courses(connection, ALL, TODAY).of[FIRST + 2]
    expected = [scan.entry.score for scan in Member(2, "Acme", FIRST).course(scans)]
    assert [spot.score for spot in course if spot] == expected
    assert len(course) == WEEKS + 1


def test_a_repository_scanned_lately_has_nothing_before(connection: sa.Connection) -> None:
    course = courses(connection, ALL, TODAY).of[FIRST + 11]
    assert course[:-1] == EMPTY[:-1]
    assert course[-1] is not None


def test_a_week_without_a_scan_stands_as_the_one_before(connection: sa.Connection) -> None:
    name = history_name(FIRST + 2)
    whole = courses(connection, {FIRST + 2}, TODAY).of[FIRST + 2]
    connection.execute(sa.delete(ENTRIES).where(ENTRIES.c.repository == name, ENTRIES.c.as_of == DAYS[-2]))
    connection.execute(sa.delete(ENTRIES).where(ENTRIES.c.repository == name, ENTRIES.c.as_of == DAYS[3]))
    course = courses(connection, {FIRST + 2}, TODAY).of[FIRST + 2]
    assert (course[-2], course[3]) == (whole[-3], whole[2])
    assert (course[-1], course[4]) == (whole[-1], whole[4])


def test_the_last_entry_of_a_week_counts_and_a_later_day_is_todays(connection: sa.Connection) -> None:
    early = courses(connection, {FIRST + 2}, DAYS[5]).of[FIRST + 2]
    whole = courses(connection, {FIRST + 2}, TODAY).of[FIRST + 2]
    assert early[-1] == whole[-1]
    assert early[-2] == whole[4]


def test_a_damaged_entry_is_counted_and_the_others_stay(connection: sa.Connection) -> None:
    name = history_name(FIRST + 2)
    broken = sa.update(ENTRIES).where(ENTRIES.c.repository == name, ENTRIES.c.as_of == TODAY).values(entry='{"score":')
    connection.execute(broken)
    found = courses(connection, {FIRST + 2}, TODAY)
    assert found.damaged == 1
    assert found.of[FIRST + 2][-1] == found.of[FIRST + 2][-2] != None  # noqa: E711 - the last that can be read


def test_nothing_of_others_is_read(connection: sa.Connection) -> None:
    assert set(courses(connection, {FIRST + 2, 4}, TODAY).of) == {FIRST + 2}
    assert courses(connection, (), TODAY).of == {}
