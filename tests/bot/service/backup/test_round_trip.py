"""Backups of real databases, with an organisation's real reports in them, and their way back."""

from __future__ import annotations

import stat
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from bot import VERSION
from bot.service.backup.archive import Manifest, read_manifest, unpack, write
from bot.service.backup.clients import clients_for, server_version
from bot.service.backup.errors import BackupError, DamagedBackupError, ServiceLivesError, UnsuitableBackupError
from bot.service.backup.making import back_up
from bot.service.backup.postgresql import dump
from bot.service.backup.restoring import restore
from bot.service.database.migrate import VERSIONS, needed
from bot.service.database.opening import writing
from bot.service.database.tables import DELIVERIES, REPOSITORIES, SIGN_INS
from bot.service.engine.alone import Alone
from bot.service.engine.errors import SecondProcessError
from bot.service.engine.leases import Lease, Terms
from bot.service.engine.work import Work
from bot.service.settings import Settings
from tests.support.service import data
from tests.support.service.databases import Kind, Postgreses, opened, settings_of
from tests.support.service.kinds import Scans, scanned

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
LEFT_BEHIND = {"debtscan_sign_ins", "debtscan_leases"}


@pytest.fixture(scope="session")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Scans]:
    return scanned(tmp_path_factory.mktemp("kinds"))


@pytest.fixture
def filled(settings: Settings, engine: sa.Engine, scans: Mapping[str, Scans]) -> Settings:
    """Hold an organisation, a person who is signed in, and work that waits."""
    with engine.begin() as connection:
        data.fill(connection, scans, count=12)
        signed_in = {"id": "0" * 64, "user_id": 1, "login": "amy", "since": NOW, "seen_at": NOW}
        connection.execute(sa.insert(SIGN_INS).values(**signed_in, until=NOW + timedelta(hours=8)))
    Work(engine).enqueue("deliver", {"delivery": "1"}, id="d1", queue="intake")
    # Nobody else is connected.
    engine.dispose()
    return settings


@pytest.fixture
def elsewhere(kind: Kind, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Name a database that is empty."""
    if kind == "sqlite":
        return settings_of(tmp_path / "elsewhere")
    postgreses: Postgreses = request.getfixturevalue("postgreses")
    return postgreses.empty(tmp_path / "elsewhere")


def _contents(settings: Settings) -> dict[str, list[str]]:
    with opened(settings) as engine, engine.connect() as connection:
        schemas = [None] if settings.is_embedded else [None, "dbos"]
        known = sa.MetaData()
        for schema in schemas:
            known.reflect(connection, schema=schema)
        return {
            name: sorted(repr(tuple(row)) for row in connection.execute(sa.select(table)))
            for name, table in known.tables.items()
        }


def _kept(contents: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: rows for name, rows in contents.items() if name not in LEFT_BEHIND}


def test_all_comes_back_but_who_was_signed_in(filled: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"

    made = back_up(filled, file, NOW)
    restored = restore(elsewhere, file, replace=False, force=False)

    before, after = _contents(filled), _contents(elsewhere)
    assert restored == made == read_manifest(file)
    assert (made.debtscan, made.kind, made.made_at) == (VERSION, "sqlite" if filled.is_embedded else "postgresql", NOW)
    assert len(before["debtscan_reports"]) > 5
    assert _kept(after) == _kept(before)
    assert (len(before["debtscan_sign_ins"]), after["debtscan_sign_ins"]) == (1, [])
    with opened(elsewhere) as engine:
        assert needed(engine) is None
        assert Work(engine).alive("d1")


def test_a_backup_is_for_its_owner_alone_and_leaves_nothing_else_behind(filled: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    back_up(filled, folder / "backup.tar", NOW)

    (made,) = folder.iterdir()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_no_secret_is_in_it(filled: Settings, tmp_path: Path) -> None:
    filled.secrets.mkdir(parents=True)
    (filled.secrets / "session-secret").write_text("correct horse battery staple")
    file = tmp_path / "backup.tar"

    back_up(filled, file, NOW)

    content = file.read_bytes()
    assert b"correct horse" not in content
    assert b"s3cret" not in content


def test_what_belongs_together_stays_together_while_others_write(
    settings: Settings, engine: sa.Engine, elsewhere: Settings, tmp_path: Path
) -> None:
    """A delivery and its work are written in one transaction: a backup has both or neither."""
    work, is_over, written = Work(engine), threading.Event(), []

    def deliver() -> None:
        for number in range(500):
            if is_over.is_set():
                return
            with writing(engine) as connection:
                row = {"id": f"d{number}", "event": "push", "received_at": NOW, "outcome": "enqueued"}
                connection.execute(sa.insert(DELIVERIES).values(**row))
                work.enqueue("deliver", {}, id=f"d{number}", queue="intake", connection=connection)
            written.append(number)

    writer = threading.Thread(target=deliver)
    writer.start()
    try:
        _until(lambda: len(written) > 5)
        before = len(written)
        back_up(settings, tmp_path / "backup.tar", NOW)
    finally:
        is_over.set()
        writer.join()
    restore(elsewhere, tmp_path / "backup.tar", replace=False, force=False)

    with opened(elsewhere) as made, made.connect() as connection:
        deliveries = set(connection.execute(sa.select(DELIVERIES.c.id)).scalars())
        assert len(deliveries) >= before
        assert all(Work(made).alive(id_) for id_ in deliveries)
        assert sum(depth.count for depth in Work(made).depth()) == len(deliveries)


def _until(is_so: Callable[[], bool]) -> None:
    waited = threading.Event()
    for _ in range(1000):
        if is_so():
            return
        waited.wait(0.01)
    pytest.fail("nothing was written")


def test_a_database_that_is_there_goes_only_where_that_is_said(filled: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    back_up(filled, file, NOW)
    before = _contents(filled)
    with opened(filled) as engine, engine.begin() as connection:
        connection.execute(sa.delete(REPOSITORIES))
        # What a newer debtscan would have made and the backup does not know.
        connection.execute(sa.text("CREATE TABLE debtscan_newer (x INTEGER)"))

    with pytest.raises(BackupError, match="restore with --replace"):
        restore(filled, file, replace=False, force=False)
    assert _contents(filled)["debtscan_repositories"] == []
    restore(filled, file, replace=True, force=False)

    assert _kept(_contents(filled)) == _kept(before)


def test_it_works_again_after_the_backup_came_back_twice(filled: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    back_up(filled, file, NOW)
    for _ in range(2):
        restore(filled, file, replace=True, force=False)
    back_up(filled, file, NOW + timedelta(days=1))

    assert read_manifest(file).made_at == NOW + timedelta(days=1)


def test_nothing_is_replaced_under_a_service_that_lives(
    filled: Settings, engine: sa.Engine, tmp_path: Path, kind: Kind
) -> None:
    file = tmp_path / "backup.tar"
    back_up(filled, file, NOW)
    if kind == "sqlite":
        alone = Alone(filled.folder)
        alone.take()
        with pytest.raises(SecondProcessError, match="stop it"):
            restore(filled, file, replace=True, force=True)
        alone.release()
        return
    lease = Lease(engine, "1", Terms())
    lease.take()
    with pytest.raises(ServiceLivesError, match="hold live leases of the database, on "):
        restore(filled, file, replace=True, force=False)
    lease.release()
    engine.dispose()
    with engine.connect(), pytest.raises(ServiceLivesError, match="connections of debtscan's are open"):
        restore(filled, file, replace=True, force=False)
    lease.take()
    engine.dispose()
    restore(filled, file, replace=True, force=True)


def test_an_sqlite_file_that_somebody_reads_is_not_taken_away(
    sqlites: Any,  # noqa: ANN401 - the fixture's type is the conftest's
    tmp_path: Path,
) -> None:
    settings = sqlites.fresh(tmp_path / "data")
    back_up(settings, tmp_path / "backup.tar", NOW)
    with opened(settings) as engine, engine.connect() as connection:
        connection.execute(sa.select(REPOSITORIES.c.id)).all()
        with pytest.raises(ServiceLivesError, match="is in use"):
            restore(settings, tmp_path / "backup.tar", replace=True, force=True)


@pytest.mark.parametrize("share", [0.001, 0.3, 0.9])
def test_a_truncated_file_changes_nothing(filled: Settings, tmp_path: Path, share: float) -> None:
    file = tmp_path / "backup.tar"
    back_up(filled, file, NOW)
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])
    before = _contents(filled)

    with pytest.raises(DamagedBackupError, match=r"backup\.tar: "):
        restore(filled, file, replace=True, force=False)

    assert _contents(filled) == before
    assert not list(filled.folder.glob(".restoring*"))


def test_a_file_with_one_bit_turned_changes_nothing(filled: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    back_up(filled, file, NOW)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    before = _contents(filled)

    with pytest.raises(DamagedBackupError, match="not what was backed up"):
        restore(filled, file, replace=True, force=False)

    assert _contents(filled) == before


def test_a_dump_that_fails_in_the_middle_changes_nothing(filled: Settings, tmp_path: Path) -> None:
    """Its digest is right, but what it holds is no database."""
    file = tmp_path / "backup.tar"
    made = back_up(filled, file, NOW)
    unpack(file, tmp_path / "content")
    half = (tmp_path / "content").read_bytes()[: made.size // 2]
    write(file, lambda path: _put(path, half), lambda size, digest: _like(made, size=size, sha256=digest))
    before = _contents(filled)

    with pytest.raises(BackupError):
        restore(filled, file, replace=True, force=False)

    assert _contents(filled) == before


def test_a_backup_without_the_tables_that_it_tells_of_changes_nothing(
    filled: Settings, elsewhere: Settings, tmp_path: Path, kind: Kind
) -> None:
    file, content = tmp_path / "backup.tar", tmp_path / "content"
    made = back_up(filled, file, NOW)
    content.touch()
    if kind == "postgresql":
        with opened(elsewhere) as engine:
            dump(clients_for(server_version(engine)[0]), engine, content, ())
    empty = content.read_bytes()
    write(file, lambda path: _put(path, empty), lambda size, digest: _like(made, size=size, sha256=digest))
    before = _contents(filled)

    with pytest.raises(BackupError):
        restore(filled, file, replace=True, force=False)

    assert _contents(filled) == before


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _like(manifest: Manifest, **changed: Any) -> Manifest:  # noqa: ANN401 - any field
    return msgspec.structs.replace(manifest, **changed)


def test_a_newer_debtscan_s_backup_is_refused_by_name(filled: Settings, tmp_path: Path) -> None:
    with opened(filled) as engine, engine.begin() as connection:
        versions = sa.table(VERSIONS, sa.column("version_num"))
        connection.execute(sa.update(versions).values(version_num="9999"))
    file = tmp_path / "backup.tar"
    back_up(filled, file, NOW)

    with pytest.raises(UnsuitableBackupError, match=f"debtscan {VERSION} made it, which is newer"):
        restore(filled, file, replace=True, force=False)


def test_a_backup_of_another_kind_of_database_is_refused(
    filled: Settings, elsewhere: Settings, tmp_path: Path, kind: Kind
) -> None:
    file = tmp_path / "backup.tar"
    made = back_up(filled, file, NOW)
    other = "postgresql" if kind == "sqlite" else "sqlite"
    unpack(file, tmp_path / "content")
    content = (tmp_path / "content").read_bytes()
    write(file, lambda path: _put(path, content), lambda _size, _digest: _like(made, kind=other))

    with pytest.raises(UnsuitableBackupError, match=f"holds a database of {other}, not of {made.kind}"):
        restore(elsewhere, file, replace=False, force=False)


def test_without_a_database_there_is_nothing_to_back_up(elsewhere: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="`debtscan serve` makes"):
        back_up(elsewhere, tmp_path / "backup.tar", NOW)
    assert not (tmp_path / "backup.tar").exists()


def test_an_older_backup_is_migrated_on_its_way(
    filled: Settings, elsewhere: Settings, tmp_path: Path, kind: Kind
) -> None:
    """A database in which the engine's tables were not made yet: the content comes, the rest is made."""
    file = tmp_path / "backup.tar"
    with opened(filled) as engine, engine.begin() as connection:
        _drop_the_engine_s_tables(connection, kind)
    back_up(filled, file, NOW)

    restore(elsewhere, file, replace=False, force=False)

    with opened(elsewhere) as engine:
        assert needed(engine) is None


def _drop_the_engine_s_tables(connection: sa.Connection, kind: Kind) -> None:
    if kind == "postgresql":
        connection.execute(sa.text("DROP SCHEMA dbos CASCADE"))
        return
    known = sa.MetaData()
    known.reflect(connection)
    known.drop_all(connection, tables=[known.tables[name] for name in known.tables if not name.startswith("debtscan_")])
