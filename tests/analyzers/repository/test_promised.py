"""Copies without contents: what is needed is fetched by name and in batches, and a scan sees no difference."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest

from analyzers.config import Config
from analyzers.errors import SnapshotError
from analyzers.read import read
from analyzers.repository.promised import copy
from analyzers.repository.snapshot import open_snapshot
from analyzers.repository.written import written_on
from analyzers.settings import Settings
from tests.support.git_server import GitHost, serve_git
from tests.support.repository import RepositoryBuilder

_TODAY = date(2026, 6, 1)
_BRANCHES = "".join(f"    if n == {number}:\n        return {number}\n" for number in range(12))


@pytest.fixture
def host(tmp_path: Path) -> Iterator[GitHost]:
    with serve_git(tmp_path / "host") as running:
        yield running


def _shop(host: GitHost, **settings: str) -> RepositoryBuilder:
    """Make a repository with a hotspot: one function that five commits changed."""
    built = host.repository("acme/shop").write("other.py", "x = 1\n").write("old.txt", "gone\n").commit("Begin")
    for month in range(1, 6):
        built.write("shop.py", f"def price(n):\n{_BRANCHES}    return {month}\n")
        built.commit(f"Change {month}", date=f"2026-0{month}-10")
    built.remove("old.txt").commit("Remove", date="2026-05-11")
    for name, value in {"allowFilter": "true", **settings}.items():
        built.git("config", f"uploadpack.{name}", value)
    return built


def _name(built: RepositoryBuilder, revision: str) -> str:
    return built.git("rev-parse", revision).strip()


def _contents(folder: Path) -> set[str]:
    """Return the contents that are really there, by name."""
    command = ["git", "--git-dir", str(folder), "cat-file", "--batch-all-objects", "--batch-check"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {line.split()[0] for line in listed.splitlines() if line.split()[1] == "blob"}


def test_a_copy_holds_the_contents_of_the_newest_commit_alone(host: GitHost, tmp_path: Path) -> None:
    built = _shop(host)
    promised = copy(f"{host.url}/acme/shop.git", tmp_path / "copy")
    assert promised is not None
    assert _contents(tmp_path / "copy") == {_name(built, f"HEAD:{path}") for path in ("other.py", "shop.py")}
    old = [_name(built, f"HEAD~{back}:shop.py") for back in (2, 3)]
    before = len(host.requests)
    promised.bring(old)
    assert _contents(tmp_path / "copy") > set(old)
    assert [request.split()[0] for request in host.requests[before:]].count("POST") == 1
    before = len(host.requests)
    promised.bring(old)
    assert host.requests[before:] == []


def test_a_scan_of_a_copy_sees_what_one_of_the_whole_sees(host: GitHost, tmp_path: Path) -> None:
    built = _shop(host)
    promised = copy(f"{host.url}/acme/shop.git", tmp_path / "shop")
    assert promised is not None
    whole = open_snapshot(built.path, Config(), commit="HEAD")
    copied = open_snapshot(tmp_path / "shop", Config(), bring=promised.bring)
    expected = read(whole, Settings(Config()), as_of=_TODAY)
    found = read(copied, Settings(Config()), as_of=_TODAY)
    assert found.functions == expected.functions
    assert found.history == expected.history
    assert [churn.revisions for churn in found.history.functions] == [5] if found.history else False
    assert found.skipped == expected.skipped
    assert [copied.size(path) for path in copied.paths()] == [whole.size(path) for path in whole.paths()]
    assert written_on(copied, "shop.py", 2) == written_on(whole, "shop.py", 2) == date(2026, 1, 10)


def test_old_contents_are_fetched_with_one_request_and_those_of_moves_with_another(
    host: GitHost, tmp_path: Path
) -> None:
    built = _shop(host)
    for name in ("here", "there"):
        built.move("shop.py", f"{name}.py").write("shop.py", "").commit(f"Move to {name}", date="2026-05-12")
        built.write("shop.py", (built.path / f"{name}.py").read_bytes()).write(f"{name}.py", "x = 1\n")
        built.commit("Move back", date="2026-05-13")
    promised = copy(f"{host.url}/acme/shop.git", tmp_path / "shop")
    assert promised is not None
    before = len(host.requests)
    copied = open_snapshot(tmp_path / "shop", Config(), bring=promised.bring)
    found = read(copied, Settings(Config()), as_of=_TODAY)
    assert [churn.revisions for churn in found.history.functions] == [5] if found.history else False
    assert [request.split()[0] for request in host.requests[before:]].count("POST") <= 3


def test_what_a_scan_cannot_fetch_any_more_is_asked_for_once_and_said(tmp_path: Path) -> None:
    with serve_git(tmp_path / "host") as host:
        _shop(host)
        promised = copy(f"{host.url}/acme/shop.git", tmp_path / "shop")
    assert promised is not None
    asked: list[set[str]] = []

    def bring(blobs: Iterable[str]) -> None:
        wanted = set(blobs) - promised._here
        asked.extend([wanted] if wanted else [])
        promised.bring(wanted)

    copied = open_snapshot(tmp_path / "shop", Config(), bring=bring)
    found = read(copied, Settings(Config()), as_of=_TODAY)
    assert found.history is not None
    assert found.history.functions == ()
    assert {churn.path: churn.revisions for churn in found.history.churn}["shop.py"] == 5
    assert [(entry.what, entry.reason) for entry in found.skipped] == [("history", "unreadable")]
    assert [len(wanted) for wanted in asked] == [4]


def test_an_older_commit_is_opened_with_its_contents(host: GitHost, tmp_path: Path) -> None:
    built = _shop(host)
    promised = copy(f"{host.url}/acme/shop.git", tmp_path / "shop")
    assert promised is not None
    before = open_snapshot(tmp_path / "shop", Config(), commit="HEAD~3", bring=promised.bring)
    assert before.read("old.txt") == b"gone\n"
    assert before.read("shop.py").decode() == built.git("show", "HEAD~3:shop.py")


def test_a_server_that_sends_everything_is_taken_at_its_word(host: GitHost, tmp_path: Path) -> None:
    built = _shop(host, allowFilter="false")
    assert copy(f"{host.url}/acme/shop.git", tmp_path / "copy") is None
    assert _name(built, "HEAD~2:shop.py") in _contents(tmp_path / "copy")


def test_a_server_that_hands_out_no_single_contents_is_asked_for_everything(tmp_path: Path) -> None:
    with serve_git(tmp_path / "host", old_protocol=True) as host:
        built = _shop(host)
        assert copy(f"{host.url}/acme/shop.git", tmp_path / "copy") is None
        assert _name(built, "HEAD~2:shop.py") in _contents(tmp_path / "copy")


def test_contents_that_cannot_be_fetched_any_more_are_named(tmp_path: Path) -> None:
    with serve_git(tmp_path / "host") as host:
        built = _shop(host)
        promised = copy(f"{host.url}/acme/shop.git", tmp_path / "shop")
    assert promised is not None
    with pytest.raises(SnapshotError, match="cannot be copied"):
        promised.bring([_name(built, "HEAD~2:shop.py")])


def test_an_empty_repository_has_nothing_to_bring(host: GitHost, tmp_path: Path) -> None:
    host.repository("acme/shop").git("config", "uploadpack.allowFilter", "true")
    copy(f"{host.url}/acme/shop.git", tmp_path / "copy")
    assert _contents(tmp_path / "copy") == set()


def test_an_author_without_an_address_as_old_programs_wrote_it_stops_no_copy(host: GitHost, tmp_path: Path) -> None:
    built = _shop(host)
    stated = f"tree {_name(built, 'HEAD^{tree}')}\nparent {_name(built, 'HEAD')}\n"
    person = "Ada <ada@example.org <none@none> 1278692065 -0300"
    commit = f"{stated}author {person}\ncommitter {person}\n\nImport\n"
    (tmp_path / "commit").write_text(commit)
    made = built.git("hash-object", "-t", "commit", "-w", "--literally", str(tmp_path / "commit")).strip()
    built.git("update-ref", "refs/heads/main", made)
    promised = copy(f"{host.url}/acme/shop.git", tmp_path / "copy")
    opened = open_snapshot(tmp_path / "copy", Config(), bring=promised.bring if promised else None)
    assert opened.about.commit == made
    assert opened.read("other.py") == b"x = 1\n"
