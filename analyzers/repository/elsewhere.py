"""Single files of other branches, as they were fetched: what a snapshot of one commit does not hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analyzers.repository.blobs import BlobReader
from analyzers.repository.git import GitRepository
from analyzers.repository.git_process import GitFailedError


@dataclass(frozen=True)
class Elsewhere:
    """The files of one commit of the repository that holds a folder."""

    git: GitRepository
    commit: str

    @classmethod
    def find(cls, folder: Path, branch: str) -> Elsewhere | None:
        """Return a branch as it was last fetched from ``origin``, else as it is here; None where there is neither.

        Raises SnapshotError where git cannot read the repository.
        """
        git = GitRepository.find(folder)
        for ref in (f"refs/remotes/origin/{branch}", f"refs/heads/{branch}"):
            commit = git.resolve(ref) if git else None
            if git and commit:
                return cls(git, commit)
        return None

    def file(self, path: str, limit: int) -> bytes | None:
        """Return a file; None where there is none. Raises UnreadableError, TooLargeError over ``limit`` bytes."""
        try:
            kind, blob = self.git.line("ls-tree", self.commit, "--", path).partition("\t")[0].split(" ")[1:]
        except (GitFailedError, ValueError):
            return None
        return self._blobs.read(blob, limit) if kind == "blob" else None

    @cached_property
    def _blobs(self) -> BlobReader:
        return BlobReader(self.git)
