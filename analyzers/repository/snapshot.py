"""Opens the files of a work tree, of a commit, or of a plain folder. Nothing of the repository runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from analyzers.config import Config
from analyzers.errors import SnapshotError, TooLargeError, UnreadableError
from analyzers.model.inventory import Repository
from analyzers.model.skipped import Skipped
from analyzers.model.snapshot import Snapshot
from analyzers.repository.blobs import BlobReader
from analyzers.repository.commit_listing import list_commit
from analyzers.repository.contents import (
    CommitContents,
    Contents,
    FolderContents,
    LaidOver,
    MissingFileError,
)
from analyzers.repository.git import Bring, GitRepository
from analyzers.repository.git_process import GitFailedError
from analyzers.repository.listing import Listing, list_folder, list_work_tree
from analyzers.repository.paths import Attributes, PathKinds
from analyzers.repository.patterns import PathPatterns

_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
_LFS_POINTER_SIZE = 1024
_REMOTE = re.compile(r"(?:^[a-z+]+://[^/]+/|^[^/:]+:(?!:))(?:.*/)?(?P<name>[^/]+/[^/]+?)(?:\.git)?/*\Z")


class LfsPointerError(UnreadableError):
    """The file's content is kept elsewhere, by git LFS."""

    reason = "git-lfs-pointer"


@dataclass(frozen=True)
class FileSnapshot:
    """A snapshot of files. `git` is None for a plain folder; `max_file_bytes` bounds what `read` gives.

    `about` says all of the repository but whether it `is_dirty`, for which one may have to wait.
    """

    about: Repository
    skipped: tuple[Skipped, ...]
    listed: tuple[str, ...]
    contents: Contents
    kinds: PathKinds
    max_file_bytes: int
    git: GitRepository | None = None
    is_dirty: Callable[[], bool] = lambda: False

    @cached_property
    def repository(self) -> Repository:
        """What was scanned. Raises SnapshotError where git cannot compare the work tree with its commit."""
        return replace(self.about, dirty=self.is_dirty())

    def paths(self) -> tuple[str, ...]:
        """Every regular file that counts, sorted."""
        return self.listed

    def read(self, path: str) -> bytes:
        """Return the file's bytes. Raises UnreadableError."""
        if path not in self._known:
            raise MissingFileError(f"{path} is not in this snapshot")
        content = self.contents.read(path, self.max_file_bytes)
        if len(content) > self.max_file_bytes:
            raise TooLargeError(f"is larger than {self.max_file_bytes:,} bytes (scan.max-file-bytes)")
        if len(content) < _LFS_POINTER_SIZE and content.startswith(_LFS_POINTER):
            raise LfsPointerError("is a pointer of git LFS; fetch the content with `git lfs pull`")
        return content

    def size(self, path: str) -> int:
        """Bytes of the file, without reading it. Raises UnreadableError."""
        if path not in self._known:
            raise MissingFileError(f"{path} is not in this snapshot")
        return self.contents.size(path)

    def blob(self, path: str) -> str | None:
        """Git's name of what `read` gives, where that is known without reading; None where it is not."""
        return self.contents.blob(path, self.max_file_bytes) if path in self._known else None

    def is_vendored(self, path: str) -> bool:
        """Whether the file is somebody else's code."""
        return self.kinds.is_vendored(path)

    def is_generated(self, path: str) -> bool:
        """Whether a program writes the file. Not lockfiles."""
        return self.kinds.is_generated(path)

    def with_files(self, files: Mapping[str, bytes | None]) -> FileSnapshot:
        """Return this snapshot with ``files`` laid over it; None removes one."""
        kept = self._known.difference(files) | {path for path, content in files.items() if content is not None}
        laid = LaidOver(self.contents, {path: content for path, content in files.items() if content is not None})
        return replace(self, listed=tuple(sorted(kept)), contents=laid)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.listed)


def open_snapshot(path: Path, config: Config, *, commit: str | None = None, bring: Bring | None = None) -> FileSnapshot:
    """Open the folder ``path``: its work tree as it is, or the files of ``commit`` (any revision git knows).

    A folder inside a repository is a snapshot of that part, with paths relative to it. A bare repository is read
    at its HEAD. ``bring`` fetches contents that a copy of ours still lacks. Raises SnapshotError.
    """
    if not path.is_dir():
        raise SnapshotError(f"{path}: no such folder")
    path = path.resolve()
    git = GitRepository.find(path)
    if git is None:
        if commit is not None:
            raise SnapshotError(f"{path} is no git repository, so it has no commit {commit}")
        return _open_folder(path, config)
    git = replace(git, bring=bring)
    head = git.resolve("HEAD" if commit is None else commit)
    if head is None and commit is not None:
        raise SnapshotError(f"{path}: no commit {commit} here; fetch it first, or check the name")
    if commit is not None or git.work_tree is None:
        return _open_commit(path, git, head, config)
    return _open_work_tree(path, git, head, config)


def blob_of(snapshot: Snapshot, path: str) -> str | None:
    """Return git's name of a file's content where it is known without reading (see `FileSnapshot.blob`)."""
    return snapshot.blob(path) if isinstance(snapshot, FileSnapshot) else None


def history_of(snapshot: Snapshot) -> tuple[GitRepository, str] | None:
    """Return the repository behind a snapshot and its commit; None where there is no history."""
    git = getattr(snapshot, "git", None)
    commit = snapshot.about.commit if isinstance(snapshot, FileSnapshot) else snapshot.repository.commit
    return (git, commit) if isinstance(git, GitRepository) and commit else None


def merge_base(snapshot: Snapshot, revision: str) -> str | None:
    """Return the newest commit that the snapshot's history shares with ``revision``; None where there is none."""
    source = history_of(snapshot)
    other = source[0].resolve(revision) if source else None
    if source is None or other is None:
        return None
    try:
        return source[0].line("merge-base", source[1], other)
    except GitFailedError:
        return None


def _open_folder(path: Path, config: Config) -> FileSnapshot:
    listing = list_folder(path, _excluded(config), config.scan.max_files)
    repository = Repository(name=path.name or str(path))
    return _snapshot(repository, listing, FolderContents(path), config, None)


def _open_work_tree(path: Path, git: GitRepository, head: str | None, config: Config) -> FileSnapshot:
    listing = list_work_tree(git, _excluded(config), config.scan.max_files, has_commit=head is not None)
    if not listing.paths and listing.is_foreign:
        # The folder only happens to lie inside a repository that ignores it.
        return _open_folder(path, config)
    repository = Repository(name=_name(git, path), commit=head, branch=git.branch)
    return _snapshot(repository, listing, FolderContents(path), config, git)


def _open_commit(path: Path, git: GitRepository, commit: str | None, config: Config) -> FileSnapshot:
    if commit is None:
        return _snapshot(Repository(name=_name(git, path)), Listing(), LaidOver(None, {}), config, git)
    listing = list_commit(git, commit, _excluded(config), config.scan.max_files)
    branch = git.branch if commit == git.resolve("HEAD") else None
    repository = Repository(name=_name(git, path), commit=commit, branch=branch)
    return _snapshot(repository, listing, CommitContents(BlobReader(git), listing.objects), config, git)


def _snapshot(
    repository: Repository, listing: Listing, contents: Contents, config: Config, git: GitRepository | None
) -> FileSnapshot:
    attributes = Attributes.read(listing.paths, lambda path: contents.read(path, _MAX_ATTRIBUTES))
    kinds = PathKinds(
        vendored=PathPatterns.read(config.scan.vendored),
        generated=PathPatterns.read(config.scan.generated),
        attributes=attributes,
    )
    return FileSnapshot(
        repository, listing.skipped, listing.paths, contents, kinds, config.scan.max_file_bytes, git, listing.is_dirty
    )


_MAX_ATTRIBUTES = 1024 * 1024


def _excluded(config: Config) -> PathPatterns:
    return PathPatterns.read(config.scan.exclude)


def _name(git: GitRepository, path: Path) -> str:
    """Return ``owner/name`` of the remote ``origin``, without host and credentials, or the folder's name."""
    found = _REMOTE.search(git.settings.get("remote.origin.url", ""))
    if found:
        return found["name"]
    top = git.work_tree or path
    return top.name.removesuffix(".git") or str(top)
