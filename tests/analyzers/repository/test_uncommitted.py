"""What of a work tree no commit holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.repository.git import GitRepository
from analyzers.repository.uncommitted import uncommitted
from tests.support.repository import RepositoryBuilder

CHANGED, STAGED, UNTRACKED = "is changed", "is staged", "is not tracked by git"


@pytest.fixture
def built(tmp_path: Path) -> RepositoryBuilder:
    names = ("clean", "changed", "staged", "both", "gone", "hidden", "a b/[x]*.txt", "a b/x.txt")
    made = RepositoryBuilder(tmp_path / "repository").write(".gitignore", "ignored\n")
    for name in names:
        made.write(name, "1\n")
    return made.commit()


def found(built: RepositoryBuilder, *paths: str, folder: str = ".") -> dict[str, str]:
    git = GitRepository.find(built.path / folder)
    assert git
    return dict(uncommitted(git, paths))


def test_says_what_of_each_file_is_not_committed(built: RepositoryBuilder) -> None:
    built.write("staged", "2\n").write("both", "2\n").git("add", "staged", "both")
    built.write("both", "3\n").write("changed", "2\n").write("new", "1\n").write("ignored", "1\n").remove("gone")
    told = found(built, "clean", "changed", "staged", "both", "gone", "new", "ignored", "nowhere")
    assert told == {
        "both": CHANGED,
        "changed": CHANGED,
        "gone": CHANGED,
        "ignored": UNTRACKED,
        "new": UNTRACKED,
        "nowhere": UNTRACKED,
        "staged": STAGED,
    }


def test_a_file_that_was_only_touched_is_clean(built: RepositoryBuilder) -> None:
    built.write("clean", "1\n")
    assert found(built, "clean") == {}


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_file_that_git_is_told_not_to_look_at_is_named(built: RepositoryBuilder, flag: str) -> None:
    built.git("update-index", flag, "hidden")
    built.write("hidden", "2\n")
    assert "hidden from git" in found(built, "hidden", "clean")["hidden"]


def test_names_are_no_patterns(built: RepositoryBuilder) -> None:
    built.write("a b/x.txt", "2\n")
    assert found(built, "a b/[x]*.txt") == {}
    assert found(built, "[x]*.txt", "x.txt", folder="a b") == {"x.txt": CHANGED}


def test_before_the_first_commit_nothing_is_committed(tmp_path: Path) -> None:
    made = RepositoryBuilder(tmp_path / "new").write("a", "1\n").write("b", "1\n")
    made.git("add", "a")
    assert found(made, "a", "b") == {"a": STAGED, "b": UNTRACKED}


def test_many_files_are_asked_for_in_parts(built: RepositoryBuilder) -> None:
    names = [f"many/{number}" for number in range(450)]
    for name in names:
        built.write(name, "1\n")
    built.commit().write(names[449], "2\n").write(names[0], "2\n")
    assert found(built, *names) == {names[0]: CHANGED, names[449]: CHANGED}
