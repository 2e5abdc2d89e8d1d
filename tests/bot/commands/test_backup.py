"""The commands `backup` and `restore`, as a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.cli import main
from bot.service.database.tables import DELIVERIES
from bot.service.services import wall_clock
from bot.service.settings import DATABASE, Settings
from tests.support.postgres import running_postgres
from tests.support.service.databases import KINDS, Postgreses, Sqlites, opened


@pytest.fixture(params=KINDS)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    if request.param == "sqlite":
        yield Sqlites(tmp_path / "made").fresh(tmp_path / "data")
        return
    with running_postgres() as address:
        yield Postgreses(address).fresh(tmp_path / "data")


def _file(tmp_path: Path, data: Path) -> Path:
    file = tmp_path / f"{data.name}.toml"
    file.write_text(f'url = "https://debtscan.example.org"\ndata = "{data}"\n')
    return file


def _debtscan(*arguments: str | Path, database: str = "") -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **({DATABASE: database} if database else {})}
    command = [sys.executable, "-m", "bot", *map(str, arguments)]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)


def test_a_backup_is_made_and_comes_back(settings: Settings, tmp_path: Path) -> None:
    with opened(settings) as engine, engine.begin() as connection:
        row = {"id": "d1", "event": "push", "received_at": wall_clock(), "outcome": "enqueued"}
        connection.execute(sa.insert(DELIVERIES).values(**row))
    file, backup = _file(tmp_path, settings.folder), tmp_path / "backup.tar"

    made = _debtscan("backup", backup, "--settings", file, database=settings.database)
    assert (made.returncode, made.stdout) == (0, ""), made.stderr
    assert f"{backup}: " in made.stderr
    with opened(settings) as engine, engine.begin() as connection:
        connection.execute(sa.delete(DELIVERIES))
    refused = _debtscan("restore", backup, "--settings", file, database=settings.database)
    assert refused.returncode == 2
    assert "restore with --replace" in refused.stderr
    restored = _debtscan("restore", backup, "--replace", "--settings", file, database=settings.database)

    assert restored.returncode == 0, restored.stderr
    assert restored.stderr.startswith("restored what debtscan ")
    with opened(settings) as again, again.connect() as connection:
        assert connection.execute(sa.select(DELIVERIES.c.id)).scalars().all() == ["d1"]


def test_a_server_that_nobody_reaches_is_told_without_its_password(tmp_path: Path) -> None:
    file = _file(tmp_path, tmp_path / "data")

    done = _debtscan(
        "backup", tmp_path / "x", "--settings", file, database="postgresql://me:hunter2@127.0.0.1:1/x?password=hunter3"
    )

    assert done.returncode == 2
    assert "cannot be used" in done.stderr
    assert "hunter" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_backup_is_told_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.tar").write_text("notes")
    file = _file(tmp_path, tmp_path / "data")

    assert main(["restore", str(tmp_path / "x.tar"), "--settings", str(file)]) == 2
    assert "x.tar: is no whole backup of debtscan's" in capsys.readouterr().err


def test_without_the_extra_what_to_install_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.commands._serving.find_spec", lambda name: None if name == "dbos" else object())

    assert main(["backup", str(tmp_path / "x")]) == 2
    told = capsys.readouterr().err
    assert "more than is installed here (dbos)" in told
    assert "pip install 'debtscan[service]'" in told
