"""Where bytes come from, and what never gives any."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from analyzers.errors import TooLargeError, UnreadableError
from analyzers.repository import contents as contents_module
from analyzers.repository.blobs import BlobReader
from analyzers.repository.contents import CommitContents, FolderContents, LaidOver, StoredFile
from analyzers.repository.git import GitRepository
from tests.support.repository import RepositoryBuilder

LIMIT = 100


def reason(contents: FolderContents | CommitContents | LaidOver, path: str) -> str:
    with pytest.raises(UnreadableError) as caught:
        contents.read(path, LIMIT)
    return caught.value.reason


@pytest.fixture(params=[True, False], ids=["descending", "checked"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderContents:
    """Read as systems do that can open folders, and as the others do."""
    monkeypatch.setattr(contents_module, "_DESCENDS", request.param and contents_module._DESCENDS)
    (tmp_path / "root" / "sub").mkdir(parents=True)
    (tmp_path / "root" / "sub" / "a.py").write_bytes(b"1")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.py").write_bytes(b"secret")
    return FolderContents(tmp_path / "root")


def test_a_file_is_read_and_measured(folder: FolderContents) -> None:
    assert folder.read("sub/a.py", LIMIT) == b"1"
    assert folder.size("sub/a.py") == 1


def test_neither_a_link_nor_what_lies_behind_one_is_read(folder: FolderContents) -> None:
    (folder.root / "link.py").symlink_to("sub/a.py")
    (folder.root / "away").symlink_to("../outside")
    (folder.root / "loop").symlink_to("loop")
    for path in ("link.py", "away/a.py", "loop"):
        assert reason(folder, path) == "outside-repository"


@pytest.mark.parametrize("path", ["gone.py", "sub/gone.py", "gone/a.py"])
def test_a_missing_file_is_missing(folder: FolderContents, path: str) -> None:
    assert reason(folder, path) == "missing-file"
    with pytest.raises(UnreadableError):
        folder.size(path)


@pytest.mark.parametrize("path", ["sub", "sub/a.py/b", "a\0b"])
def test_what_is_no_file_cannot_be_read(folder: FolderContents, path: str) -> None:
    assert reason(folder, path) in {"unreadable", "missing-file"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_no_file_and_does_not_hang(folder: FolderContents) -> None:
    os.mkfifo(folder.root / "pipe")
    assert reason(folder, "pipe") == "unreadable"


def test_a_file_may_be_as_large_as_the_limit_and_no_larger(folder: FolderContents) -> None:
    (folder.root / "fits").write_bytes(b"x" * LIMIT)
    (folder.root / "large").write_bytes(b"x" * (LIMIT + 1))
    assert len(folder.read("fits", LIMIT)) == LIMIT
    assert reason(folder, "large") == "too-large"


class Growing:
    """A file to which somebody keeps writing."""

    def read(self, size: int) -> bytes:
        return b"x" * size


def test_a_file_that_grows_while_it_is_read_is_cut_at_the_limit() -> None:
    with pytest.raises(TooLargeError):
        contents_module._read_up_to(Growing(), 1, LIMIT)  # type: ignore[arg-type]  # reads, and nothing more


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "project").write("a.py", "1").write("big.py", "x" * (LIMIT + 1)).commit()


def reader(repository: RepositoryBuilder) -> BlobReader:
    git = GitRepository.find(repository.path)
    assert git is not None
    return BlobReader(git)


def test_files_of_a_commit_are_known_by_path(repository: RepositoryBuilder) -> None:
    small = repository.git("rev-parse", "HEAD:a.py").strip()
    files = CommitContents(reader(repository), {"a.py": StoredFile(small, None), "b.py": StoredFile(small, 1000)})
    assert (files.read("a.py", LIMIT), files.size("a.py"), files.size("b.py")) == (b"1", 1, 1000)
    assert reason(files, "b.py") == "too-large"
    assert reason(files, "c.py") == "missing-file"
    with pytest.raises(UnreadableError):
        files.size("c.py")


def test_memory_lies_over_what_is_below(folder: FolderContents) -> None:
    laid = LaidOver(folder, {"new.py": b"2", "large.py": b"x" * (LIMIT + 1)})
    assert (laid.read("new.py", LIMIT), laid.read("sub/a.py", LIMIT)) == (b"2", b"1")
    assert (laid.size("new.py"), laid.size("sub/a.py")) == (1, 1)
    assert reason(laid, "large.py") == "too-large"
    assert reason(LaidOver(None, {}), "a.py") == "missing-file"
