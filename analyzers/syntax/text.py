"""A file as text, with every offset translatable back to the bytes it came from."""

from __future__ import annotations

import bisect
import codecs
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from analyzers.errors import UnreadableError
from analyzers.model.place import Place

if TYPE_CHECKING:
    from analyzers.syntax.node import Node, Scalar

# Longest first: the UTF-32 little-endian mark begins with the UTF-16 one.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Encodings in which the bytes of a slice are a slice of the bytes: without this no span could be trusted.
_STATELESS = re.compile(
    r"ascii|utf-8|iso8859-\d+|cp\d+|koi8-[rut]|mac-\w+|big5|euc_jp|euc_kr|gb\w+|shift_jis|johab|kz1048"
    r"|hp-roman8|ptcp154|tis-620"
)
T = TypeVar("T")
_PEP263 = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


class WrongEncodingError(UnreadableError):
    """The file is not text in the encoding it claims."""

    reason = "wrong-encoding"


class BinaryError(UnreadableError):
    """The file holds NUL bytes."""

    reason = "binary"


@dataclass(frozen=True)
class SourceText:
    """One file, decoded. Offsets in `text` are code points; `place` turns them into a Place with byte offsets.

    `text` has no byte order mark and keeps its line ends. `mark` is the length of the mark in bytes.
    """

    path: str
    text: str
    encoding: str = "utf-8"
    mark: int = 0
    _lines: list[int] = field(default_factory=list, compare=False, repr=False)
    _bytes: list[int] = field(default_factory=list, compare=False, repr=False)
    _parsed: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def decode(cls, path: str, content: bytes, *, declared: bool = False) -> SourceText:
        """Decode by byte order mark, by a PEP 263 comment where ``declared``, else as UTF-8.

        Raises BinaryError and WrongEncodingError.
        """
        encoding, mark = "utf-8", 0
        for bom, name in _MARKS:
            if content.startswith(bom):
                encoding, mark = name, len(bom)
                break
        else:
            if declared:
                encoding = _declared_encoding(content) or encoding
        if encoding == "utf-8" and b"\0" in content[:8192]:
            raise BinaryError("holds NUL bytes, so it is not text")
        try:
            text = content[mark:].decode(encoding)
            exact = encoding == "utf-8" or text.encode(encoding) == content[mark:]
        except UnicodeError as error:
            raise WrongEncodingError(f"is not valid {encoding}: {error}") from error
        if not exact:
            raise WrongEncodingError(f"does not come back the same when written in {encoding}")
        return cls(path, text, encoding, mark)

    @property
    def whole(self) -> SourceText:
        """The text of the file, of which this may be a part."""
        return self

    def once(self, key: object, parse: Callable[[], T]) -> T:
        """Return what ``parse`` made of this file, the first time or now: several formats may read one file.

        An UnreadableError is remembered as well.
        """
        if key not in self._parsed:
            try:
                self._parsed[key] = parse()
            except UnreadableError as error:
                self._parsed[key] = error
        found = self._parsed[key]
        if isinstance(found, UnreadableError):
            raise found
        return cast("T", found)

    def place(self, start: int, end: int) -> Place:
        """Return the Place of ``text[start:end]``."""
        line, column = self.line_column(start)
        return Place(self.path, line, column, self._to_bytes(start), self._to_bytes(end))

    def place_of(self, node: Node) -> Place:
        """Return the Place of a node's span."""
        return self.place(node.start, node.end)

    def is_verbatim(self, scalar: Scalar) -> bool:
        """Return whether a scalar is written as its value, without escapes or folding: else it cannot be edited."""
        return self.text[scalar.start : scalar.end] == scalar.value

    def line_column(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column (in code points) of an offset."""
        starts = self._line_starts()
        line = bisect.bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def offset_of_line(self, line: int) -> int:
        """Return the offset at which the 1-based ``line`` begins."""
        return self._line_starts()[line - 1]

    def from_utf8(self, byte_offset: int) -> int:
        """Translate an offset into ``text.encode()`` (what tree-sitter counts) to code points."""
        if self.text.isascii():
            return byte_offset
        return len(self.text.encode()[:byte_offset].decode(errors="ignore"))

    def _to_bytes(self, offset: int) -> int:
        if self.text.isascii() and self.encoding == "utf-8":
            return self.mark + offset
        # Counted from the line's start, whose bytes are kept: linear over a big file, not quadratic.
        line = bisect.bisect_right(self._line_starts(), offset) - 1
        return self._byte_starts()[line] + len(self.text[self._lines[line] : offset].encode(self.encoding))

    def _line_starts(self) -> list[int]:
        if not self._lines:
            self._lines.append(0)
            self._lines.extend(match.end() for match in re.finditer("\n", self.text))
        return self._lines

    def _byte_starts(self) -> list[int]:
        if not self._bytes:
            starts = self._line_starts()
            total = self.mark
            for start, end in itertools.pairwise([*starts, len(self.text)]):
                self._bytes.append(total)
                total += len(self.text[start:end].encode(self.encoding))
        return self._bytes


def _declared_encoding(content: bytes) -> str | None:
    """Return the encoding that one of the first two lines declares (PEP 263), as pip and Python read it."""
    for line in content.split(b"\n", 2)[:2]:
        found = _PEP263.match(line)
        if found:
            return _known_encoding(found.group(1).decode("ascii", errors="replace"))
    return None


def _known_encoding(declared: str) -> str:
    """Return the encoding's own name. Editors append the line ends (``utf-8-unix``)."""
    try:
        name = codecs.lookup(re.sub(r"-(?:unix|dos|mac|sig)$", "", declared)).name
    except (LookupError, ValueError) as error:
        raise WrongEncodingError(f"declares the encoding {declared[:40]}, which is not known") from error
    if not _STATELESS.fullmatch(name):
        raise WrongEncodingError(f"declares the encoding {declared[:40]}, in which no span can be told")
    return name
