"""The entries of ``packages`` in a ``pnpm-lock.yaml``, five times as fast as YAML where they have pnpm's own layout.

That is nearly all of the file: a release's key, and below it fields of which only ``dev`` is wanted. Any other entry is
read as the YAML that it is, by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from analyzers.syntax import yaml
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

_SECTION: Final = re.compile(r"^packages:[ \t]*\r?\n(?=\s*^  \S)", re.MULTILINE)
_TOP_LEVEL: Final = re.compile(r"^[^\s#]", re.MULTILINE)
_ENTRY: Final = re.compile(r"^  [^\s:#]", re.MULTILINE)
# No field of these spans lines, but for what is indented deeper.
_NAME: Final = r"(?:@[\w.~-]++/)?[\w.~-]++"
_PLAIN: Final = re.compile(
    rf"  (?P<quote>'?)(?P<key>(?:/{_NAME}[@/]|{_NAME}@)[0-9][^\s':]*+)(?P=quote):\r?\n"
    r"(?:    (?:resolution: \{integrity: [^\s{},]++\}|engines: \{[^\n]*+|dev: (?P<dev>true|false)"
    r"|(?:os: \[(?P<os>[\w, ]*+)|cpu: \[(?P<cpu>[\w, ]*+)|libc: \[\w++)\]"
    r"|(?:hasBin|requiresBuild|optional): (?:true|false)"
    r"|deprecated: (?P<deprecated>[A-Za-z][\w ,.@/()-]*+)"
    r"|(?:d|optionalD|peerD|transitivePeerD)ependencies:|peerDependenciesMeta:)\r?\n|      [^\n]*+\n|\r?\n)*+"
    # Nothing else is left of the entry.
    r"(?=  \S|\Z)"
)
_NOTHING: Final = Mapping((), 0, 0)


def sections(source: SourceText) -> Iterator[tuple[int, int]]:
    """Yield where the entries of each ``packages`` begin and end that is written in blocks, indented by two."""
    at = 0
    while found := _SECTION.search(source.text, at):
        following = _TOP_LEVEL.search(source.text, found.end())
        at = following.start() if following else len(source.text)
        yield found.end(), at


def entries(source: SourceText, start: int, end: int) -> Iterator[tuple[Scalar, Mapping]]:
    """Yield key and fields of each entry of a section. Raises InvalidSyntaxError, TooDeepError and TooLargeError."""
    at = start
    while at < end:
        found = _PLAIN.match(source.text, at, end)
        if found:
            yield Scalar(found["key"], *found.span("key")), _fields(found)
            at = found.end()
        else:
            following = _ENTRY.search(source.text, at + 1, end)
            stop = following.start() if following else end
            yield from _read(source, at, stop)
            at = stop


def _fields(found: re.Match[str]) -> Mapping:
    """Return what is wanted of a plain entry, without places: nobody asks for these."""
    if not (found["os"] or found["cpu"] or found["dev"] or found["deprecated"]):
        return _NOTHING
    items: list[tuple[Scalar, Node]] = [
        (Scalar(name, 0, 0), Scalar(found[name].rstrip(), 0, 0)) for name in ("dev", "deprecated") if found[name]
    ]
    for name in ("os", "cpu"):
        words = tuple(Scalar(word.strip(), 0, 0) for word in (found[name] or "").split(","))
        items.append((Scalar(name, 0, 0), Sequence(words if found[name] else (), 0, 0)))
    return Mapping(tuple(items), 0, 0)


def _read(source: SourceText, start: int, end: int) -> Iterator[tuple[Scalar, Mapping]]:
    for root in yaml.parse(SourceText(source.path, source.text[start:end])):
        for key, fields in root.items if isinstance(root, Mapping) else ():
            if isinstance(fields, Mapping):
                yield Scalar(key.value, key.start + start, key.end + start), fields
