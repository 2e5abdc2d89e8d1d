"""Every worker removes from its own folder what is forgotten, and what was left half done."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from bot.service import ground, metrics
from bot.service.database.tables import METADATA, REPOSITORIES
from bot.service.mirror import Mirrors
from bot.service.mirror_keeping import kept
from bot.service.working import worker
from tests.support.service.databases import Sqlites

ROW = {"id": 7, "installation_id": 1, "name": "acme/shop", "key": "acme/shop", "private": False}


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def _make(mirrors: Mirrors, *names: str) -> None:
    for name in names:
        (mirrors.folder / name / "mirror.git").mkdir(parents=True)


def _there(mirrors: Mirrors) -> set[str]:
    return {path.name for path in mirrors.folder.iterdir()} - {"locks"}


def test_a_worker_begins_with_what_others_forgot_and_with_what_was_left_half_done(
    tmp_path: Path, sqlites: Sqlites
) -> None:
    settings = sqlites.fresh(tmp_path / "data")
    mirrors = Mirrors.of(settings)
    _make(mirrors, "7", "8", "gone-9-ab", "new-9-ab")
    with ground.opened(settings, {}) as opened:
        with opened.services.engine.begin() as connection:
            connection.execute(sa.insert(REPOSITORIES).values(ROW))
        with worker(opened, {"HOME": str(tmp_path)}):
            _until(lambda: _there(mirrors) == {"7"})


def test_it_does_so_again_and_again_whatever_fails_and_ends_with_the_worker(tmp_path: Path) -> None:
    mirrors = Mirrors(tmp_path / "mirrors", 10**9)
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'no.db'}")
    _make(mirrors, "7", "8")
    errors = metrics.ERRORS.labels(part="mirrors", kind="OperationalError")
    before = errors._value.get()
    with kept(engine, mirrors, every=0.01) as thread:
        _until(lambda: errors._value.get() >= before + 2)
        assert _there(mirrors) == {"7", "8"}
        METADATA.create_all(engine)
        _until(lambda: not _there(mirrors))
        _make(mirrors, "8")
        _until(lambda: not _there(mirrors))
    assert not thread.is_alive()
    engine.dispose()


def test_between_two_hours_it_ends_at_once(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'no.db'}")
    with kept(engine, Mirrors(tmp_path / "mirrors", 10**9)) as thread:
        pass
    assert not thread.is_alive()
    engine.dispose()
