"""The service's processes, started and stopped for real."""

from __future__ import annotations

import json
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
import urllib3
from prometheus_client.parser import text_string_to_metric_families

from bot.cli import main
from bot.service.engine._rows import workflows
from bot.service.engine.leases import live
from bot.service.engine.work import Work
from bot.service.secrets import write as write_secrets
from bot.service.settings import Settings, load_settings
from tests.support.service import payloads
from tests.support.service.databases import Kind, Postgreses, Sqlites, opened
from tests.support.service.running import Running, free_port, started, written
from tests.support.service.web import secrets_of_an_app

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the service runs on POSIX systems alone")


@contextmanager
def _silent_github() -> Iterator[tuple[str, threading.Event]]:
    """Yield the address of a server that takes every request and answers none, and what tells that one came."""
    asked, held = threading.Event(), []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def take() -> None:
            while True:
                try:
                    held.append(listener.accept()[0])
                except OSError:
                    return
                asked.set()

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)
    for one in held:
        one.close()


def _busy(settings: Settings, folder: Path, github: str, engine: sa.Engine, **keys: str | int) -> Path:
    """Write a configuration of a registered App, and leave work that asks this GitHub."""
    file = written(folder, github=github, data=str(settings.folder), **keys)
    write_secrets(load_settings(file, {}), secrets_of_an_app())
    Work(engine).enqueue("list", {"installation": 7}, id="list:7", queue="chores")
    engine.dispose()
    return file


def test_it_starts_answers_and_stops(settings: Settings, engine: sa.Engine, tmp_path: Path) -> None:
    engine.dispose()
    settings.secrets.mkdir(parents=True)
    (settings.secrets / "metrics-token").write_text("m" * 40)
    file = written(tmp_path, data=str(settings.folder))
    with started("serve", file, settings.database) as service:
        service.until('"event": "ready"')
        _read_metrics(service)
        assert service.get(f"{service.web}/healthz")[0] == 200
        status, told = service.get(f"{service.web}/readyz")
        assert (status, '"registered":false' in told) == (200, True)
        assert service.get(f"{service.operations}/readyz")[0] == 200
        assert len(live(engine)) == 1
        # Installations may be others than those that are known: GitHub is asked, once there is an App.
        assert "reconcile" in _names(engine)
        assert "open http://127.0.0.1:8080/setup and enter " in service.told()
        assert service.get(f"{service.operations}/setup")[0] == 404
        engine.dispose()

        assert service.terminate() == 0

        assert '"event": "stopped"' in service.told()
        assert "Traceback" not in service.told()
    assert not live(engine)
    assert (settings.folder / "tmp").stat().st_mode & 0o777 == 0o700
    assert list((settings.folder / "tmp").iterdir()) == []


def _names(engine: sa.Engine) -> set[str]:
    """Return what workflows were enqueued, by their names."""
    rows = workflows(engine)
    with engine.connect() as connection:
        return set(connection.execute(sa.select(rows.c.name)).scalars())


def _read_metrics(service: Running) -> None:
    """Operators read them at an address of their own; at the service's own address the token is needed."""
    status, told = service.get(f"{service.operations}/metrics")
    assert status == 200
    names = {family.name for family in text_string_to_metric_families(told)}
    assert {"debtscan_build_info", "debtscan_workers_live", "process_open_fds", "debtscan_database_up"} <= names
    assert service.get(f"{service.web}/metrics")[0] == 401
    assert service.get(f"{service.web}/metrics", Authorization="Bearer wrong")[0] == 401
    assert service.get(f"{service.web}/metrics", Authorization=f"Bearer {'m' * 40}")[0] == 200


def test_a_delivery_s_id_stands_in_all_lines_of_its_work(sqlites: Sqlites, tmp_path: Path) -> None:
    settings, body = sqlites.fresh(tmp_path / "data"), payloads.encoded(payloads.push())
    with opened(settings) as engine, _silent_github() as (github, _asked):
        file = _busy(settings, tmp_path, github, engine)
        secret = secrets_of_an_app().webhook[0]
        with started("serve", file) as service:
            service.until('"event": "ready"')
            signed = payloads.headers("push", body, "d-1", secret)
            url = f"{service.web}/webhooks/github"
            assert urllib3.request("POST", url, body=body, headers=signed, timeout=10).status == 202
            service.until('"event": "delivery handled"')
            lines = [json.loads(line) for line in service.told().splitlines() if line.startswith("{")]
    about = {line["logger"]: line["event"] for line in lines if line.get("delivery") == "d-1"}
    assert about == {
        "bot.service.web.webhooks": "delivery taken",
        "bot.service.workflows.deliver": "delivery handled",
    }


def test_what_still_runs_at_the_end_is_handed_back(sqlites: Sqlites, tmp_path: Path) -> None:
    settings = sqlites.fresh(tmp_path / "data")
    with opened(settings) as engine:
        _hand_back(settings, engine, tmp_path)


@pytest.mark.soak
def test_what_still_runs_at_the_end_is_handed_back_on_postgresql(postgreses: Postgreses, tmp_path: Path) -> None:
    settings = postgreses.fresh(tmp_path / "data")
    with opened(settings) as engine:
        _hand_back(settings, engine, tmp_path)


def _hand_back(settings: Settings, engine: sa.Engine, tmp_path: Path) -> None:
    with _silent_github() as (github, asked):
        file = _busy(settings, tmp_path, github, engine)
        with started("serve", file, settings.database) as service:
            service.until('"event": "ready"')
            assert asked.wait(30)
            service.process.terminate()
            service.until('"event": "stopping"')
            assert service.get(f"{service.web}/readyz")[0] == 503
            assert service.ended() == 0
            assert '"handed_back": true' in service.told()
        assert Work(engine).alive("list:7")
        engine.dispose()
        with started("serve", file, settings.database) as again:
            # The next one goes on with it, once the lease of the one before has ended.
            asked.clear()
            again.until('"event": "ready"')
            assert asked.wait(30)


def test_a_second_signal_ends_it_at_once(sqlites: Sqlites, tmp_path: Path) -> None:
    settings = sqlites.fresh(tmp_path / "data")
    with opened(settings) as engine, _silent_github() as (github, asked):
        file = _busy(settings, tmp_path, github, engine, **{"stop-seconds": 3000})
        with started("serve", file, settings.database) as service:
            service.until('"event": "ready"')
            assert asked.wait(30)
            service.process.terminate()
            service.until('"event": "stopping"')
            service.process.terminate()
            assert service.ended() == 130
        assert Work(engine).alive("list:7")


def test_a_crash_says_where_every_thread_was(tmp_path: Path) -> None:
    with started("serve", written(tmp_path)) as service:
        service.until('"event": "ready"')
        service.process.send_signal(signal.SIGSEGV)
        assert service.ended() == -signal.SIGSEGV
        told = service.told()
    assert "Fatal Python error: Segmentation fault" in told
    assert 'bot/service/run.py", line' in told


def test_on_postgresql_pages_and_scans_may_be_processes_of_their_own(
    settings: Settings, engine: sa.Engine, tmp_path: Path, kind: Kind
) -> None:
    if kind == "sqlite":
        with started("worker", written(tmp_path, data=str(settings.folder))) as refused:
            assert refused.ended() == 2
            assert "workers need PostgreSQL, in DEBTSCAN_DATABASE" in refused.told()
        return
    engine.dispose()
    (tmp_path / "web").mkdir()
    pages = written(tmp_path / "web", jobs=0)
    with (
        started("serve", pages, settings.database) as web,
        started("worker", written(tmp_path), settings.database) as one,
    ):
        web.until('"event": "ready"')
        one.until('"event": "ready"')
        assert len(live(engine)) == 1
        assert one.get(f"{one.operations}/readyz")[0] == 200
        told = one.get(f"{one.operations}/metrics")[1]
        assert "debtscan_scans_running" in told
        # Mirrors lie on its own disk.
        assert "debtscan_data_free_bytes" in told
        assert "debtscan_database_up 1.0" in told
        # What the database knows, the web processes tell.
        assert "debtscan_repositories" not in told
        assert "debtscan_workers_live 1.0" in web.get(f"{web.operations}/metrics")[1]
        engine.dispose()
        assert (one.terminate(), web.terminate()) == (0, 0)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"jobs": 0}, "jobs is 0, and nobody else can work on SQLite"),
        ({"url": "debtscan.example.org"}, "service.toml: url is 'debtscan.example.org'"),
        ({"github": "ftp://x"}, "service.toml: github"),
    ],
)
def test_a_configuration_that_cannot_work_is_told(
    tmp_path: Path, keys: dict[str, str | int], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--settings", str(written(tmp_path, **keys))]) == 2
    assert told in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with started("serve", written(tmp_path)) as service:
        assert service.ended() == 2
        assert "/data cannot be written to (Not a directory)" in service.told()


def test_an_address_that_is_taken_is_told_by_its_key(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with started("serve", written(tmp_path, operations=address)) as service:
            assert service.ended() == 2
            assert "/setup" not in service.told()
            assert f"operations: cannot listen at {address} (Address already in use)" in service.told()
            assert "Traceback" not in service.told()


def test_a_folder_serves_one_process(tmp_path: Path) -> None:
    file = written(tmp_path)
    (tmp_path / "second").mkdir()
    second = written(tmp_path / "second", data=str(tmp_path / "data"))
    with started("serve", file) as one:
        one.until('"event": "ready"')
        with started("serve", second) as other:
            assert other.ended() == 2
            assert "another process" in other.told()
        assert one.terminate() == 0


def test_a_database_that_nobody_reaches_is_told_without_its_password(tmp_path: Path) -> None:
    with started("worker", written(tmp_path), "postgresql://me:hunter2@127.0.0.1:1/x") as worker:
        assert worker.ended() == 2
        assert "cannot be used" in worker.told()
        assert "hunter2" not in worker.told()


def test_the_check_says_what_is_there_and_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with _silent_github() as (github, _asked):
        file = written(tmp_path, github=github)

        code = main(["serve", "--check", "--settings", str(file)])

    told = capsys.readouterr().out
    assert code in {0, 2}
    assert (code == 2) == ("\nfailed " in f"\n{told}")
    assert "none is registered yet" in told
    assert not (tmp_path / "data").exists()
