"""Where a backup may be written and brought back: nothing is lost for it but an earlier backup."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest

from bot.service.backup.archive import Manifest, read_manifest, write
from bot.service.backup.errors import BackupError, DamagedBackupError
from bot.service.backup.making import back_up
from bot.service.backup.restoring import restore
from bot.service.settings import Settings
from tests.support.service.databases import Sqlites, opened, settings_of

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture
def settings(sqlites: Sqlites, tmp_path: Path) -> Settings:
    return sqlites.fresh(tmp_path / "data")


@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-journal"])
def test_the_database_itself_is_never_written_over(settings: Settings, end: str) -> None:
    place = settings.file_of_database.with_name(settings.file_of_database.name + end)
    with opened(settings) as engine, engine.connect():
        before = place.read_bytes() if place.exists() else None

        with pytest.raises(BackupError, match="belongs to the database itself; name another file"):
            back_up(settings, place, NOW)

        assert (place.read_bytes() if place.exists() else None) == before


def test_another_name_of_the_database_is_known_as_well(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(settings.folder)

    with pytest.raises(BackupError, match="belongs to the database itself"):
        back_up(settings, tmp_path / "link" / "debtscan.sqlite3", NOW)
    with pytest.raises(BackupError, match="belongs to the database itself"):
        back_up(settings, settings.folder / "debtscan.lock", NOW)


def test_a_file_that_is_no_backup_stays(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("notes")

    with pytest.raises(BackupError, match=r"notes\.txt: is there already, and no backup that can be read"):
        back_up(settings, file, NOW)

    assert file.read_text() == "notes"


def test_an_earlier_backup_gives_way_to_a_later_one(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    back_up(settings, file, NOW)

    back_up(settings, file, NOW + timedelta(hours=1))

    assert read_manifest(file).made_at == NOW + timedelta(hours=1)


def test_a_place_that_is_no_file_is_told(settings: Settings, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(BackupError, match="pipe: is no file"):
        back_up(settings, tmp_path / "pipe", NOW)
    for folder in (tmp_path, Path(), Path("/")):
        with pytest.raises(BackupError, match="is a folder; name a file in it"):
            back_up(settings, folder, NOW)


def test_a_folder_that_cannot_be_written_to_is_told(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "backup.tar", NOW)

    with pytest.raises(BackupError, match=r"data: .*backup\.tar/data cannot be written to \(Not a directory\)"):
        restore(settings_of(tmp_path / "backup.tar" / "data"), tmp_path / "backup.tar", replace=False, force=False)


def test_a_folder_in_the_database_s_place_is_told(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "backup.tar", NOW)
    other = settings_of(tmp_path / "other")
    other.file_of_database.mkdir(parents=True)

    with pytest.raises(BackupError, match=r"debtscan\.sqlite3: is no file; move it away"):
        restore(other, tmp_path / "backup.tar", replace=True, force=False)


def test_what_root_brings_back_belongs_to_whom_the_folder_belongs_to(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the service could not open it."""
    back_up(settings, tmp_path / "backup.tar", NOW)
    given: dict[str, tuple[int, int]] = {}

    def give(path: Path, user: int, group: int, *, follow_symlinks: bool) -> None:
        assert not follow_symlinks
        given[path.name] = (user, group)

    monkeypatch.setattr("os.chown", give)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    restore(settings, tmp_path / "backup.tar", replace=True, force=False)
    assert given == {}
    monkeypatch.setattr("os.geteuid", lambda: 0)
    restore(settings, tmp_path / "backup.tar", replace=True, force=False)

    owner = settings.folder.stat()
    assert given == dict.fromkeys(("debtscan.lock", "debtscan.sqlite3"), (owner.st_uid, owner.st_gid))


def test_a_backup_without_the_tables_that_it_tells_of_replaces_nothing(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    made = back_up(settings, file, NOW)
    before = settings.file_of_database.read_bytes()

    def like(size: int, digest: str) -> Manifest:
        return msgspec.structs.replace(made, size=size, sha256=digest)

    for content, told in ((b"", "does not hold the tables"), (b"no database" * 100, "holds no database")):
        (tmp_path / "content").write_bytes(content)
        write(file, partial(shutil.copyfile, tmp_path / "content"), like)
        with pytest.raises(DamagedBackupError, match=rf"backup\.tar: {told}"):
            restore(settings, file, replace=True, force=False)

    assert settings.file_of_database.read_bytes() == before
