"""Files replaced together: modes, links, failures, interrupts, and ends at every step."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from bot.upgrade.work_tree import WriteRefusedError, remove_leftovers, replace_files

BEFORE = {"a.txt": b"old a\n", "deep/er/b.txt": b"old b\n", "deep/c.lock": b"old c\n"}
AFTER = {"a.txt": b"new a\n", "deep/er/b.txt": b"new b\n", "deep/c.lock": b"new c\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "tree"
    for path, content in BEFORE.items():
        (made / path).parent.mkdir(parents=True, exist_ok=True)
        (made / path).write_bytes(content)
    return made


def held(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_replaces_all_and_leaves_nothing_beside(folder: Path) -> None:
    replace_files(folder, AFTER, BEFORE)
    assert held(folder) == AFTER


def test_modes_stay(folder: Path) -> None:
    for mode, path in zip((0o755, 0o600, 0o444), BEFORE, strict=True):
        (folder / path).chmod(mode)
    replace_files(folder, AFTER, BEFORE)
    assert [stat.S_IMODE((folder / path).stat().st_mode) for path in BEFORE] == [0o755, 0o600, 0o444]


def test_a_new_file_is_as_readable_as_others(folder: Path) -> None:
    replace_files(folder, {"deep/new": b"x"}, {})
    assert (folder / "deep/new").stat().st_mode & 0o111 == 0
    assert (folder / "deep/new").read_bytes() == b"x"


def test_a_very_long_name_has_room_for_what_lies_beside(folder: Path) -> None:
    name = "é" * 120 + ".txt"
    (folder / name).write_bytes(b"1")
    replace_files(folder, {name: b"2"}, {name: b"1"})
    assert (folder / name).read_bytes() == b"2"


@pytest.mark.parametrize(
    "path", ["../outside", "/etc/x", ".git/config", "deep/../../outside", "sub/.GIT/hooks/x", "", "a.txt/b", "deep"]
)
def test_no_path_leads_out_or_into_what_is_gits(folder: Path, path: str) -> None:
    (folder / ".git").mkdir()
    with pytest.raises(WriteRefusedError):
        replace_files(folder, {**AFTER, path: b"x"}, BEFORE)
    assert held(folder) == BEFORE
    assert not (folder.parent / "outside").exists()


@pytest.mark.parametrize("kind", ["file", "folder", "dangling"])
def test_nothing_goes_through_a_link(folder: Path, kind: str) -> None:
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "b.txt").write_bytes(b"old b\n")
    if kind == "folder":
        (folder / "deep/er").rename(folder / "deep/other")
        (folder / "deep/er").symlink_to(outside)
    else:
        (folder / "deep/er/b.txt").unlink()
        (folder / "deep/er/b.txt").symlink_to(outside / ("b.txt" if kind == "file" else "nothing"))
    with pytest.raises(WriteRefusedError, match=r"deep/er/b\.txt: is, or lies behind, a link"):
        replace_files(folder, AFTER, BEFORE)
    assert (folder / "a.txt").read_bytes() == b"old a\n"
    assert [path.name for path in outside.iterdir()] == ["b.txt"]


def test_what_was_changed_meanwhile_stays(folder: Path) -> None:
    (folder / "deep/c.lock").write_bytes(b"somebody's\n")
    with pytest.raises(WriteRefusedError, match=r"deep/c\.lock: was changed meanwhile"):
        replace_files(folder, AFTER, BEFORE)
    assert held(folder) == {**BEFORE, "deep/c.lock": b"somebody's\n"}


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("failing", range(1, 4))
def test_what_was_renamed_is_put_back_when_one_fails(
    folder: Path, monkeypatch: pytest.MonkeyPatch, failing: int, *, links: bool
) -> None:
    real, count = Path.replace, 0

    def replace(self: Path, target: Path) -> Path:
        nonlocal count
        count += self.name.endswith("-new")
        if count == failing and self.name.endswith("-new"):
            raise OSError(28, "No space left on device", str(self))
        return real(self, target)

    def no_link(*_given: object, **_named: object) -> None:
        raise PermissionError(1, "not here")

    monkeypatch.setattr(Path, "replace", replace)
    if not links:
        monkeypatch.setattr(os, "link", no_link)
    with pytest.raises(WriteRefusedError, match="nothing was written; make room"):
        replace_files(folder, {**AFTER, "z.new": b"z"}, BEFORE)
    assert held(folder) == BEFORE


def test_a_folder_that_may_not_be_written_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def refuse(path: Path, *given: int) -> int:
        if Path(path).parent.name == "deep":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *given)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(WriteRefusedError, match=r"^deep/\.c\.lock.* \(Permission denied\); .*give yourself the right"):
        replace_files(folder, AFTER, BEFORE)
    assert held(folder) == BEFORE


def test_an_interrupt_waits_until_all_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        signal.raise_signal(signal.SIGINT)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        replace_files(folder, AFTER, BEFORE)
    assert held(folder) == AFTER


def test_an_interrupt_before_that_leaves_all_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0

    def fsync(_descriptor: int) -> None:
        nonlocal count
        count += 1
        if count == len(AFTER):
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(KeyboardInterrupt):
        replace_files(folder, AFTER, BEFORE)
    assert held(folder) == BEFORE


KILLED = """
import os, pathlib, signal, sys
from bot.upgrade.work_tree import replace_files
count, limit = 0, int(sys.argv[2])
def counted(real):
    def call(*given, **named):
        global count
        count += 1
        if count == limit:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)
    return call
steps = [(os, "open"), (os, "fsync"), (os, "link")]
steps += [(pathlib.Path, name) for name in ("chmod", "replace", "unlink")]
for place, name in steps:
    setattr(place, name, counted(getattr(place, name)))
replace_files(pathlib.Path(sys.argv[1]), eval(sys.argv[3]), eval(sys.argv[4]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_at_any_step_every_file_is_whole_and_the_next_run_clears_up(tmp_path: Path) -> None:
    ends = 0
    for limit in range(1, 60):
        tree = tmp_path / str(limit)
        for path, content in BEFORE.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_bytes(content)
        words = [sys.executable, "-c", textwrap.dedent(KILLED), str(tree), str(limit), repr(AFTER), repr(BEFORE)]
        code = subprocess.run(words, check=False, timeout=60, cwd=Path(__file__).parents[3]).returncode
        assert code in {0, -signal.SIGKILL}
        found = held(tree)
        for path, old in BEFORE.items():
            assert found.pop(path) in {old, AFTER[path]}
        removed = remove_leftovers(tree, (), BEFORE)
        assert removed == tuple(sorted(found))
        assert held(tree).keys() == BEFORE.keys()
        now = held(tree)
        replace_files(tree, AFTER, now)
        assert held(tree) == AFTER
        ends += 1
        if code == 0:
            break
    assert ends > len(AFTER) * 5


def test_only_leftovers_are_removed_as_such(folder: Path) -> None:
    names = [".a.txt.0011aabb.debtscan-new", "deep/.c.lock.0011aabb.debtscan-old"]
    kept = ["deep/x.debtscan-new", ".hidden"]
    for name in (*names, *kept):
        (folder / name).write_bytes(b"")
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / ".x.debtscan-new").write_bytes(b"")
    (folder / "link").symlink_to(outside)
    listed = [*names, *kept, "link/.x.debtscan-new", "../outside/.x.debtscan-new"]
    assert remove_leftovers(folder, listed, ()) == tuple(sorted(names))
    assert (outside / ".x.debtscan-new").exists()
    assert held(folder).keys() == {*BEFORE, *kept}
