"""``serve --check``: each thing that can be wrong is found, named and given a remedy, and nothing is changed."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from bot.github.session import Settings as GitHub
from bot.service.check import check
from bot.service.checked import Checked
from bot.service.database.migrate import migrate
from bot.service.database.opening import open_engine
from bot.service.permissions import default_events, default_permissions
from bot.service.secret_files import SecretFiles
from bot.service.secrets import write
from bot.service.settings import File, Limits, Settings
from tests.support.github import GitHubStandIn
from tests.support.github.grants import App
from tests.support.github_client import FakeClock
from tests.support.http_server import Reply, Script, serve
from tests.support.service.running import free_port
from tests.support.service.web import secrets_of

PATH = {"PATH": os.environ["PATH"]}


@pytest.fixture
def fake() -> FakeClock:
    return FakeClock()


@pytest.fixture
def github(tmp_path: Path, fake: FakeClock) -> Iterator[GitHubStandIn]:
    with GitHubStandIn(tmp_path / "github", enterprise=True) as standin:
        standin.world.clock = fake.moment
        yield standin


@pytest.fixture
def proxy() -> Iterator[Script]:
    """Run what answers at the service's address."""
    with serve() as script:
        script.on("/healthz", Reply(body=b'{"alive":true}', headers={"content-type": "application/json"}))
        yield script


@pytest.fixture
def app(github: GitHubStandIn, proxy: Script) -> App:
    made = github.app("debtscan", default_permissions(), on=["acme"])
    made.events, made.hook_url = default_events(), f"{proxy.url}/webhooks/github"
    return made


@pytest.fixture
def settings(tmp_path: Path, github: GitHubStandIn, proxy: Script, app: App) -> Settings:
    folder = tmp_path / "data"
    made = Settings(
        file=File(
            url=proxy.url,
            data=str(folder),
            listen=f"127.0.0.1:{free_port()}",
            github=github.url,
            limits=Limits(mirrors=64),
        ),
        secrets=folder / "secrets",
    )
    write(made, secrets_of(app))
    return made


def _found(settings: Settings, fake: FakeClock, environ: Mapping[str, str] = PATH) -> list[Checked]:
    asked = GitHub(address=settings.address, clock=fake.clock)
    return list(check(settings, environ, github=asked, now=fake.moment))


def _wrong(settings: Settings, fake: FakeClock, environ: Mapping[str, str] = PATH) -> list[tuple[str, str, str]]:
    """Return what is not all right, but for the sandbox, which depends on the machine."""
    found = [one for one in _found(settings, fake, environ) if one.state != "ok" and one.what != "sandbox"]
    assert all(one.remedy for one in found if one.state == "doubtful"), "an error names its remedy itself"
    return [(one.what, one.state, one.told) for one in found]


def test_where_all_is_well_it_says_so_of_each_thing(settings: Settings, fake: FakeClock) -> None:
    assert _wrong(settings, fake) == []
    names = [one.what for one in _found(settings, fake) if one.what != "sandbox"]
    assert names == [
        "disk", "database", "git", "url", "clock", "key", "permissions", "events", "hook", "installed",
    ]  # fmt: skip


def test_nothing_is_changed(settings: Settings, fake: FakeClock, github: GitHubStandIn) -> None:
    before = sorted(str(place) for place in settings.folder.rglob("*"))
    _found(settings, fake)
    assert sorted(str(place) for place in settings.folder.rglob("*")) == before
    assert github.writes == []


def test_before_the_registration_github_is_not_asked(
    settings: Settings, fake: FakeClock, github: GitHubStandIn
) -> None:
    for place in settings.secrets.iterdir():
        place.unlink()
    assert _wrong(settings, fake) == [("App", "doubtful", "none is registered yet")]
    assert github.requests == []


def test_no_secret_is_shown(settings: Settings, fake: FakeClock, app: App) -> None:
    app.events, app.permissions = (), {}
    shown = str(_found(settings, fake))
    assert app.client_secret not in shown
    assert "webhook-secret-of-the-app" not in shown
    assert "PRIVATE" not in shown


def test_secrets_that_are_not_whole_are_named(settings: Settings, fake: FakeClock) -> None:
    (settings.secrets / "client-secret").unlink()
    ((what, state, told),) = _wrong(settings, fake)
    assert (what, state) == ("secrets", "failed")
    assert "client-secret" in told


def test_secrets_that_others_read_or_guess_are_doubtful(settings: Settings, fake: FakeClock) -> None:
    place = settings.secrets / "webhook-secret"
    place.write_text("short\nanother-secret-of-the-webhook")
    place.chmod(0o644)
    assert _wrong(settings, fake) == [
        ("secrets", "doubtful", f"{place} can be read by other users"),
        ("secrets", "doubtful", "the webhook's secret number 1 is shorter than 16 characters"),
        ("secrets", "doubtful", "2 webhook secrets are taken"),
    ]


def test_a_mount_that_belongs_to_another_user_may_be_read_by_our_group(
    settings: Settings, fake: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, other = settings.secrets / "webhook-secret", os.geteuid() + 1
    monkeypatch.setattr("os.geteuid", lambda: other)
    place.chmod(0o440)
    assert _wrong(settings, fake) == []
    place.chmod(0o444)
    assert _wrong(settings, fake) == [("secrets", "doubtful", f"{place} can be read by other users")]


def test_a_key_that_github_does_not_take_is_told_with_the_clock(settings: Settings, fake: FakeClock, app: App) -> None:
    SecretFiles(settings.secrets, {}).write("app-id", str(app.id + 1))
    ((what, state, told),) = _wrong(settings, fake)
    assert (what, state) == ("key", "failed")
    assert f"the App {app.id + 1}" in told
    assert "clock" in [one.what for one in _found(settings, fake)]


@pytest.mark.parametrize(
    ("seconds", "wrong"),
    [
        (10, []),
        (-30, [("clock", "doubtful", "30 s apart from GitHub's")]),
        (90, [("clock", "failed", "90 s apart from GitHub's")]),
    ],
)
def test_a_clock_that_is_wrong_is_found(
    settings: Settings, fake: FakeClock, seconds: int, wrong: list[tuple[str, str, str]]
) -> None:
    asked = GitHub(address=settings.address, clock=fake.clock)
    found = check(settings, PATH, github=asked, now=lambda: fake.moment() + timedelta(seconds=seconds))
    assert [(one.what, one.state, one.told) for one in found if one.what == "clock" and one.state != "ok"] == wrong


def test_missing_permissions_and_events_say_what_is_lost(settings: Settings, fake: FakeClock, app: App) -> None:
    app.permissions = {**default_permissions(), "workflows": "read"}
    del app.permissions["members"]
    app.events = tuple(name for name in default_events() if name != "push")
    assert _wrong(settings, fake) == [
        (
            "permissions",
            "failed",
            "Workflows (write) is missing: updates of files in .github/workflows are left out, the others go on",
        ),
        ("permissions", "doubtful", "Members (of the organisation) (read) is missing: no team is asked for a review"),
        ("events", "doubtful", "the App is not subscribed to push: changes are found with the sweep alone"),
    ]


def test_a_hook_that_leads_elsewhere_is_found(settings: Settings, fake: FakeClock, app: App) -> None:
    app.hook_url = "https://old.example.org/hook"
    assert _wrong(settings, fake) == [("hook", "failed", "GitHub delivers to https://old.example.org/hook")]


def test_another_client_id_is_found(settings: Settings, fake: FakeClock) -> None:
    SecretFiles(settings.secrets, {}).write("client-id", "Iv1.other")
    ((what, state, told),) = _wrong(settings, fake)
    assert (what, state) == ("client id", "failed")
    assert "Iv1.other" in told


def test_installations_whose_owner_did_not_accept_are_named(settings: Settings, fake: FakeClock, app: App) -> None:
    app.installations[0].permissions = {"metadata": "read", "contents": "read"}
    assert _wrong(settings, fake) == [("installed", "doubtful", "not all permissions are accepted on acme")]
    app.installations.clear()
    assert _wrong(settings, fake) == [("installed", "doubtful", "nowhere")]


def test_the_key_that_is_to_take_over_is_tried(settings: Settings, fake: FakeClock, app: App) -> None:
    SecretFiles(settings.secrets, {}).write("private-key.next.pem", app.private_key)
    (next_key,) = [one for one in _found(settings, fake) if one.what == "next key"]
    assert next_key.state == "ok"
    assert "rename private-key.next.pem to private-key.pem" in next_key.told


def test_a_github_that_does_not_answer_is_told_and_the_rest_is_looked_at(
    settings: Settings, fake: FakeClock, github: GitHubStandIn
) -> None:
    github.fault(status=502, times=99)
    ((what, state, _told),) = _wrong(settings, fake)
    assert (what, state) == ("GitHub", "failed")


def test_a_database_that_is_older_is_migrated_later_and_a_newer_one_is_refused(
    settings: Settings, fake: FakeClock
) -> None:
    engine = open_engine(settings)
    with engine.begin():
        pass
    engine.dispose()
    (old,) = [one for one in _found(settings, fake) if one.what == "database"]
    assert old.state == "ok"
    assert "migrated with the next start" in old.told
    migrate(engine)
    engine.dispose()
    (current,) = [one for one in _found(settings, fake) if one.what == "database"]
    assert "as this version needs it" in current.told
    with sqlite3.connect(settings.folder / "debtscan.sqlite3") as connection:
        connection.execute("UPDATE debtscan_migrations SET version_num = '9999'")
    connection.close()
    ((what, state, told),) = _wrong(settings, fake)
    assert (what, state) == ("database", "failed")
    assert "a newer debtscan made the tables" in told


def test_a_database_that_is_none_or_cannot_be_reached_is_told_without_its_password(
    settings: Settings, fake: FakeClock
) -> None:
    for address in ("postgresql://me:hunter2@127.0.0.1:1/none", "mysql://me:hunter2@h/x"):
        ((what, state, told),) = _wrong(replace(settings, database=address), fake)
        assert (what, state) == ("database", "failed")
        assert "hunter2" not in told
    (settings.folder / "debtscan.sqlite3").write_bytes(b"no database at all" * 100)
    ((what, state, _told),) = _wrong(settings, fake)
    assert (what, state) == ("database", "failed")


def test_a_folder_that_cannot_be_written_is_found(settings: Settings, fake: FakeClock, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    file = msgspec.structs.replace(settings.file, data=str(tmp_path / "file" / "data"))
    assert ("disk", "failed", f"{tmp_path / 'file'} cannot be written to") in _wrong(replace(settings, file=file), fake)


def _with(settings: Settings, **keys: str | int) -> Settings:
    return replace(settings, file=msgspec.structs.replace(settings.file, **keys))


def test_where_nobody_would_work_it_is_found(settings: Settings, fake: FakeClock) -> None:
    ((what, state, told),) = _wrong(_with(settings, jobs=0), fake)
    assert (what, state) == ("jobs", "failed")
    assert "jobs is 0, and nobody else can work on SQLite" in told


@pytest.mark.parametrize("text", ["short", ""])
def test_a_session_secret_that_is_too_short_is_found(settings: Settings, fake: FakeClock, text: str) -> None:
    SecretFiles(settings.secrets, {}).write("session-secret", text)
    place = settings.secrets / "session-secret"
    told = f"{place}: is shorter than 32 characters; write a longer one"
    assert _wrong(settings, fake) == [("secrets", "failed", told)]


def test_a_folder_where_no_session_secret_can_be_made_is_found(
    settings: Settings, fake: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who runs the tests may write everywhere."""
    monkeypatch.setattr("bot.service.secret_files.os.access", lambda _place, _mode: False)
    (told,) = [told for what, state, told in _wrong(settings, fake) if (what, state) == ("secrets", "failed")]
    assert told.startswith(f"{settings.secrets}: secrets cannot be written there (Permission denied)")
    sealed = {**PATH, "DEBTSCAN_SESSION_SECRET": "s" * 32}
    assert "secrets" not in [what for what, _state, _told in _wrong(settings, fake, sealed)]


@pytest.mark.parametrize("key", ["listen", "operations"])
def test_an_address_that_cannot_be_listened_at_is_found(settings: Settings, fake: FakeClock, key: str) -> None:
    """One of another machine is wrong; where something listens already, that may be the service."""
    ((what, state, told),) = _wrong(_with(settings, **{key: "192.0.2.1:8080"}), fake)
    assert (what, state) == (key, "failed")
    assert f"{key}: cannot listen at 192.0.2.1:8080 (Cannot assign requested address)" in told
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        found = _wrong(_with(settings, **{key: address}), fake)
    assert found == [(key, "doubtful", f"something listens at {address} already")]


@pytest.mark.parametrize(("free", "state"), [(1023, "failed"), (1024, "doubtful"), (1999, "doubtful"), (2000, "ok")])
def test_a_disk_with_little_room_for_mirrors_is_found(
    settings: Settings, fake: FakeClock, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    """The disk's own room is not the test's to choose."""
    limits = Limits(mirrors=2001)
    monkeypatch.setattr("bot.service.check.shutil.disk_usage", lambda _place: SimpleNamespace(free=free * 2**20))
    (settings.folder / "mirrors").mkdir()
    (settings.folder / "mirrors" / "pack").write_bytes(bytes(2**20))
    small = replace(settings, file=msgspec.structs.replace(settings.file, limits=limits))
    assert [one.state for one in _found(small, fake) if one.what == "disk"] == [state]


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (Reply(status=200, body=b"<html>login</html>"), "failed"),
        (Reply(status=404), "failed"),
        (Reply(status=502), "doubtful"),
    ],
)
def test_what_else_answers_at_the_services_address_is_told(
    settings: Settings, fake: FakeClock, proxy: Script, reply: Reply, state: str
) -> None:
    proxy.on("/healthz", reply)
    ((what, found, _told),) = _wrong(settings, fake)
    assert (what, found) == ("url", state)
