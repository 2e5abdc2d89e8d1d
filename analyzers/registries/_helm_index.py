"""``index.yaml`` of a repository of charts: one chart's releases out of megabytes, without reading the rest.

Helm and the servers of charts write the index in block style with sorted keys, so that a chart's part of it and the
few fields that count can be cut out line by line. Whatever else is YAML or JSON is read as a whole, within bounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from analyzers.errors import UnreadableError
from analyzers.model.exchange import day_of
from analyzers.model.facts import Release
from analyzers.syntax import yaml
from analyzers.syntax.node import Mapping as Table
from analyzers.syntax.node import Node, Sequence
from analyzers.syntax.text import SourceText
from analyzers.typed import from_json

MAX_RELEASES: Final = 50_000
# What is not in block style is read whole, which takes seconds a megabyte.
MAX_WHOLE: Final = 4 * 1024 * 1024
_MAX_VERSION: Final = 256
_ENTRIES: Final = re.compile(rb"^entries:[ \t]*\r?$", re.MULTILINE)
# A literal line feed is searched for many times faster than the beginning of a line is.
_TOP_LEVEL: Final = re.compile(rb"\n(?=[^\s#-])")
_INDENT: Final = re.compile(rb"\n( +)[^\s#-]")
_ITEM: Final = re.compile(rb"^( *)- ", re.MULTILINE)
_FIELDS: Final = ("version", "created", "deprecated", "kubeVersion")

_Fields = Mapping[str, str]


class NoIndexError(Exception):
    """The body is no index of charts, or one that is too large to be read."""


class _Entry(msgspec.Struct, frozen=True, rename="camel"):
    version: Any = None
    created: Any = None
    deprecated: Any = None
    kube_version: Any = None


class _Index(msgspec.Struct, frozen=True):
    entries: dict[str, list[_Entry]]


def releases(body: bytes, chart: str) -> tuple[Release, ...] | None:
    """Return a chart's releases in the index's order; None where it lists none. Raises NoIndexError."""
    if body.lstrip()[:1] == b"{":
        entries = _of_json(body, chart)
    else:
        block = _ENTRIES.search(body)
        entries = _of_block(body, chart, block.end()) if block else _of_whole(body, chart)
    if entries is None:
        return None
    if len(entries) > MAX_RELEASES:
        raise NoIndexError(f"lists more than {MAX_RELEASES} releases of {chart}")
    return tuple(_release(entry) for entry in entries if 0 < len(entry.get("version", "")) <= _MAX_VERSION)


def _release(entry: _Fields) -> Release:
    return Release(
        version=entry["version"],
        published=day_of(entry.get("created", "")),
        deprecated="" if entry.get("deprecated") == "true" else None,
        runtime=entry.get("kubeVersion") or None,
    )


def _of_json(body: bytes, chart: str) -> list[_Fields] | None:
    try:
        listed = from_json(body, _Index).entries.get(chart)
    except (ValueError, RecursionError) as error:
        raise NoIndexError(str(error)[:200]) from error
    return None if listed is None else [_texts(entry) for entry in listed]


def _texts(entry: _Entry) -> _Fields:
    values = zip(_FIELDS, (entry.version, entry.created, entry.deprecated, entry.kube_version), strict=True)
    return {name: str(value).lower() if value is True else str(value) for name, value in values if value is not None}


def _of_block(body: bytes, chart: str, start: int) -> list[_Fields] | None:
    """Return the fields of each release from an index in block style; None where the chart is not in it."""
    after = _TOP_LEVEL.search(body, start)
    end = after.start() if after else len(body)
    indent = _INDENT.search(body, start, end)
    if not indent:
        return None
    section = _section(body, chart, indent[1], start, end)
    if section is None:
        return None
    entries = _of_section(section)
    is_familiar = bool(entries) and all("version" in entry for entry in entries)
    return entries if is_familiar else list(_nodes(_parsed(b"chart:" + section, "chart")))


def _section(body: bytes, chart: str, indent: bytes, start: int, end: int) -> bytes | None:
    key = re.compile(rb"\n%b[\"']?%b[\"']?:(?=[ \t\r\n])" % (indent, re.escape(chart.encode())))
    found = key.search(body, start, end)
    if not found:
        return None
    # The list may stand no deeper than its key; the next key does not begin with a dash.
    following = re.compile(rb"\n {1,%d}[^\s#-]" % len(indent)).search(body, found.end(), end)
    return body[found.end() : following.start() if following else end]


def _of_section(section: bytes) -> list[_Fields]:
    item = _ITEM.search(section)
    if not item:
        return []
    fields = "|".join(_FIELDS).encode()
    line = re.compile(rb"^ {%d}(-| ) (?:(%b):[ \t]+([^\r\n]*))?" % (len(item[1]), fields), re.MULTILINE)
    entries: list[dict[str, str]] = []
    for found in line.finditer(section):
        if found[1] == b"-":
            entries.append({})
        if found[2] and entries:
            entries[-1].setdefault(found[2].decode(), _scalar(found[3].decode(errors="replace")))
    return list(entries)


def _scalar(text: str) -> str:
    """Return the value of a plain or quoted scalar; those that count never hold an escape."""
    text = text.strip()
    if text[:1] in ("'", '"'):
        return text[1:].partition(text[0])[0]
    return text.partition(" #")[0].rstrip()


def _of_whole(body: bytes, chart: str) -> list[_Fields] | None:
    entries = _parsed(body, "entries")
    if not isinstance(entries, Table):
        raise NoIndexError("holds no entries")
    listed = entries.get(chart)
    return None if listed is None else list(_nodes(listed))


def _parsed(body: bytes, key: str) -> Node | None:
    """Return what stands under a key of a small YAML document."""
    if len(body) > MAX_WHOLE:
        raise NoIndexError(f"has {len(body)} bytes that are not written as Helm writes an index")
    try:
        roots = yaml.parse(SourceText.decode("index.yaml", body))
    except UnreadableError as error:
        raise NoIndexError(error.detail) from error
    root = roots[0] if roots else None
    return root.get(key) if isinstance(root, Table) else None


def _nodes(listed: Node | None) -> Iterator[_Fields]:
    for entry in listed.items if isinstance(listed, Sequence) else ():
        if isinstance(entry, Table):
            yield {name: scalar.value for name in _FIELDS if (scalar := entry.scalar(name))}
