from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.errors import TooLargeError
from analyzers.repository.elsewhere import Elsewhere
from tests.support.repository import RepositoryBuilder

BRANCH = "side"


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    made = RepositoryBuilder(tmp_path / "shop").write("app.py", "1\n").commit()
    made.git("checkout", "--quiet", "--orphan", BRANCH)
    made.remove("app.py").write("notes/a.txt", "here\n").commit()
    made.git("checkout", "--quiet", "main")
    return made


def test_a_file_of_another_branch_is_read_and_nothing_is_checked_out(repository: RepositoryBuilder) -> None:
    found = Elsewhere.find(repository.path, BRANCH)
    assert found
    assert found.file("notes/a.txt", 100) == b"here\n"
    assert found.file("notes", 100) is None
    assert found.file("app.py", 100) is None
    assert found.file("../app.py", 100) is None
    assert found.file("--all", 100) is None
    assert not (repository.path / "notes").exists()


def test_what_was_fetched_comes_before_what_is_here(repository: RepositoryBuilder) -> None:
    tip = repository.git("rev-parse", BRANCH).strip()
    repository.git("update-ref", "refs/remotes/origin/side", repository.git("rev-parse", "main").strip())
    found = Elsewhere.find(repository.path, BRANCH)
    assert found
    assert found.commit != tip
    assert found.file("app.py", 100) == b"1\n"


def test_a_file_that_is_too_large_is_not_read(repository: RepositoryBuilder) -> None:
    found = Elsewhere.find(repository.path, BRANCH)
    assert found
    with pytest.raises(TooLargeError):
        found.file("notes/a.txt", 4)


def test_without_the_branch_or_a_repository_there_is_nothing(repository: RepositoryBuilder, tmp_path: Path) -> None:
    assert Elsewhere.find(repository.path, "other") is None
    (tmp_path / "plain").mkdir()
    assert Elsewhere.find(tmp_path / "plain", BRANCH) is None
