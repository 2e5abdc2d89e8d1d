"""From the change that is wanted to the bytes that are replaced, or the reason why that is not done."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NoReturn

from analyzers.errors import EditRefusedError, UnreadableError
from analyzers.model.ecosystem import Reading
from analyzers.model.edit import Change, Edit, RefusalReason
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.syntax.text import SourceText

# The observation by which a reader marks a file that a tool compiled from others.
_COMPILED = "compiled-from"
_MAX_LENGTH = 1000
# What may stand between a value and the comment behind it: the closing quote.
_LINE_END = re.compile(r"[\"']?(?=[ \t]*(?:\r?\n|\Z))")


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """Bytes ``start``–``end`` of the file `path` are replaced by `new`."""

    path: str
    start: int
    end: int
    new: bytes


@dataclass(frozen=True)
class Ground:
    """What edits stand on: the rows by their place, the tool-made files, and which file resolves which."""

    rows: Mapping[Place, tuple[Dependency, ...]]
    made: frozenset[str]
    lockfiles: Mapping[str, str]

    @classmethod
    def of(cls, readings: Mapping[str, Reading], made: Iterable[str] = ()) -> Ground:
        """Collect it from what the readers found, after pairing; ``made`` are further files that tools make."""
        rows: dict[Place, dict[Dependency, None]] = {}
        made = set(made)
        lockfiles = {}
        for reading in readings.values():
            for row in reading.dependencies:
                rows.setdefault(row.place, {})[row] = None
            if reading.locked or any(seen.kind == _COMPILED for seen in reading.observations):
                made.update(row.place.path for row in reading.dependencies)
            if reading.manifest and reading.manifest.lockfile:
                lockfiles[reading.manifest.path] = reading.manifest.lockfile
        return cls({place: tuple(found) for place, found in rows.items()}, frozenset(made), lockfiles)

    def beside(self, row: Dependency) -> tuple[Dependency, ...]:
        """Return the rows that stand at the same place, this one included."""
        return self.rows.get(row.place, (row,))


def refuse(reason: RefusalReason, detail: str) -> NoReturn:
    """Raise EditRefusedError with a reason of the closed list."""
    raise EditRefusedError(reason, detail)


def splices_of(edit: Edit, ground: Ground, contents: Mapping[str, bytes]) -> tuple[Splice, ...]:
    """Return what an edit replaces, sorted, each place once. Raises EditRefusedError."""
    found: set[Splice] = set()
    for change in edit.changes:
        _check(change, edit, ground)
        found.update(_splices(change, contents[change.row.place.path]))
    if not found:
        refuse("unchanged", "it stands there already")
    return without_overlap(found)


def without_overlap(splices: Iterable[Splice]) -> tuple[Splice, ...]:
    """Return the splices sorted, each once. Raises EditRefusedError where two want the same bytes."""
    ordered = sorted(set(splices))
    for before, after in itertools.pairwise(ordered):
        if before.path == after.path and (before.end > after.start or before.start == after.start):
            refuse("conflicting-edits", "two changes want the same text to be different things")
    return tuple(ordered)


def _check(change: Change, edit: Edit, ground: Ground) -> None:
    """Refuse what could be written and would be a lie."""
    row = change.row
    if row.skip_reason:
        refuse("skipped", f"it is not judged ({row.skip_reason}), so it is not changed")
    if change.value is None:
        return
    _check_lock(row, ground)
    if not row.value or row.place.start == row.place.end:
        refuse("nothing-written", "no version is written there that could be changed")
    for other in ground.beside(row):
        _check_together(row, other, edit)


def _check_lock(row: Dependency, ground: Ground) -> None:
    path = row.place.path
    if path in ground.made:
        refuse("lock-to-remake", f"{path} is written by a tool, which has to make it anew")
    lockfile = ground.lockfiles.get(path)
    if lockfile or row.locked_version:
        refuse("lock-to-remake", f"{lockfile or 'the lockfile'} has to be made anew with it")


def _check_together(row: Dependency, other: Dependency, edit: Edit) -> None:
    """Refuse when ``other``, which stands at the same place, would not be right afterwards."""
    own = next((change for change in edit.changes if change.row == other), None)
    if (other.ecosystem, other.name.lower()) != (row.ecosystem, row.name.lower()) and own is None:
        refuse("conflicting-edits", f"{other.name} takes its version from the same text")
    if other.integrity:
        refuse("hashes-unknown", "hashes beside it hold for the old version alone")
    if other.digest and (own is None or own.digest is None):
        refuse("digest-unknown", "its digest has to change with it, and the new one is not known")
    if other.digest and other.digest_place is None and other.digest != other.value:
        refuse("digest-unknown", "its digest is not written as one text, so it cannot change with it")
    if other.comment and (own is None or own.comment is None):
        refuse("comment-unknown", "the comment beside it names the old version, and the new one is not known")


def _splices(change: Change, content: bytes) -> Iterator[Splice]:
    row, path = change.row, change.row.place.path
    source = source_of(path, content, row)
    if change.value is not None and change.value != row.value:
        yield _splice(source, row.place, change.value)
    if change.digest is not None and row.digest_place and change.digest != row.digest:
        _expect(content, source, row.digest_place, row.digest or "")
        yield _splice(source, row.digest_place, change.digest)
    if change.comment is not None:
        yield from _comment(change.comment, row, source, content)


def _comment(text: str, row: Dependency, source: SourceText, content: bytes) -> Iterator[Splice]:
    if row.comment:
        if content[row.comment.start : row.comment.end] != text.encode(source.encoding):
            yield _splice(source, row.comment, text)
        return
    behind = content[row.place.end :].decode(source.encoding)
    line_end = _LINE_END.match(behind)
    if not line_end:
        refuse("no-room-for-comment", "something else stands behind it, so the version cannot be noted there")
    at = row.place.end + len(line_end[0].encode(source.encoding))
    yield _splice(source, replace(row.place, start=at, end=at), f" # {text}")


def source_of(path: str, content: bytes, row: Dependency) -> SourceText:
    """Return the file as its reader decoded it. Raises EditRefusedError where the row's value is not written there."""
    for declared in (True, False):
        try:
            source = SourceText.decode(path, content, declared=declared)
        except UnreadableError:
            continue
        if content[row.place.start : row.place.end] == (row.value or "").encode(source.encoding):
            return source
    refuse("escaped", "the text there is not written as it reads, so it cannot be replaced safely")


def _expect(content: bytes, source: SourceText, place: Place, text: str) -> None:
    if content[place.start : place.end] != text.encode(source.encoding):
        refuse("escaped", "the digest there is not written as it reads, so it cannot be replaced safely")


def _splice(source: SourceText, place: Place, text: str) -> Splice:
    if not text or len(text) > _MAX_LENGTH or not text.isprintable():
        refuse("unwritable", "the new text is empty, too long, or holds what cannot be seen")
    try:
        new = text.encode(source.encoding)
    except UnicodeEncodeError:
        refuse("unwritable", f"the new text cannot be written in the file's encoding, {source.encoding}")
    return Splice(place.path, place.start, place.end, new)
