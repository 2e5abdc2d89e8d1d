"""The database's clock, by which leases and buckets are judged: the hosts of several workers may disagree."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.store._tables import Moment


def moment(engine: sa.Engine, seconds: float = 0.0) -> sa.ColumnElement[datetime]:
    """Return the database's time in ``seconds`` from now, as a value of a `Moment` column."""
    if engine.dialect.name == "sqlite":
        # As the column's type writes it: six digits behind the point.
        return sa.func.strftime("%Y-%m-%d %H:%M:%f000", "now", f"{seconds:+.3f} seconds", type_=Moment())
    interval = sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    return sa.type_coerce(sa.func.clock_timestamp() + interval, Moment())


def epoch(engine: sa.Engine) -> sa.ColumnElement[float]:
    """Return the database's time in seconds since 1970."""
    if engine.dialect.name == "sqlite":
        # From Julian days, whose precision here is some tens of microseconds.
        days = sa.func.julianday("now", type_=sa.Float()) - 2440587.5
        return days * 86_400.0
    return sa.cast(sa.func.extract("epoch", sa.func.clock_timestamp()), sa.Float())
