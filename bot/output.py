"""Where results go: standard output or files, never half-written."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from analyzers.errors import UsageError


@dataclass(frozen=True, slots=True)
class Target:
    """One report to write: `path` None is standard output."""

    format: str
    path: Path | None


def plan(formats: tuple[str, ...], outputs: tuple[str, ...], known: dict[str, str]) -> tuple[Target, ...]:
    """Pair ``--format`` with ``--output``. ``known`` maps a format's name to its file suffix.

    ``FORMAT=FILE`` states both; a bare ``FILE`` takes the only format left, or the one its suffix names. Formats
    without a file go to standard output, of which there can be only one. Raises UsageError.
    """
    for name in formats:
        _check(name, known)
    left = list(formats)
    targets: list[Target] = []
    for output in outputs:
        name, equals, file = output.partition("=")
        if not equals or name not in known:
            name, file = _format_of(output, left, known), output
        if not file:
            raise UsageError(f"--output {output}: names no file; write --output {name}=FILE")
        if name in left:
            left.remove(name)
        targets.append(Target(name, Path(file)))
    if not formats and not targets:
        left = ["terminal"]
    if len(left) > 1:
        raise UsageError(
            f"only one format can go to standard output, not {' and '.join(left)}; use --output FORMAT=FILE"
        )
    return (*targets, *(Target(name, None) for name in left))


def _check(name: str, known: dict[str, str]) -> None:
    if name not in known:
        raise UsageError(f"there is no format '{name}'; choose from {', '.join(sorted(known))}")


def _format_of(file: str, left: list[str], known: dict[str, str]) -> str:
    if len(left) == 1:
        return left[0]
    by_suffix = [name for name, suffix in known.items() if Path(file).suffix == suffix and (not left or name in left)]
    if len(by_suffix) == 1:
        return by_suffix[0]
    raise UsageError(f"--output {file}: which format? Write --output FORMAT={file}")


def write(target: Target, text: str) -> None:
    """Write ``text`` to the target: beside it first, then renamed, so that no reader meets half a file."""
    if target.path is None:
        _to_standard_output(text)
        return
    write_file(target.path, text)


def write_file(path: Path, text: str) -> None:
    """Replace ``path`` by ``text`` in one step. Raises UsageError where that is not possible."""
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            # mkstemp makes private files; a report is as readable as the umask says.
            Path(beside).chmod(0o666 & ~_umask())
            Path(beside).replace(path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror or error}); choose another --output") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _to_standard_output(text: str) -> None:
    # Reports are UTF-8 whatever the terminal's locale; what it cannot show is replaced, not fatal.
    stream = sys.stdout
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(text.encode(encoding, errors="replace").decode(encoding))
    if not text.endswith("\n"):
        stream.write("\n")
    stream.flush()
