"""Blobs, read one by one and ahead."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.errors import UnreadableError
from analyzers.repository.blobs import BlobReader
from analyzers.repository.git import GitRepository
from tests.support.repository import RepositoryBuilder

LIMIT = 100


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "project").write("a.py", "1").write("big.py", "x" * (LIMIT + 1)).commit()


def reader(repository: RepositoryBuilder) -> BlobReader:
    git = GitRepository.find(repository.path)
    assert git is not None
    return BlobReader(git)


def test_blobs_are_read_one_after_the_other_whatever_goes_wrong_between(repository: RepositoryBuilder) -> None:
    blobs = reader(repository)
    small, big, tree = (repository.git("rev-parse", f"HEAD:{name}").strip() for name in ("a.py", "big.py", ""))
    for wrong, expected in (("0" * 40, "missing-file"), (tree, "missing-file"), (big, "too-large")):
        assert blobs.read(small, LIMIT) == b"1"
        with pytest.raises(UnreadableError) as caught:
            blobs.read(wrong, LIMIT)
        assert caught.value.reason == expected
    assert blobs.read(small, LIMIT) == b"1"


def test_a_process_that_was_ended_is_started_anew(repository: RepositoryBuilder) -> None:
    blobs = reader(repository)
    small = repository.git("rev-parse", "HEAD:a.py").strip()
    assert blobs.read(small, LIMIT) == b"1"
    assert blobs._process is not None
    blobs._process.kill()
    blobs._process.wait()
    with pytest.raises(UnreadableError, match=r"did not hand out|not in this repository"):
        blobs.read(small, LIMIT)
    assert blobs.read(small, LIMIT) == b"1"


def test_what_is_expected_is_read_in_any_order_whatever_goes_wrong_between(repository: RepositoryBuilder) -> None:
    for number in range(40):
        repository.write(f"{number}.txt", str(number))
    repository.commit()
    names = {number: repository.git("rev-parse", f"HEAD:{number}.txt").strip() for number in range(40)}
    tree, big = (repository.git("rev-parse", f"HEAD:{name}").strip() for name in ("", "big.py"))
    blobs = reader(repository)
    expected = [*list(names.values())[:5], tree, "0" * 40, *list(names.values())[5:9], big, *list(names.values())[9:]]
    blobs.expect(expected, LIMIT)
    order = [0, 1, 4, 30, 3, 2, 7, 5, 39, 6, 8, *range(9, 30), *range(31, 39), 0]
    assert [blobs.read(names[number], LIMIT) for number in order] == [str(number).encode() for number in order]
    for wrong in (tree, "0" * 40, big):
        with pytest.raises(UnreadableError):
            blobs.read(wrong, LIMIT)
    blobs.expect([names[1], names[2]], LIMIT)
    assert blobs.read(names[1], LIMIT) == b"1"
    with pytest.raises(UnreadableError):
        blobs.read(names[20], 1)
    assert blobs.read(names[2], LIMIT) == b"2"


def test_what_is_absent_in_a_clone_with_a_filter_is_told(repository: RepositoryBuilder, tmp_path: Path) -> None:
    names = [repository.git("rev-parse", f"HEAD:{name}").strip() for name in ("a.py", "big.py")]
    assert reader(repository).ensure(names) == frozenset()
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = RepositoryBuilder(tmp_path / "clone")
    clone.git("fetch", "--quiet", "--filter=blob:limit=50", repository.path.as_uri(), "main")
    clone.git("config", "extensions.partialClone", "origin")
    assert reader(clone).ensure(names) == {names[1]}
