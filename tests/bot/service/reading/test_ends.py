from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from bot.service.reading.ends import Ending, endings, shared
from tests.support.service.data import FIRST, ids
from tests.support.service.kinds import TODAY


def test_endings_come_by_date_and_only_of_what_is_visible(connection: sa.Connection) -> None:
    found = endings(connection, ids()).rows
    assert [one.day for one in found] == sorted(one.day for one in found)
    assert {one.repository for one in endings(connection, {found[0].repository}).rows} == {found[0].repository}
    assert endings(connection, frozenset()).rows == ()
    assert FIRST <= found[0].repository < FIRST + 200


def test_more_than_is_wanted_is_cut_and_said_and_days_narrow(connection: sa.Connection) -> None:
    whole = endings(connection, ids())
    assert not whole.is_cut
    assert not endings(connection, ids(), most=len(whole.rows)).is_cut
    cut = endings(connection, ids(), most=len(whole.rows) - 1)
    assert (cut.rows, cut.is_cut) == (whole.rows[:-1], True)
    after, before = whole.rows[0].day, whole.rows[-1].day
    assert after < before
    late = endings(connection, ids(), after=before, most=len(whole.rows) - 1)
    assert (late.rows, late.is_cut) == (tuple(one for one in whole.rows if one.day == before), False)
    early = endings(connection, ids(), after=after, before=before).rows
    assert early == tuple(one for one in whole.rows if one.day < before)


def test_one_end_is_told_once_with_all_that_rest_on_it() -> None:
    rows = (
        Ending(date(2026, 10, 31), "python 3.10", 1, ".python-version"),
        Ending(date(2026, 10, 31), "Python 3.10", 2, "Dockerfile"),
        Ending(date(2026, 10, 31), "python 3.10", 1, "Dockerfile"),
        Ending(date(2026, 12, 1), "node 20", 3, "Dockerfile"),
    )
    python, node = shared(rows, {1: "o/b", 2: "o/a", 3: "o/c"}, TODAY)
    assert (python.title, python.repositories, python.days) == ("Python 3.10", ("o/a", "o/b"), -26)
    assert (node.title, node.repositories, node.when) == ("node 20", ("o/c",), "in 5 days")
