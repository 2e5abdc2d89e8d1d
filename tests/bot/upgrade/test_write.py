"""Upgrades as files and commits: edits, locks that have no tool, moves that are refused."""

from __future__ import annotations

import pytest

from bot.upgrade.locks.locker import Locker
from bot.upgrade.locks.sandbox import Sandbox
from bot.upgrade.model import LockProblem
from bot.upgrade.write import move_title, write
from tests.support.lockers import WORLDS, as_snapshot, locker, move, upgrade, written

FILES = {"requirements.txt": "red==1.0  # ours\nblue==1.0\n", "dev-requirements.txt": "red==1.0\n"}


def test_moves_without_a_lock_are_one_commit_each() -> None:
    before = as_snapshot(FILES)
    made = written(FILES, locker(), move(before, "red", "2.0", current="1.0"), move(before, "blue", "1.10.0"))
    assert not any((made.problems, made.refused, made.others, made.tools))
    assert made.commits == (
        (
            "Upgrade red from 1.0 to 2.0",
            {"requirements.txt": b"red==2.0  # ours\nblue==1.0\n", "dev-requirements.txt": b"red==2.0\n"},
        ),
        ("Upgrade blue to 1.10.0", {"requirements.txt": b"red==2.0  # ours\nblue==1.10.0\n"}),
    )
    assert made.files == {
        "requirements.txt": b"red==2.0  # ours\nblue==1.10.0\n",
        "dev-requirements.txt": b"red==2.0\n",
    }


def test_an_edit_that_is_refused_leaves_its_move_out() -> None:
    files = {"requirements.txt": "red==1.0 --hash=sha256:" + "0" * 64 + "\nblue==1.0\n"}
    before = as_snapshot(files)
    made = written(files, locker(), move(before, "red", "2.0"), move(before, "blue", "2.0"))
    assert [(entry.name, entry.reason) for entry in made.refused] == [("red", "refused")]
    assert "hashes" in made.refused[0].detail
    assert [title for title, _ in made.commits] == ["Upgrade blue to 2.0"]
    assert not made.draft


def test_nothing_possible_is_nothing_written() -> None:
    files = {"requirements.txt": "red==1.0 --hash=sha256:" + "0" * 64 + "\n"}
    made = written(files, locker(), move(as_snapshot(files), "red", "2.0"))
    assert made.commits == ()
    assert made.files == {}
    assert len(made.refused) == 1


PDM = '[[package]]\nname = "red"\nversion = "1.0"\n'
PROJECT = '[project]\nname = "app"\nversion = "1"\ndependencies = ["red>=1,<2"]\n'


def test_a_lock_that_nothing_here_makes_is_a_draft_with_the_manifest_moved() -> None:
    files = {"pyproject.toml": PROJECT, "pdm.lock": PDM}
    made = written(files, locker(), move(as_snapshot(files), "red", "2.0", locks=["pdm.lock"]))
    assert made.draft
    assert made.problems == (
        LockProblem(
            lock="pdm.lock", tool="", detail="nothing here makes pdm.lock anew; do it with the tool that wrote it"
        ),
    )
    assert made.files == {"pyproject.toml": PROJECT.replace("<2", "<3").encode()}


@pytest.mark.parametrize(
    ("lock", "tool", "remedy"),
    [
        ("uv.lock", "uv", "install uv"),
        ("poetry.lock", "Poetry", "install Poetry 2"),
    ],
)
def test_a_missing_tool_is_a_problem_with_its_remedy(lock: str, tool: str, remedy: str) -> None:
    files = {"pyproject.toml": PROJECT, lock: PDM}
    tools = locker()
    bare = Locker(
        sandbox=Sandbox(environ={"PATH": "/nonexistent"}, home=tools.sandbox.home, bubblewrap=None, opted_in=True),
        settings=tools.settings,
    )
    made = written(files, bare, move(as_snapshot(files), "red", "2.0", locks=[lock]))
    assert made.problems[0].tool == tool
    assert "is not here: " + remedy in made.problems[0].detail


def test_moves_that_take_long_are_one_commit() -> None:
    files = {"pyproject.toml": PROJECT.replace('"]', '", "blue==1"]'), "pdm.lock": PDM}
    before = as_snapshot(files)
    both = upgrade(move(before, "red", "2.0", locks=["pdm.lock"]), move(before, "blue", "2", locks=["pdm.lock"]))
    made = write(both, before, WORLDS, locker())
    assert [title for title, _ in made.commits] == [both.title]
    assert made.files["pyproject.toml"].decode() == files["pyproject.toml"].replace("<2", "<3").replace("==1", "==2")


@pytest.mark.parametrize(
    ("name", "target", "title"),
    [
        ("@scope/red", "1.0.0", "Upgrade @scope/red to 1.0.0"),
        ("red\n\nCo-authored-by: x", "1", "Upgrade red  Co-authored-by: x to 1"),
        ("r" * 500, "1", f"Upgrade {'r' * 112}"),
    ],
)
def test_titles_are_one_line(name: str, target: str, title: str) -> None:
    assert move_title(move(as_snapshot({}), name, target)) == title
