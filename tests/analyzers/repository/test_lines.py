"""Lines that commits added and deleted, of the commits that count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analyzers.config import Config, Hotspots
from analyzers.errors import SnapshotError
from analyzers.repository import lines
from analyzers.repository.lines import line_counts
from analyzers.repository.snapshot import open_snapshot
from tests.support.imported import Made, add_commits
from tests.support.keeping import InMemory
from tests.support.repository import RepositoryBuilder

TODAY = date(2026, 11, 22)
BOT = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "project")


def counts(repository: RepositoryBuilder, folder: str = "", **hotspots: Any) -> Mapping[str, tuple[int, int]]:  # noqa: ANN401 - any field of Hotspots
    config = Config(hotspots=Hotspots(**hotspots))
    return line_counts(open_snapshot(repository.path / folder, config), config, TODAY)


def test_lines_are_counted_under_todays_names(repository: RepositoryBuilder) -> None:
    repository.write("src/a.py", "1\n2\n3\n").write("b.bin", b"\0\1").commit(date="2026-01-01")
    repository.write("src/a.py", "1\nzwei\n3\n4\n").commit(date="2026-02-01")
    repository.move("src/a.py", "src/odd\tna\nme.py").commit(date="2026-03-01")
    repository.write("src/odd\tna\nme.py", "1\n").write("b.bin", b"\0\2").commit(date="2026-04-01")
    assert counts(repository) == {"src/odd\tna\nme.py": (5, 4)}
    assert counts(repository, folder="src") == {"odd\tna\nme.py": (5, 4)}


def test_what_is_left_out_of_churn_has_no_lines(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1\n").commit(date="2025-01-01")
    repository.write("a.py", "1\n2\n").write("tests/test_a.py", "1\n").commit(date="2026-01-01").branch("side")
    repository.write("a.py", "bot\n2\n").commit(date="2026-01-02", author=BOT)
    repository.switch("main").write("c.py", "1\n").commit(date="2026-01-03").merge("side", date="2026-01-04")
    assert counts(repository) == {"a.py": (1, 0), "c.py": (1, 0)}
    everything = counts(repository, include_bots=True, include_tests=True, include_merges=True)
    assert everything == {"a.py": (3, 2), "c.py": (1, 0), "tests/test_a.py": (1, 0)}


def test_many_commits_are_shared_out_and_nothing_is_lost(
    repository: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "_CHUNK", 3)
    made = [Made(files={f"f{number % 5}.py": "x\n" * number}, date="2026-05-01") for number in range(1, 41)]
    add_commits(repository, made)
    told = repository.git("log", "--numstat", "--format=").split()
    expected = (sum(map(int, told[::3])), sum(map(int, told[1::3])))
    found = counts(repository)
    assert (sum(added for added, _ in found.values()), sum(deleted for _, deleted in found.values())) == expected
    assert list(found) == sorted(found)


def test_what_was_kept_serves(repository: RepositoryBuilder) -> None:
    repository.write("a.py", "1\n").commit(date="2026-01-01")
    kept, snapshot = InMemory(), open_snapshot(repository.path, Config())
    found = [line_counts(snapshot, Config(), TODAY, kept=kept) for _ in range(2)]
    assert found == [{"a.py": (1, 0)}] * 2
    assert kept.entries


def test_a_clone_without_old_contents_says_so(repository: RepositoryBuilder, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.write("a.py", "1\n").commit(date="2026-01-01").write("a.py", "2\n").commit(date="2026-02-01")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--bare", "--filter=blob:none", repository.path.as_uri(), str(clone))
    with pytest.raises(SnapshotError, match="not in this clone, which has a filter"):
        line_counts(open_snapshot(clone, Config()), Config(), TODAY)


def test_no_commit_means_no_lines(tmp_path: Path) -> None:
    assert line_counts(open_snapshot(tmp_path, Config()), Config(), TODAY) == {}
