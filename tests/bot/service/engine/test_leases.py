from __future__ import annotations

import socket

import pytest
import sqlalchemy as sa

from bot.service.database.tables import LEASES
from bot.service.engine.leases import HandedBack, Lease, Terms, forget_ended, live
from tests.support.waiting import wait_for

LONG = Terms(life=300, beat=10)
SHORT = Terms(life=1.2, beat=0.3)


class LeftError(Exception):
    """Stands for the end of the process."""


@pytest.fixture(autouse=True)
def leaving(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    left: list[int] = []

    def leave(_why: str, status: int) -> None:
        left.append(status)
        raise LeftError

    monkeypatch.setattr("bot.service.engine.leases._leave", leave)
    return left


def _names(engine: sa.Engine) -> list[str]:
    return [held.executor for held in live(engine)]


def test_a_lease_is_seen_by_others_until_it_is_released(engine: sa.Engine) -> None:
    lease = Lease(engine, "1.2.3", LONG)
    assert not lease.is_live
    lease.take()
    lease.require()
    (held,) = live(engine)
    assert (held.executor, held.version, held.host) == (lease.executor, "1.2.3", socket.gethostname())
    assert 290 < (held.until - held.since).total_seconds() <= 300.5
    lease.release()
    assert live(engine) == []


def test_every_process_has_a_name_of_its_own(engine: sa.Engine) -> None:
    assert Lease(engine, "1", LONG).executor != Lease(engine, "1", LONG).executor


def test_a_lease_that_is_renewed_goes_on(engine: sa.Engine) -> None:
    lease = Lease(engine, "1", SHORT)
    lease.take()
    (before,) = live(engine)
    assert lease.renew()
    (after,) = live(engine)
    assert after.until > before.until
    assert after.since == before.since


def test_a_lease_that_ended_never_comes_back(engine: sa.Engine, leaving: list[int]) -> None:
    lease = Lease(engine, "1", SHORT)
    lease.take()
    wait_for(lambda: not _names(engine), "its end")
    assert not lease.renew()
    assert not lease.is_live
    with pytest.raises(LeftError):
        lease.require()
    assert leaving == [75]


def test_who_holds_a_lease_takes_it_for_ended_before_others_do(engine: sa.Engine) -> None:
    lease = Lease(engine, "1", Terms(life=3, beat=1))
    lease.take()
    wait_for(lambda: not lease.is_live, "its end here")
    assert _names(engine) == [lease.executor]


def test_a_shortened_lease_ends_soon_for_all_and_as_it_was_asked_for(engine: sa.Engine, leaving: list[int]) -> None:
    lease = Lease(engine, "1", LONG)
    lease.take()
    lease.shorten(0.4)
    wait_for(lambda: not lease.is_live, "its end here")
    wait_for(lambda: not _names(engine), "its end for others")
    with pytest.raises(LeftError):
        lease.require()
    assert leaving == [0]


def test_a_renewal_that_comes_late_undoes_no_end(engine: sa.Engine, leaving: list[int]) -> None:
    released, shortened = Lease(engine, "1", LONG), Lease(engine, "1", LONG)
    released.take()
    shortened.take()
    released.release()
    shortened.shorten(0.4)
    assert released.renew()
    assert shortened.renew()
    wait_for(lambda: not _names(engine), "the end of both")
    assert leaving == []


def test_what_is_handed_back_ends_without_an_outcome(engine: sa.Engine) -> None:
    lease = Lease(engine, "1", LONG)
    lease.take()
    lease.hand_back()
    with pytest.raises(HandedBack):
        lease.require()
    # Nothing that catches errors keeps it.
    assert not issubclass(HandedBack, Exception)


def test_ended_leases_are_forgotten_and_live_ones_kept(engine: sa.Engine) -> None:
    short, long = Lease(engine, "1", SHORT), Lease(engine, "1", LONG)
    short.take()
    long.take()
    wait_for(lambda: _names(engine) == [long.executor], "the short one's end")
    forget_ended(engine)
    with engine.connect() as connection:
        assert connection.execute(sa.select(LEASES.c.executor)).scalars().all() == [long.executor]
    forget_ended(engine, but="somebody else")
    assert live(engine) == []


def test_a_lease_lives_for_several_beats() -> None:
    with pytest.raises(ValueError, match="three beats"):
        Terms(life=10, beat=4)
