"""Workers on PostgreSQL share an organisation's scans: none is done twice, and two do more than one."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.service.database.tables import SCANS
from bot.service.engine._rows import workflows
from tests.support.postgres import running_postgres
from tests.support.service.organisation import organisation

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the service runs on POSIX systems alone"),
    pytest.mark.waits,
]

FAR = 0.04


def _seconds(folder: Path, count: int, *, workers: int) -> float:
    """Return how long it takes so many workers, of one scan at a time, to scan an organisation; none twice."""
    with ExitStack() as held:
        address = held.enter_context(running_postgres())
        acme = held.enter_context(organisation(folder, count, database=address, delay=FAR, jobs=1))
        service = held.enter_context(acme.serving())
        for _ in range(workers - 1):
            held.enter_context(acme.working())
        acme.install(service)
        took = acme.until(lambda: acme.scanned() == count and acme.is_idle(), 60 + 10 * count, service)
        assert acme.column(SCANS.c.outcome) == ["done"] * count
        scans = workflows(acme.engine)
        with acme.engine.connect() as connection:
            found = connection.execute(sa.select(scans.c.executor_id).where(scans.c.name == "scan")).scalars().all()
        assert len(found) == count
        assert len(set(found)) == workers
        return took


def test_two_workers_share_the_scans_and_do_none_twice(tmp_path: Path) -> None:
    assert _seconds(tmp_path, 6, workers=2) > 0


@pytest.mark.soak
def test_two_workers_do_much_more_than_one(tmp_path: Path) -> None:
    one = _seconds(tmp_path / "one", 40, workers=1)
    two = _seconds(tmp_path / "two", 40, workers=2)
    print(f"40 scans: one worker {one:.1f} s, two {two:.1f} s, {one / two:.2f} times as many an hour")  # noqa: T201
    assert one / two >= 1.6
