"""Each machine's mirrors of what is forgotten go, whichever machine forgot it: every worker sees to its own folder."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.service import metrics
from bot.service.database.tables import REPOSITORIES
from bot.service.mirror import Mirrors

_LOG: Final = structlog.get_logger(__name__)
_HOUR: Final = 3600.0
# Whoever uses a mirror may keep it for longer; what is begun here is ended by the next start.
_PATIENCE: Final = 2.0


@contextmanager
def kept(engine: sa.Engine, mirrors: Mirrors, every: float = _HOUR) -> Iterator[threading.Thread]:
    """Remove what is forgotten, and what was left half done, now and every hour, in the thread that is yielded."""
    ending = threading.Event()

    def turns() -> None:
        _turn(engine, mirrors)
        while not ending.wait(every):
            _turn(engine, mirrors)

    thread = threading.Thread(target=turns, name="mirrors", daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        ending.set()
        thread.join(_PATIENCE)


def remove_forgotten(engine: sa.Engine, mirrors: Mirrors) -> int:
    """Remove this machine's mirrors of what is forgotten, and halves of mirrors; return how many were whole."""
    mirrors.tidy()
    # Before who is known is asked: of a repository that comes meanwhile there is none among them.
    here = mirrors.repositories()
    with engine.connect() as connection:
        known = set(connection.execute(sa.select(REPOSITORIES.c.id)).scalars())
    for number in sorted(here - known):
        mirrors.remove(number)
    return len(here - known)


def _turn(engine: sa.Engine, mirrors: Mirrors) -> None:
    try:
        remove_forgotten(engine, mirrors)
    except (SQLAlchemyError, OSError) as error:
        metrics.failed("mirrors", error)
        _LOG.warning("mirrors of what is forgotten could not be removed", kind=type(error).__name__)
