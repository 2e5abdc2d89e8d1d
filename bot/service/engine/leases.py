"""That a worker is alive, told to all others: a row on the database's clock, which the worker renews.

A lease that has ended never comes back. Who holds it knows without asking that it may have ended: `Lease.require`
looks at a clock that also runs while the process is stopped or the machine sleeps, and ends the process at once.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NoReturn

import sqlalchemy as sa

from bot.service.database.clock import moment
from bot.service.database.tables import LEASES

LEFT: Final = 75
"""What the process ends with when its lease is gone: start it again (EX_TEMPFAIL)."""
_LONGEST_HOST: Final = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """For how many seconds a lease lives, and how often it is renewed: `life` is at least three beats."""

    life: float = 60.0
    beat: float = 10.0

    def __post_init__(self) -> None:
        if not 0 < self.beat <= self.life / 3:
            raise ValueError("a lease lives for three beats at least")


TERMS: Final = Terms()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A lease as others see it."""

    executor: str
    host: str
    version: str
    since: datetime
    until: datetime


class HandedBack(BaseException):
    """Ends a workflow's thread without an outcome: another worker goes on with it. Nobody catches it."""


class Lease:
    """The lease of this process. Safe between threads."""

    def __init__(self, engine: sa.Engine, version: str, terms: Terms) -> None:
        self._engine = engine
        self._version = version
        self._terms = terms
        self._host = socket.gethostname()[:_LONGEST_HOST]
        self.executor = f"{self._host}-{os.getpid()}-{uuid.uuid4().hex[:12]}"
        # By the clock that runs on while the process is stopped.
        self._until = 0.0
        # One change at a time: a renewal under way would undo an end.
        self._changing = threading.Lock()
        self._is_ending = False
        self._is_handed_back = False
        self._status = LEFT
        self.given_up = threading.Event()

    def take(self) -> None:
        """Write the row. Raises SQLAlchemy's errors."""
        asked_at = _boot_clock()
        values = {"executor": self.executor, "host": self._host, "version": self._version}
        times = {"since": moment(self._engine), "until": moment(self._engine, self._terms.life)}
        with self._engine.begin() as connection:
            connection.execute(sa.insert(LEASES).values(**values, **times))
        self._believe(asked_at)

    def renew(self) -> bool:
        """Prolong it; False where it has ended. Raises SQLAlchemy's errors where the database is silent."""
        with self._changing:
            if self._is_ending:
                return True
            asked_at = _boot_clock()
            alive = LEASES.c.until > moment(self._engine)
            renewed = self._change(moment(self._engine, self._terms.life), alive)
            if renewed:
                self._believe(asked_at)
            return renewed

    def release(self) -> None:
        """End it, as nothing of this process runs any more. Others adopt what it left at once."""
        with self._changing, self._engine.begin() as connection:
            connection.execute(sa.delete(LEASES).where(LEASES.c.executor == self.executor))
            self._is_ending = True
        self.given_up.set()

    def shorten(self, seconds: float) -> None:
        """Let it end in `seconds` for others, and a little before for this process, which then ends."""
        with self._changing:
            self._is_ending = True
            asked_at = _boot_clock()
            self._change(moment(self._engine, seconds), LEASES.c.until > moment(self._engine, seconds))
            self._until = min(self._until, asked_at + seconds / 2)
            # That is an end as it was asked for.
            self._status = 0

    def hand_back(self) -> None:
        """Let no step begin or be kept any more: from now on `require` raises HandedBack."""
        self._is_handed_back = True

    @property
    def is_live(self) -> bool:
        """Whether nobody else can have adopted what runs here."""
        return _boot_clock() < self._until

    def require(self) -> None:
        """Return where the lease lives. Ends the process where it may have ended. Raises HandedBack."""
        if not self.is_live:
            self.leave()
        if self._is_handed_back:
            raise HandedBack

    def leave(self) -> NoReturn:
        """End the process now: others may go on with its work."""
        _leave(f"the lease of {self.executor} has ended: others go on with its work", self._status)

    def _change(self, until: sa.ColumnElement[datetime], where: sa.ColumnElement[bool]) -> bool:
        mine = sa.update(LEASES).where(LEASES.c.executor == self.executor, where)
        with self._engine.begin() as connection:
            return connection.execute(mine.values(until=until)).rowcount == 1

    def _believe(self, asked_at: float) -> None:
        # The row says a life from when the database answered, which was later; and a beat less leaves time to leave.
        self._until = asked_at + self._terms.life - self._terms.beat


def live(engine: sa.Engine) -> Sequence[Held]:
    """Return the leases that have not ended, oldest first."""
    wanted = sa.select(LEASES).where(LEASES.c.until > moment(engine)).order_by(LEASES.c.since, LEASES.c.executor)
    with engine.connect() as connection:
        return [Held(**row) for row in connection.execute(wanted).mappings()]


def forget_ended(engine: sa.Engine, *, but: str = "") -> None:
    """Delete the leases that ended; with `but`, all others than that one."""
    ended = LEASES.c.executor != but if but else LEASES.c.until <= moment(engine)
    with engine.begin() as connection:
        connection.execute(sa.delete(LEASES).where(ended))


def _leave(why: str, status: int) -> NoReturn:
    """End the process without anything that could take a while."""
    line = json.dumps({"event": why, "level": "warning", "pid": os.getpid()}) + "\n"
    try:
        # Whoever reads the log may be stopped as well.
        os.set_blocking(2, False)
        os.write(2, line.encode())
    finally:
        os._exit(status)


def _boot_clock() -> float:
    """Return seconds of a clock that nobody sets, and that on Linux runs on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
