"""The file of a backup: a tar of `manifest.json` and the database's content, for which the manifest vouches."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Final, Literal, TypeAlias

import msgspec

from analyzers.typed import from_json
from bot.service.backup.errors import BackupError, DamagedBackupError

Kind: TypeAlias = Literal["sqlite", "postgresql"]

_FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_CONTENT: Final = "database"
_LARGEST_MANIFEST: Final = 65_536
_CHUNK: Final = 1 << 20


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds. `schema` is the last migration; `size` (bytes) and `sha256` are the content's."""

    format: int = _FORMAT
    debtscan: str
    schema: str
    kind: Kind
    server: str
    made_at: datetime
    size: int
    sha256: str


def write(target: Path, fill: Callable[[Path], None], manifest: Callable[[int, str], Manifest]) -> Manifest:
    """Write a backup that appears whole or not at all, readable by its owner alone.

    ``fill`` writes the content to a path that is given to it; ``manifest`` is told its size and digest. Both lie
    beside ``target`` meanwhile. Raises BackupError.
    """
    with _beside(target, "content") as content, _beside(target, "partial") as partial:
        fill(content)
        made = manifest(*_measured(content))
        _pack(partial, content, made)
        partial.replace(target)
    return made


def read_manifest(source: Path) -> Manifest:
    """Return the manifest of a backup. Raises DamagedBackupError."""
    with _opened(source) as archive:
        return _manifest(source, archive)


def unpack(source: Path, target: Path) -> Manifest:
    """Write the content to ``target``, a new file, and return the manifest. Raises DamagedBackupError."""
    with _opened(source) as archive:
        manifest = _manifest(source, archive)
        member = _next(source, archive, _CONTENT)
        with open(target, "xb", opener=_private) as stream:
            size, digest = _copied(archive, member, stream, manifest.size)
        if (size, digest) != (manifest.size, manifest.sha256):
            raise DamagedBackupError(f"{source}: the content is not what was backed up; take another backup")
    return manifest


@contextmanager
def _beside(target: Path, what: str) -> Iterator[Path]:
    """Yield the path of an empty private file beside ``target``, which is gone afterwards."""
    path = target.with_name(f".{target.name}.{os.getpid()}.{what}")
    try:
        open(path, "xb", opener=_private).close()
    except OSError as error:
        raise BackupError(f"{target}: cannot be written ({error.strerror}); name a place that can be") from error
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _measured(content: Path) -> tuple[int, str]:
    with content.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return content.stat().st_size, digest


def _pack(partial: Path, content: Path, manifest: Manifest) -> None:
    said = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    with partial.open("wb") as stream, content.open("rb") as data:
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
            archive.addfile(_member(_MANIFEST, len(said), manifest), io.BytesIO(said))
            archive.addfile(_member(_CONTENT, manifest.size, manifest), data)
        stream.flush()
        os.fsync(stream.fileno())


def _member(name: str, size: int, manifest: Manifest) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(manifest.made_at.timestamp())
    return member


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with source.open("rb") as stream, tarfile.open(fileobj=stream, mode="r:") as archive:
            yield archive
    except FileNotFoundError as error:
        raise BackupError(f"{source}: there is no such file") from error
    except PermissionError as error:
        raise BackupError(f"{source}: may not be read; its owner alone may") from error
    except IsADirectoryError as error:
        raise BackupError(f"{source}: is a folder; name a file that `debtscan backup` wrote") from error
    except (tarfile.TarError, EOFError) as error:
        raise DamagedBackupError(f"{source}: is no whole backup of debtscan's ({error}); take another one") from error


def _manifest(source: Path, archive: tarfile.TarFile) -> Manifest:
    member = _next(source, archive, _MANIFEST)
    stream = archive.extractfile(member)
    if stream is None or member.size > _LARGEST_MANIFEST:
        raise DamagedBackupError(f"{source}: is no backup of debtscan's")
    try:
        manifest = from_json(stream.read(), Manifest)
    except msgspec.DecodeError as error:
        raise DamagedBackupError(f"{source}: its manifest cannot be read ({error}); take another backup") from error
    if manifest.format != _FORMAT:
        raise BackupError(f"{source}: a newer debtscan made it ({manifest.debtscan}); restore it with that one")
    return manifest


def _next(source: Path, archive: tarfile.TarFile, name: str) -> tarfile.TarInfo:
    member = archive.next()
    if member is None or member.name != name or not member.isreg() or member.issparse():
        raise DamagedBackupError(f"{source}: is no whole backup of debtscan's: it lacks {name}; take another one")
    return member


def _copied(archive: tarfile.TarFile, member: tarfile.TarInfo, target: IO[bytes], most: int) -> tuple[int, str]:
    """Copy the content, but not much more than ``most``; return its size and its digest."""
    stream = archive.extractfile(member)
    digest, size = hashlib.sha256(), 0
    while stream and size <= most and (chunk := stream.read(_CHUNK)):
        digest.update(chunk)
        target.write(chunk)
        size += len(chunk)
    return size, digest.hexdigest()
