"""The check boxes of a dashboard: drawn with a hidden name each, and read back as what people wish.

A body also ends in a marker, an HTML comment that holds JSON. It says that the issue is a dashboard, and which boxes
debtscan drew: no other box is obeyed, whatever stands in its line. Nothing else in a body can look like either, for
whatever comes from packages is escaped, so that it holds no ``<``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Final, Literal, TypeAlias, get_args
from urllib.parse import quote, unquote_to_bytes

import msgspec

from analyzers.typed import from_json
from bot.hidden import HiddenNote
from bot.markup import Raw

Action: TypeAlias = Literal["open", "rebase", "recreate", "retry", "unignore", "allow", "refresh"]
"""What a box asks for: an upgrade opened now although it would wait; its branch made anew on the default branch;
the same although other people's commits on it are lost; what could not be made tried again; what a person closed
opened again; an ignore that the dashboard itself keeps taken back, by its name. `refresh` is no upgrade's: every
question asked anew, and every open pull request made anew.
"""

Closed: TypeAlias = Literal["", "offboard", "off", "duplicate"]

_ACTIONS: Final = frozenset(get_args(Action))
_NOTE: Final = HiddenNote("debtscan-dashboard")
# As debtscan draws it, and as it may look when people moved it: indented, quoted, with another sign before it.
_BOX: Final = re.compile(
    r"^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[(?P<tick>[ xX])\][ \t]+"
    r"<!-- debtscan:box=(?P<action>[a-z]+)/(?P<id>[\w.~%/-]{0,2000}) -->",
    re.MULTILINE | re.ASCII,
)
_MARK: Final = 8
MOST_IGNORES: Final = 50
"""So many the marker holds at most, for it is never cut."""
_MOST_IGNORED: Final = 20_000


@dataclass(frozen=True, slots=True, order=True)
class Wish:
    """What one box asks for. `id` is the upgrade's, "" for what concerns all of them."""

    action: Action
    id: str = ""

    @property
    def mark(self) -> str:
        """A short digest of it, for the marker."""
        return hashlib.sha256(f"{self.action}/{self.id}".encode(errors="surrogatepass")).hexdigest()[:_MARK]


class Ignore(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is not upgraded because somebody said so in a comment: by its name, or a pattern (``@types/*``).

    `until` is the last day on which that counts, None for good. `why` is the reason that was given, "" without one.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    by: Annotated[str, msgspec.Meta(max_length=100)]
    until: date | None = None
    why: Annotated[str, msgspec.Meta(max_length=300)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What a dashboard says to the next run.

    `boxes` are the marks of the boxes that were drawn. `title` is the configured title that the issue was given last.
    `closed` says why debtscan closed it, "" where debtscan did not. `ignores` are what people do not want upgraded.
    """

    boxes: frozenset[str] = frozenset()
    title: str = ""
    closed: Closed = ""
    ignores: tuple[Ignore, ...] = ()

    def with_ignore(self, ignore: Ignore) -> Marker | None:
        """Return it with another ignore, instead of one of the same name; None where it would hold too much."""
        kept = (*self.without_ignore(ignore.name).ignores, ignore)
        fits = len(kept) <= MOST_IGNORES and len(_stored_ignores(kept)) <= _MOST_IGNORED
        return replace(self, ignores=kept) if fits else None

    def without_ignore(self, name: str) -> Marker:
        """Return it without the ignore of this name."""
        return replace(self, ignores=tuple(one for one in self.ignores if one.name.lower() != name.lower()))


class _Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    boxes: str
    title: str
    closed: Closed = ""
    ignores: tuple[Ignore, ...] = ()


def box(wish: Wish, *, ticked: bool = False) -> Raw:
    """Return the beginning of a line that is a box; what it says follows after a space."""
    # A comment must not hold two hyphens in a row.
    name = quote(wish.id, safe="", errors="surrogatepass").replace("--", "-%2D")
    return Raw(f"- [{'x' if ticked else ' '}] <!-- debtscan:box={wish.action}/{name} -->")


def draw(marker: Marker) -> str:
    """Return the marker as an HTML comment of one line."""
    stored: dict[str, object] = {"boxes": "".join(sorted(marker.boxes)), "title": marker.title}
    if marker.closed:
        stored["closed"] = marker.closed
    if marker.ignores:
        stored["ignores"] = msgspec.to_builtins(marker.ignores)
    return _NOTE.draw(stored)


def parse(body: str) -> Marker | None:
    """Return the marker of a body; None where there is none, several, or one that debtscan would not have drawn."""
    found = _NOTE.found(body)
    try:
        stored = from_json(found, _Stored) if found else None
    except ValueError:
        return None
    if stored is None or not re.fullmatch(rf"(?:[0-9a-f]{{{_MARK}}})*", stored.boxes):
        return None
    marks = (stored.boxes[start : start + _MARK] for start in range(0, len(stored.boxes), _MARK))
    return Marker(boxes=frozenset(marks), title=stored.title, closed=stored.closed, ignores=stored.ignores)


def _stored_ignores(ignores: Iterable[Ignore]) -> str:
    # As long as it gets: each sign that is no letter of ASCII is written out.
    text = json.dumps(msgspec.to_builtins(tuple(ignores)), ensure_ascii=True)
    return "".join(char if char.isalnum() else "\\u0000" for char in text)


def remarked(body: str, marker: Marker) -> str:
    """Return the body with another marker: instead of the one that it has, or at its end."""
    return f"{_NOTE.replaced(body, '').rstrip()}\n\n{draw(marker)}\n"


def wishes(body: str) -> frozenset[Wish]:
    """Return what is asked for: every ticked box that debtscan drew, once, however often it stands there.

    Nothing is asked for in a body whose marker cannot be read.
    """
    marker = parse(body)
    if marker is None:
        return frozenset()
    return frozenset(wish for wish in _ticked(body) if wish.mark in marker.boxes)


def _ticked(body: str) -> Iterable[Wish]:
    for found in _BOX.finditer(_lines(body)):
        if found["tick"] != " " and found["action"] in _ACTIONS:
            yield Wish(_action(found["action"]), _decoded(found["id"]))


def _decoded(name: str) -> str:
    try:
        return unquote_to_bytes(name).decode(errors="surrogatepass")
    except UnicodeDecodeError:
        # Somebody's own invention: it has no mark.
        return name


def _action(text: str) -> Action:
    return next(action for action in get_args(Action) if action == text)


def same(one: str, other: str) -> bool:
    """Whether two bodies say the same: GitHub's editor ends lines in its own way, and spaces at their ends are lost."""
    return [line.rstrip() for line in _lines(one).rstrip().split("\n")] == [
        line.rstrip() for line in _lines(other).rstrip().split("\n")
    ]


def _lines(body: str) -> str:
    return body.replace("\r\n", "\n").replace("\r", "\n")
