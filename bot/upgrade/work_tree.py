"""Files of a work tree replaced together: all of them or, as far as a file system can promise that, none.

Everything is written beside first, then renamed. Nothing goes through a symbolic link or out of the folder, and
modes stay. What a killed run leaves has a name by which the next one knows it.
"""

from __future__ import annotations

import errno
import os
import secrets
import signal
import stat
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import FrameType
from typing import Final

from analyzers.errors import DebtscanError

_NEW: Final = ".debtscan-new"
_OLD: Final = ".debtscan-old"
_LONGEST_NAME: Final = 100
_TOKEN_BYTES: Final = 4


class WriteRefusedError(DebtscanError):
    """Nothing was written: why, and what can be done about it."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """One file: where it goes, its new content beside it, and its old one, under another name."""

    place: Path
    new: Path
    old: Path


def replace_files(folder: Path, files: Mapping[str, bytes], before: Mapping[str, bytes]) -> None:
    """Replace files below ``folder`` by path. ``before`` is what each has to hold still.

    Raises WriteRefusedError; then all is as it was. An interrupt waits until it can do no harm.
    """
    root = folder.resolve()
    prepared: list[_Prepared] = []
    try:
        for path, content in sorted(files.items()):
            prepared.append(_named(_place(root, path)))
            _prepare(prepared[-1], path, content, before.get(path))
        with _undisturbed():
            _rename(prepared)
    except OSError as error:
        raise WriteRefusedError(_told(error, root)) from error
    finally:
        _clear(prepared)


def remove_leftovers(folder: Path, listed: Iterable[str], wanted: Iterable[str]) -> tuple[str, ...]:
    """Remove what a killed run left: among the files that are ``listed``, and beside those that are ``wanted``.

    Returns their paths, sorted.
    """
    root = folder.resolve()
    found = {path for path in listed if _is_leftover(path.rpartition("/")[2])}
    for path in wanted:
        with suppress(OSError, WriteRefusedError):
            beside = _place(root, path).parent.iterdir()
            found |= {entry.relative_to(root).as_posix() for entry in beside if _is_leftover(entry.name)}
    removed = []
    for path in sorted(found):
        with suppress(OSError, WriteRefusedError):
            _place(root, path).unlink()
            removed.append(path)
    return tuple(removed)


def _is_leftover(name: str) -> bool:
    return name.startswith(".") and name.endswith((_NEW, _OLD))


def _place(root: Path, path: str) -> Path:
    """Return where a file lies. Raises WriteRefusedError where that is not below ``root``, or behind a link."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or {"..", ".git"} & {part.lower() for part in parts}:
        raise WriteRefusedError(f"{path}: is no path inside of the repository; nothing was written")
    place = root
    for number, part in enumerate(parts, start=1):
        place /= part
        mode = _mode(place)
        if mode is None and number == len(parts):
            continue
        if mode is None or stat.S_ISLNK(mode) or not (stat.S_ISREG if number == len(parts) else stat.S_ISDIR)(mode):
            raise WriteRefusedError(f"{path}: is, or lies behind, a link or what is no file; nothing was written")
    return place


def _mode(place: Path) -> int | None:
    try:
        return place.lstat().st_mode
    except FileNotFoundError:
        return None


def _named(place: Path) -> _Prepared:
    # Few bytes may be left for more in a long name.
    short = place.name.encode(errors="surrogateescape")[:_LONGEST_NAME].decode(errors="ignore")
    start = f".{short.lstrip('.')}.{secrets.token_hex(_TOKEN_BYTES)}"
    return _Prepared(place, place.with_name(start + _NEW), place.with_name(start + _OLD))


def _prepare(entry: _Prepared, path: str, content: bytes, before: bytes | None) -> None:
    """Write the new content beside the old one. Raises OSError, and WriteRefusedError where that is another now."""
    now = entry.place.read_bytes() if before is not None or entry.place.exists() else None
    if now != before:
        raise WriteRefusedError(f"{path}: was changed meanwhile; nothing was written. Run it again")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(entry.new, flags, 0o666), "wb") as stream:  # noqa: PTH123 - of a descriptor
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    if before is not None:
        _keep_mode(entry)


def _keep_mode(entry: _Prepared) -> None:
    status = entry.place.stat()
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(entry.new, status.st_uid, status.st_gid)
    entry.new.chmod(stat.S_IMODE(status.st_mode))


def _rename(prepared: Iterable[_Prepared]) -> None:
    """Put all new files in place. Where one cannot be, those before it are put back."""
    done: list[_Prepared] = []
    try:
        for entry in prepared:
            had = _set_aside(entry)
            if had:
                done.append(entry)
            entry.new.replace(entry.place)
            if not had:
                done.append(entry)
    except BaseException:
        for entry in reversed(done):
            _put_back(entry)
        raise


def _set_aside(entry: _Prepared) -> bool:
    """Keep the old file under its other name; False where there is none."""
    if not entry.place.exists():
        return False
    try:
        os.link(entry.place, entry.old, follow_symlinks=False)
    except (OSError, NotImplementedError):
        # Not every file system knows links.
        entry.old.write_bytes(entry.place.read_bytes())
        entry.old.chmod(stat.S_IMODE(entry.place.stat().st_mode))
    return True


def _put_back(entry: _Prepared) -> None:
    if entry.old.exists():
        entry.old.replace(entry.place)
    else:
        entry.place.unlink(missing_ok=True)


def _clear(prepared: Iterable[_Prepared]) -> None:
    for entry in prepared:
        for path in (entry.new, entry.old):
            with suppress(OSError):
                path.unlink(missing_ok=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let an interrupt wait until the end. Only the main thread gets any."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []

    def later(number: int, _frame: FrameType | None) -> None:
        waiting.append(number)

    before = signal.signal(signal.SIGINT, later)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if waiting:
            signal.raise_signal(signal.SIGINT)


def _told(error: OSError, root: Path) -> str:
    where = Path(os.fsdecode(error.filename)) if error.filename else root
    shown = where.relative_to(root).as_posix() if where.is_relative_to(root) else str(where)
    remedy = {
        errno.EACCES: "; give yourself the right to write there",
        errno.EROFS: "; the file system is read-only",
        errno.ENOSPC: "; make room on the disk",
    }.get(error.errno or 0, "")
    return f"{shown}: cannot be written ({error.strerror or error}); nothing was written{remedy}"
