from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.service.database.clock import epoch, moment
from bot.service.database.tables import MARKS


def test_both_say_the_same_time_in_utc(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        now, seconds = connection.execute(sa.select(moment(engine), epoch(engine))).one()
    assert now.tzinfo is UTC
    assert now.timestamp() == pytest.approx(seconds, abs=0.1)


def test_times_to_come_and_past_ones_lie_where_they_should(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        wanted = sa.select(moment(engine), moment(engine, 90.5), moment(engine, -3600.0))
        now, later, earlier = connection.execute(wanted).one()
    assert (later - now).total_seconds() == pytest.approx(90.5, abs=0.1)
    assert (now - earlier).total_seconds() == pytest.approx(3600, abs=0.1)


def test_what_the_database_wrote_compares_with_what_python_writes(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.insert(MARKS).values(name="now", at=moment(engine)))
        now: datetime = connection.execute(sa.select(MARKS.c.at)).scalar_one()
        for name, shift in (("before", -1), ("after", 1)):
            connection.execute(sa.insert(MARKS).values(name=name, at=now + timedelta(milliseconds=shift)))
        wanted = sa.select(MARKS.c.name).where(MARKS.c.at <= now).order_by(MARKS.c.at)
        assert connection.execute(wanted).scalars().all() == ["before", "now"]
