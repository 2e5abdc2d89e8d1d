"""What lies on the branch: one line of JSON an entry, Facts in a file each, and a page that says what it is. Pure.

The first line of ``history.jsonl`` says that debtscan made the file, and its version. Lines are kept as they are when
others come or go, so that what a newer debtscan adds to a line survives an older one.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import msgspec

from analyzers.config import History
from analyzers.facts_json import FactsFormatError, facts_from_json, facts_to_json
from analyzers.model.facts import Facts
from analyzers.typed import from_json
from bot.store.errors import DamagedHistoryError, HistoryError, NewerHistoryError
from bot.store.model import Entry
from bot.store.prune import kept_entries, kept_facts

HISTORY: Final = "history.jsonl"
README: Final = "README.md"
VERSION: Final = 1
LARGEST: Final = 16 * 1024 * 1024
"""Bytes of ``history.jsonl``, and of Facts as they are kept; more is read from nobody."""
_LARGEST_FACTS: Final = 256 * 1024 * 1024

_ABOUT: Final = """\
# debtscan's history

debtscan keeps the repository's past scorecards on this branch, which shares nothing with the others. Nobody needs to
edit it; reports draw it, and `debtscan history` prints it.

- `history.jsonl`: one line of JSON a scorecard, after a line that says what the file is.
- `facts/`: what registries said at the time, by its SHA-256 digest, compressed with gzip. With it a scorecard can be
  judged again.
- Further files, such as a badge, show the newest scorecard.

Old entries are thinned out from time to time, and the branch then begins anew. Who deletes it loses the history and
nothing else; `[history]` in `debtscan.toml` keeps debtscan from making it again.
"""


class _Head(msgspec.Struct, frozen=True, rename="kebab"):
    debtscan_history: int


class _Marks(msgspec.Struct, frozen=True):
    """What a line says beside its entry."""

    facts_pruned: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is written: `text` without the line's end. `has_facts` says that they are still kept."""

    text: bytes
    entry: Entry
    has_facts: bool = True


@dataclass(frozen=True, slots=True)
class Book:
    """All lines, in the order in which they were written."""

    lines: tuple[Line, ...] = ()

    def entries(self) -> tuple[Entry, ...]:
        """Return the entries, oldest first; of the same one twice the first."""
        unique = {line.entry.id: line.entry for line in reversed(self.lines)}
        ordered = dict.fromkeys(line.entry.id for line in self.lines)
        return tuple(sorted((unique[name] for name in ordered), key=lambda entry: entry.as_of))

    def with_entry(self, entry: Entry) -> Book:
        """Return the book with one line more."""
        return Book((*self.lines, Line(msgspec.json.encode(entry), entry)))

    def pruned(self, keep: History, today: date) -> tuple[Book, tuple[str, ...], int]:
        """Return the book less what goes, the digests of the Facts that go, and how many entries and Facts go."""
        entries = self.entries()
        stay = {entry.id for entry in kept_entries(entries, keep, today)}
        needed = kept_facts(entries, keep, today)
        gone = sorted({line.entry.facts for line in self.lines if line.has_facts} - needed)
        lines = tuple(_marked(line) if line.entry.facts in gone else line for line in _first_of(self.lines, stay))
        return Book(lines), tuple(gone), len(self.lines) - len(lines) + len(gone)

    def render(self) -> bytes:
        """Return the file."""
        head = msgspec.json.encode(_Head(VERSION))
        return b"".join(line + b"\n" for line in (head, *(line.text for line in self.lines)))


def about() -> bytes:
    """Return the page that tells people what the branch is."""
    return _ABOUT.encode()


def facts_path(digest: str) -> str:
    """Return where the Facts of this digest lie."""
    return f"facts/{digest}.json.gz"


def is_history(content: bytes | None) -> bool:
    """Whether this is a ``history.jsonl`` that debtscan made, of whatever version."""
    return content is not None and content.startswith(b'{"debtscan-history":')


def read_book(content: bytes, where: str) -> Book:
    """Return what `Book.render` wrote; ``where`` names the file. Raises DamagedHistoryError and NewerHistoryError."""
    if len(content) > LARGEST:
        raise DamagedHistoryError(f"{where} is larger than {LARGEST:,} bytes, which no history is; {_REMEDY}")
    head, *rows = content.split(b"\n")
    try:
        version = from_json(head, _Head).debtscan_history
    except msgspec.DecodeError as error:
        raise DamagedHistoryError(f"{where}:1: does not say that debtscan made it ({error}); {_REMEDY}") from error
    if version != VERSION:
        raise NewerHistoryError(
            f"{where} was written by another debtscan (version {version}, this one reads {VERSION}); upgrade debtscan"
        )
    return Book(tuple(_line(row, f"{where}:{number}") for number, row in enumerate(rows, 2) if row.strip()))


def pack_facts(facts: Facts, digest: str) -> bytes:
    """Return Facts as they are stored: the same Facts give the same bytes. Raises HistoryError for far too many."""
    return pack_plain(facts_to_json(facts), digest)


def pack_plain(plain: bytes, digest: str) -> bytes:
    """Return what `pack_facts` returns, of Facts that are JSON (`facts_to_json`) already. Raises what that raises."""
    if hashlib.sha256(plain).hexdigest() != digest:
        raise ValueError("these are not the facts from which the entry was judged")
    packed = gzip.compress(plain, mtime=0)
    for size, most in ((len(packed), LARGEST), (len(plain), _LARGEST_FACTS)):
        if size > most:
            # Nobody could read it back.
            raise HistoryError(f"the facts of this scan take {size:,} bytes; a history keeps up to {most:,}")
    return packed


def unpack_facts(content: bytes, digest: str, where: str) -> Facts:
    """Return what `pack_facts` packed. Raises DamagedHistoryError, also where it is not what ``digest`` names."""
    plain = _unpacked(content, where)
    if hashlib.sha256(plain).hexdigest() != digest:
        raise DamagedHistoryError(f"{where} does not hold what its name says; {_REMEDY}")
    try:
        return facts_from_json(plain)
    except FactsFormatError as error:
        raise DamagedHistoryError(f"{where}: {error}; judge with the debtscan that wrote it") from error


_REMEDY: Final = "bring back an earlier commit of its branch, or delete the branch to begin anew"


def _line(text: bytes, where: str) -> Line:
    try:
        entry = from_json(text, Entry)
        marks = from_json(text, _Marks)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DamagedHistoryError(f"{where}: is no entry ({error}); {_REMEDY}") from error
    return Line(text, entry, not marks.facts_pruned)


def _first_of(lines: Sequence[Line], wanted: set[str]) -> Iterator[Line]:
    """Yield the first line of each wanted entry."""
    left = set(wanted)
    for line in lines:
        if line.entry.id in left:
            left.remove(line.entry.id)
            yield line


def _marked(line: Line) -> Line:
    """Return the line with the mark that its Facts are gone."""
    if not line.has_facts:
        return line
    members = from_json(line.text, dict[str, Any])
    return replace(line, text=msgspec.json.encode({**members, "facts_pruned": True}), has_facts=False)


def _unpacked(content: bytes, where: str) -> bytes:
    """Return the bytes inside, of which there may be more than anybody can hold."""
    unpacking = zlib.decompressobj(wbits=31)
    try:
        plain = unpacking.decompress(content, _LARGEST_FACTS)
    except zlib.error as error:
        raise DamagedHistoryError(f"{where} cannot be unpacked ({error}); {_REMEDY}") from error
    if not unpacking.eof:
        raise DamagedHistoryError(f"{where} is cut short, or holds more than {_LARGEST_FACTS:,} bytes; {_REMEDY}")
    return plain
