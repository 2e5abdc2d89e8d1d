"""What every reader promises whatever the bytes, as one function that says what was broken."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analyzers.edits import Editor
from analyzers.errors import UnreadableError
from analyzers.manifests import read_manifests
from analyzers.model.ecosystem import Ecosystem, Format, Reading
from analyzers.model.edit import Change, Edit
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.syntax.text import SourceText
from tests.support.formats import snapshot

Kind = Literal["crash", "slow", "place", "value", "unsteady"]
# Marks of text that is not what it says: escapes, references, doubled quotes, variables, folded lines.
_INDIRECT = (b"\\", b"&", b"''", b"$", b"\n", b"\r", b"%")
_LINE_ENDS = frozenset("\n\r\x85\u2028\u2029")
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "latin-1", "cp1252")


@dataclass(frozen=True, slots=True)
class Complaint:
    """A promise that was broken; `where` tells one fault from another (the line of code that raised)."""

    kind: Kind
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of reading some bytes: a complaint, or the outline of what was read."""

    complaint: Complaint | None
    outline: tuple[object, ...] = ()


def outcome(world: Ecosystem, form: Format, path: str, content: bytes, *, seconds: float, again: bool) -> Outcome:
    """Read ``content`` as the scan does, twice if ``again``, and hold the reading to its promises."""
    started = time.process_time()
    try:
        reading, refused = _read(world, form, path, content)
        took = time.process_time() - started
        if again and _read(world, form, path, content)[0] != reading:
            return Outcome(Complaint("unsteady", form.name, "read twice, it says two things"))
        if again and reading.dependencies:
            _edit(world, path, content, reading.dependencies[len(content) % len(reading.dependencies)])
    except Exception as error:  # noqa: BLE001 - any exception is what is looked for
        return Outcome(_crash(error))
    if took > seconds:
        return Outcome(Complaint("slow", form.name, f"took {took:.1f} s for {len(content):,} bytes"))
    told = next((told for row in reading.dependencies if (told := _row(row, path, content))), None)
    return Outcome(told, _outline(reading, refused))


def together(world: Ecosystem, files: Mapping[str, bytes], *, seconds: float) -> Outcome:
    """Read several files of one ecosystem as a repository, paired, and hold the rows to their promises."""
    started = time.process_time()
    try:
        found = read_manifests(snapshot(files), (world,))
    except Exception as error:  # noqa: BLE001 - any exception is what is looked for
        return Outcome(_crash(error))
    took = time.process_time() - started
    if took > seconds:
        return Outcome(Complaint("slow", "together", f"took {took:.1f} s for {len(files)} files"))
    failed = next((entry for entry in found.skipped if entry.reason == "reader-failed"), None)
    if failed:
        return Outcome(Complaint("crash", failed.source, failed.detail))
    known = (row for row in found.dependencies if row.place.path in files)
    told = next((told for row in known if (told := _row(row, row.place.path, files[row.place.path]))), None)
    shape = frozenset((row.kind, row.locked_version is None, row.skip_reason) for row in found.dependencies)
    return Outcome(told, (shape, frozenset(entry.reason for entry in found.skipped)))


def _read(world: Ecosystem, form: Format, path: str, content: bytes) -> tuple[Reading, str]:
    if form.sniff and not form.sniff(content):
        return Reading(), "not it"
    try:
        source = SourceText.decode(path, content, declared=form.declares_encoding)
        reading = form.read(source)
    except UnreadableError as error:
        return Reading(), error.reason
    paired = world.pair({path: reading})
    for row in paired[path].dependencies:
        if world.package:
            world.package(row)
    return paired[path], ""


def _edit(world: Ecosystem, path: str, content: bytes, row: Dependency) -> None:
    change = Change(row=row, value=f"{row.value or ''}1")
    Editor(snapshot({path: content}), (world,)).apply([Edit((change,))])


def _crash(error: Exception) -> Complaint:
    last = traceback.extract_tb(error.__traceback__)[-1]
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "analyzers" in frame.filename] or [last]
    name = ours[-1].filename.rpartition("analyzers")[2]
    return Complaint("crash", f"analyzers{name}:{ours[-1].lineno}", f"{type(error).__name__}: {error}"[:300])


def _is_block(told: bytes, value: str) -> bool:
    """Whether a block of YAML stands there, header and all: libyaml ends its first line at U+2028 as well."""
    return told[:1] in {b"|", b">"} and not value.startswith(told[:1].decode())


def _row(row: Dependency, path: str, content: bytes) -> Complaint | None:
    for place in (row.place, row.comment, row.digest_place, row.integrity):
        if place and place.path == path and not _lies_inside(place, content):
            return Complaint("place", row.kind, f"{place} is not in a file of {len(content)} bytes")
    raw = content[row.place.start : row.place.end]
    # UTF-16 puts a NUL between the characters of a mark.
    told = raw.replace(b"\0", b"")
    if not row.value or row.skip_reason or row.place.path != path or any(mark in told for mark in _INDIRECT):
        return None
    if _LINE_ENDS.intersection(row.value) or _is_block(told, row.value):
        return None
    if any(raw == _encoded(row.value, name) for name in _ENCODINGS):
        return None
    return Complaint("value", row.kind, f"{raw[:80]!r} stands where the value {row.value[:80]!r} should")


def _lies_inside(place: Place, content: bytes) -> bool:
    return 0 <= place.start <= place.end <= len(content) and place.line >= 1 and place.column >= 1


def _encoded(text: str, encoding: str) -> bytes | None:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return None


def _outline(reading: Reading, refused: str) -> tuple[object, ...]:
    """Return what tells one reading from another in kind: inputs that give new ones are worth keeping."""
    rows = reading.dependencies
    return (
        refused,
        min(len(rows), 8),
        frozenset((row.kind, row.skip_reason, row.version is None, row.digest is None) for row in rows),
        frozenset((seen.kind, seen.name[:20]) for seen in reading.observations),
        frozenset((entry.reason, entry.detail[-20:]) for entry in reading.skipped),
        bool(reading.locked),
        bool(reading.includes),
        bool(reading.members),
    )
