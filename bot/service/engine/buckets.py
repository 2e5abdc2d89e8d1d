"""Token buckets that all workers share: how often something outside is asked, whoever asks.

The engine's own limits count how often workflows begin, not what they ask of GitHub and of registries.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.service.database.clock import epoch
from bot.service.database.opening import writing
from bot.service.database.tables import BUCKETS


class Buckets:
    """Buckets by name, in the database, and by its clock unless `now` is another one. Safe between threads."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] | None = None) -> None:
        self._engine = engine
        self._now = now

    def take(self, name: str, rate: float, burst: float) -> float:
        """Take a token of the bucket `name`, which gains `rate` a second and holds `burst` at most.

        Returns 0 where there was one. Else nothing was taken, and after so many seconds it is worth asking again.
        Raises ValueError for a bucket that never holds a token, and SQLAlchemy's errors.
        """
        if rate <= 0 or burst < 1:
            raise ValueError(f"the bucket {name} would never hold a token")
        with writing(self._engine) as connection:
            now = self._time(connection)
            tokens, at = self._locked(connection, name, burst, now)
            # A host whose clock lags brings no time back.
            at, tokens = max(now, at), min(burst, tokens + max(0.0, now - at) * rate)
            if tokens < 1:
                return (1 - tokens) / rate
            changed = sa.update(BUCKETS).where(BUCKETS.c.name == name)
            connection.execute(changed.values(tokens=tokens - 1, at=at))
        return 0.0

    def forget(self, seconds: float) -> int:
        """Delete the buckets of which nobody took for so long; return how many. They are full again before that."""
        with writing(self._engine) as connection:
            idle = sa.delete(BUCKETS).where(BUCKETS.c.at < self._time(connection) - seconds)
            return connection.execute(idle).rowcount

    def _time(self, connection: sa.Connection) -> float:
        if self._now is not None:
            return self._now().timestamp()
        return float(connection.execute(sa.select(epoch(self._engine))).scalar_one())

    def _locked(self, connection: sa.Connection, name: str, burst: float, now: float) -> tuple[float, float]:
        """Return the tokens and when they were counted. Nobody else changes them until the transaction's end."""
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        made = insert(BUCKETS).values(name=name, tokens=burst, at=now)
        # In one statement, for it may be forgotten between two.
        held = made.on_conflict_do_update(index_elements=[BUCKETS.c.name], set_={"name": name})
        tokens, at = connection.execute(held.returning(BUCKETS.c.tokens, BUCKETS.c.at)).one()
        return tokens, at
