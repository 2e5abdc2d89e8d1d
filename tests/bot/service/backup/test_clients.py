"""Which of PostgreSQL's programs is taken, and how they are told where to go."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.service.backup import clients
from bot.service.backup.clients import Clients, clients_for, server_version
from bot.service.backup.errors import BackupError


def _program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def _installed(root: Path, version: int) -> Path:
    folder = root / str(version) / "bin"
    for name in ("pg_dump", "pg_restore", "psql"):
        _program(folder, name, f'echo "{name} (PostgreSQL) {version}.4 (Debian {version}.4-1)"')
    return folder


@pytest.fixture
def debian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(clients, "_DEBIAN", tmp_path / "debian")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    return tmp_path / "debian"


def test_the_nearest_version_that_is_not_older_is_taken(debian: Path) -> None:
    folders = {version: _installed(debian, version) for version in (9, 14, 16, 17)}

    assert clients_for(15) == Clients(folders[16], 16)
    assert clients_for(17) == Clients(folders[17], 17)


def test_what_stands_on_the_path_is_found_as_well(
    debian: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _installed(tmp_path / "opt", 18)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    _installed(debian, 15)

    assert clients_for(18) == Clients(folder, 18)


def test_a_server_that_is_newer_than_all_programs_is_told_by_number(debian: Path) -> None:
    _installed(debian, 15)

    with pytest.raises(BackupError, match=r"PostgreSQL 17, and the newest pg_dump here is 15.*postgresql-client-17"):
        clients_for(17)


def test_without_any_program_what_to_install_is_told(debian: Path) -> None:
    debian.mkdir()
    _program(debian / "16" / "bin", "pg_dump", "echo 'pg_dump (PostgreSQL) 16.1'")

    with pytest.raises(BackupError, match="install postgresql-client-16"):
        clients_for(16)


def test_the_password_is_in_no_argument_and_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBTSCAN_DATABASE", "postgresql://me:pass word@db/x")
    monkeypatch.setenv("PGPASSWORD", "pass word")
    _program(
        tmp_path, "show", f'env > {tmp_path}/env; echo "$@" > {tmp_path}/args; cat "$PGSERVICEFILE" > {tmp_path}/file'
    )
    engine = sa.create_engine("postgresql+psycopg://me:pass%20word@db.example.org:6432/x?sslmode=verify-full")

    Clients(tmp_path, 15).run(engine, "show", "--format=custom")

    assert "pass word" not in (tmp_path / "env").read_text() + (tmp_path / "args").read_text()
    assert (tmp_path / "file").read_text().splitlines() == [
        "[debtscan]",
        "host=db.example.org",
        "dbname=x",
        "user=me",
        "password=pass word",
        "port=6432",
        "sslmode=verify-full",
    ]
    (name,) = [line for line in (tmp_path / "env").read_text().splitlines() if line.startswith("PGSERVICEFILE=")]
    assert not Path(name.partition("=")[2]).exists()


def test_what_a_program_says_when_it_fails_is_told_without_the_password(tmp_path: Path) -> None:
    _program(tmp_path, "fail", 'echo "cannot reach postgresql://me:hidden@db/x" >&2; exit 3')
    engine = sa.create_engine("postgresql+psycopg://me:hidden@db/x")

    with pytest.raises(BackupError, match=r"fail failed: cannot reach postgresql://db/x"):
        Clients(tmp_path, 15).run(engine, "fail")


def test_an_address_cannot_smuggle_a_setting_in(tmp_path: Path) -> None:
    engine = sa.create_engine(sa.URL.create("postgresql+psycopg", host="db", database="x\nhostaddr=10.0.0.1"))

    with pytest.raises(BackupError, match="line break"):
        Clients(tmp_path, 15).run(engine, "true")


def test_a_real_server_tells_its_version(engine: sa.Engine) -> None:
    if engine.dialect.name == "sqlite":
        return
    major, words = server_version(engine)
    assert words.startswith(str(major))
    assert clients_for(major).version >= major
