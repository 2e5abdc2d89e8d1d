"""The files of one commit, of a work tree, or of either with files laid over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from analyzers.model.inventory import Repository
from analyzers.model.skipped import Skipped


class Snapshot(Protocol):
    """Read-only files. Paths are relative, with ``/``, sorted, and never lead out of the repository."""

    @property
    def repository(self) -> Repository:
        """What was scanned."""

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What could not be listed: submodules, links out of the tree, names that are no text, limits."""

    def paths(self) -> tuple[str, ...]:
        """Every regular file that counts: not ignored by git or configuration. Vendored ones are included."""

    def read(self, path: str) -> bytes:
        """Return the file's bytes. Raises UnreadableError (too large, missing, not a regular file)."""

    def size(self, path: str) -> int:
        """Bytes of the file, without reading it."""

    def is_vendored(self, path: str) -> bool:
        """Whether the file is somebody else's code (``vendor/``, ``node_modules/``, linguist-vendored)."""

    def is_generated(self, path: str) -> bool:
        """Whether a program writes the file (linguist-generated, well-known generated names). Not lockfiles."""

    def with_files(self, files: Mapping[str, bytes | None]) -> Snapshot:
        """Return this snapshot with ``files`` laid over it; None removes one."""
