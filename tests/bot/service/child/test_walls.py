"""The line that Landlock draws around a child where bubblewrap may not build walls, as in most containers."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import msgspec
import pytest

from bot.service.child import landlocked, walls
from bot.service.child.conversation import Help, work
from bot.service.child.walls import Reach, around
from bot.service.scanning import Scan
from tests.bot.service.child.test_conversation import HOSTILE, _never, _task
from tests.support.service.scans import workshop

VERSION = landlocked.version()
pytestmark = pytest.mark.skipif(VERSION < 1, reason="needs Landlock, of Linux 5.13 or newer")

# What older systems do not hold back yet.
LATER = ({"network"} if VERSION < 4 else set()) | ({"signal"} if VERSION < 6 else set())
ALLOWED = {"reading", "keeping", "scratch"} | LATER


@pytest.fixture(autouse=True)
def _without_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walls, "program", lambda _name, _environ: None)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return the service's folder: a secret, a mirror, and what was measured of that."""
    (tmp_path / "mirror").mkdir()
    (tmp_path / "kept").mkdir()
    for name in ("secret", "mirror/HEAD", "mirror/config"):
        (tmp_path / name).write_text("hunter2")
    (tmp_path / "link").symlink_to("secret")
    return tmp_path


def _pried(data: Path, *, hidden: tuple[Path, ...] = (), tools: bool = False) -> set[str]:
    reach = Reach(hidden=hidden, readable=(data / "mirror",), written=(data / "kept",), tools=tools)
    with socket.create_server(("127.0.0.1", 0)) as server:
        task = msgspec.structs.replace(
            _task("pry"),
            folder=str(data),
            kept=str(data / "kept"),
            head=str(os.getpid()),
            base=str(server.getsockname()[1]),
        )
        return set(work(task, list[str], Help(bring=_never, answers=_never, reach=reach), 60, HOSTILE))


def _judged(scan: Scan) -> tuple[object, ...]:
    document = msgspec.json.decode(scan.document)
    return document["scorecard"], document["findings"], document["skipped"], scan.inventory


def test_a_child_gets_at_its_mirror_and_its_own_folders_and_at_nothing_of_the_services(data: Path) -> None:
    assert _pried(data) == ALLOWED


def test_a_child_with_lock_tools_has_the_network_and_nothing_else(data: Path) -> None:
    assert _pried(data, tools=True) == ALLOWED | {"network"}


def test_what_is_hidden_below_pythons_own_folders_stays_so(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(data.parent))
    assert _pried(data) == ALLOWED | {"secret", "link", "names"}
    # The names in it can be listed there, but nothing be read.
    assert _pried(data, hidden=(data,)) == ALLOWED | {"names"}


def test_where_lock_tools_have_walls_of_their_own_there_is_no_line_around_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walls, "program", lambda _name, _environ: "/usr/bin/bwrap")
    monkeypatch.setattr(walls, "_stand", lambda _found, **_inner: False)
    for stands, expected in ((True, False), (False, True)):
        monkeypatch.setattr("bot.upgrade.locks.walls.stand", lambda _found, stands=stands: stands)
        assert bool(around(Reach(tools=True), tmp_path)) is expected
        assert around(Reach(), tmp_path)


def test_a_scan_behind_the_line_says_what_one_without_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with workshop(tmp_path / "one") as shop:
        behind = shop.scan()
        monkeypatch.setattr(landlocked, "version", lambda: 0)
        assert _judged(shop.scan()) == _judged(behind)
