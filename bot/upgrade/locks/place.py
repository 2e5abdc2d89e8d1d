"""The folders that lock tools work in: private, held while somebody works in them, and removed afterwards."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from bot.upgrade.locks.model import LockRefusedError

if sys.platform != "win32":
    import fcntl

MOST_FILES: Final = 5000
MOST_BYTES: Final = 200 * 1024 * 1024
_NAME: Final = "debtscan-lock"
_UNDER_WAY: Final = "debtscan-new-"


@dataclass(frozen=True, slots=True)
class Held:
    """A folder that nobody else may enter, and the descriptor that holds it: of a process that ends, nothing holds."""

    path: Path
    descriptor: int | None

    def give_up(self) -> None:
        """Remove the folder whatever lies there."""
        _remove(self.path)
        if self.descriptor is not None:
            os.close(self.descriptor)


def hold(purpose: str = "") -> Held:
    """Make an empty folder for this user alone (mode 0700)."""
    made = Path(tempfile.mkdtemp(prefix=_UNDER_WAY)).resolve()
    descriptor = None
    if sys.platform != "win32":
        descriptor = os.open(made, os.O_RDONLY)
        # Some file systems over a network know no such locks: nobody else takes one there either.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
    # It bears its name only when it is held: before, it could be taken for left over.
    path = made.with_name(f"{_NAME}{purpose}-{made.name.removeprefix(_UNDER_WAY)}")
    return Held(made.rename(path), descriptor)


@contextmanager
def place() -> Iterator[Path]:
    """Make the folder of one run, with a copy, a home and a folder for temporary files."""
    held = hold()
    try:
        for part in ("copy", "home", "tmp"):
            (held.path / part).mkdir(mode=0o700)
        yield held.path
    finally:
        held.give_up()


def remove_left_overs() -> None:
    """Remove this user's folders that no living process holds: what a run that was killed has left."""
    with suppress(OSError):
        for path in Path(tempfile.gettempdir()).glob(f"{_NAME}*"):
            # Held by a run, of another user, or gone meanwhile.
            with suppress(OSError):
                _remove_unheld(path)


def _remove_unheld(path: Path) -> None:
    if sys.platform != "win32":
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            if os.fstat(descriptor).st_uid == os.getuid():
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(path)
        finally:
            os.close(descriptor)


def _remove(path: Path) -> None:
    for folder, names, _files in os.walk(path):
        for name in names:
            inner = Path(folder, name)
            # A tool may have made folders that even their owner may not empty.
            if not inner.is_symlink():
                with suppress(OSError):
                    inner.chmod(0o700)
    shutil.rmtree(path, ignore_errors=True)


def copy(files: Mapping[str, bytes | None], target: Path) -> None:
    """Write files, by path below ``target``; those that are None go. Raises LockRefusedError."""
    if len(files) > MOST_FILES or sum(len(content or b"") for content in files.values()) > MOST_BYTES:
        raise LockRefusedError(f"the tool would need {len(files):,} files, more than are copied for it")
    for path, content in files.items():
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts or ".git" in parts.parts:
            raise LockRefusedError(f"{path[:200]} is not a path inside of the repository")
        written = target / parts
        # A run before may have left a link there.
        if _leads_away(written.parent, target):
            raise LockRefusedError(f"the tool put a link in the place of {path[:200]}")
        if content is None or written.is_symlink():
            written.unlink(missing_ok=True)
        if content is not None:
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_bytes(content)


def make_environment(folder: Path, python: Path) -> None:
    """Make an environment of Python's with nothing installed."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(python)
    (folder / "pyvenv.cfg").write_text(f"home = {python.parent}\n", encoding="utf-8")


def read(target: Path, path: str) -> bytes:
    """Return what a tool made. Raises LockRefusedError."""
    made = target / path
    if _leads_away(made, target) or not made.is_file():
        raise LockRefusedError(f"the tool made no file {path}")
    if made.stat().st_size > MOST_BYTES:
        raise LockRefusedError(f"the new {path} is larger than {MOST_BYTES:,} bytes")
    return made.read_bytes()


def _leads_away(path: Path, target: Path) -> bool:
    return any(part.is_symlink() for part in (path, *path.parents) if part.is_relative_to(target))
