"""Listing folders: what is walked, what is named, and where it ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from analyzers.config import Config, Scan
from analyzers.repository import listing
from analyzers.repository.listing import list_folder
from analyzers.repository.patterns import PathPatterns
from analyzers.repository.snapshot import FileSnapshot, open_snapshot
from tests.support.repository import RepositoryBuilder

EVERYTHING = PathPatterns()


def rows(found: listing.Listing | FileSnapshot) -> list[tuple[str, str]]:
    return [(entry.path, entry.reason) for entry in found.skipped]


def test_a_folder_is_walked_without_its_tools_own_folders(tmp_path: Path) -> None:
    for name in ("b/c.py", "a.py", ".hg/store", "b/__pycache__/c.pyc", ".github/workflows/x.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert list_folder(tmp_path, EVERYTHING, 100).paths == (".github/workflows/x.yml", "a.py", "b/c.py")


def test_repositories_and_links_in_a_folder_are_named(tmp_path: Path) -> None:
    RepositoryBuilder(tmp_path / "inner").write("a.py", "")
    (tmp_path / "out").symlink_to("/etc")
    (tmp_path / "in").symlink_to("own.py")
    (tmp_path / "own.py").write_text("")
    found = list_folder(tmp_path, EVERYTHING, 100)
    assert found.paths == ("own.py",)
    assert rows(found) == [("inner", "submodule"), ("out", "outside-repository")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert rows(list_folder(tmp_path, EVERYTHING, 100)) == [("pipe", "unreadable")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_tracked_file_that_became_something_else_is_judged_as_it_is(tmp_path: Path) -> None:
    repository = RepositoryBuilder(tmp_path / "project").write("a", "1").write("b", "1").write("c/d", "1").commit()
    for name in ("a", "b", "c/d"):
        repository.remove(name)
    os.mkfifo(repository.path / "a")
    repository.link("b", "../outside")
    (repository.path / "c" / "d").mkdir()
    repository.write("c/d/e", "1")
    snapshot = open_snapshot(repository.path, Config())
    assert snapshot.paths() == ("c/d/e",)
    assert snapshot.repository.dirty
    assert ("b", "outside-repository") in rows(snapshot)


def test_a_walk_ends(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"d{number:02}").mkdir()
        (tmp_path / f"d{number:02}" / "a").write_text("")
    found = list_folder(tmp_path, EVERYTHING, 6)
    assert found.paths == tuple(f"d{number:02}/a" for number in range(6))
    assert {entry.reason for entry in found.skipped} == {"limit-reached"}


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    real = os.scandir

    def scandir(path: Path) -> object:
        if path.name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert [reason for _, reason in rows(list_folder(tmp_path, EVERYTHING, 100))] == ["unreadable"]


def test_many_of_one_kind_are_counted_and_not_listed(tmp_path: Path) -> None:
    for number in range(150):
        (tmp_path / f"l{number:03}").symlink_to("/etc")
    found = list_folder(tmp_path, EVERYTHING, 1000)
    assert len(found.skipped) == 101
    assert found.skipped[-1].detail == "50 more files like these"


@pytest.mark.parametrize("commit", [None, "HEAD"])
def test_a_path_longer_than_any_system_allows_is_named(
    tmp_path: Path, commit: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "LONGEST_PATH", 50)
    repository = RepositoryBuilder(tmp_path / "project").write("a.py", "").write("b" * 51, "").commit()
    snapshot = open_snapshot(repository.path, Config(), commit=commit)
    assert snapshot.paths() == ("a.py",)
    assert [reason for _, reason in rows(snapshot)] == ["unreadable"]


def test_a_link_whose_target_is_no_path_leads_nowhere(tmp_path: Path) -> None:
    repository = RepositoryBuilder(tmp_path / "project").write("a.py", "x" * 5000).commit()
    blob = repository.git("rev-parse", "HEAD:a.py").strip()
    repository.git("update-index", "--add", "--cacheinfo", f"120000,{blob},link")
    repository.git("commit", "--quiet", "-m", "link")
    snapshot = open_snapshot(repository.path, Config(), commit="HEAD")
    assert rows(snapshot) == [("link", "outside-repository")]


def test_excluded_links_and_submodules_are_not_named(tmp_path: Path) -> None:
    repository = RepositoryBuilder(tmp_path / "project").link("x/out", "/etc").commit()
    RepositoryBuilder(repository.path / "x" / "inner").write("a", "")
    snapshot = open_snapshot(repository.path, Config(scan=Scan(exclude=("x/",))))
    assert [reason for _, reason in rows(snapshot)] == ["ignored"]


def test_unmerged_files_are_listed_once(tmp_path: Path) -> None:
    repository = RepositoryBuilder(tmp_path / "project").write("a.py", "1\n").commit().branch("side")
    repository.write("a.py", "2\n").commit().switch("main").write("a.py", "3\n").commit()
    with pytest.raises(Exception, match="merge"):
        repository.git("merge", "side")
    snapshot = open_snapshot(repository.path, Config())
    assert snapshot.paths() == ("a.py",)
    assert snapshot.repository.dirty
