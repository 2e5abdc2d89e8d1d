"""The one comment of a pull request: what the change adds and mends. There while there is something to say.

`body` says what it should be (pure), `settle` makes it so: found by its mark and its author, changed in place,
deleted when nothing is left. Killed at any point, the next run goes on from what is there.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from bot.comparison import Comparison
from bot.github.host import Host
from bot.github.objects import MOST_COMMENTS
from bot.posts import words
from bot.posts.template_values import ChangeValues
from bot.posts.words import Setting

MOST: Final = 65_536
TEMPLATE: Final = "comment.md.j2"
_MARK: Final = re.compile(r"<!-- debtscan-change: ([0-9a-f]{16}) -->\s*\Z")
_ROOM: Final = 100
# People scroll past a comment; the check run lists more.
_ROWS: Final = 25


def body(change: Comparison, setting: Setting, most: int = MOST) -> str:
    """Return the comment in at most ``most`` bytes, its mark at the end; empty where there is nothing to say."""
    if change.is_silent:
        return ""

    def values(rows: int, letters: int) -> ChangeValues:
        return words.change_values(change, setting, rows, letters)

    text = words.drawn(TEMPLATE, values, most - _ROOM, most_rows=_ROWS)
    return f"{text}\n<!-- debtscan-change: {digest(text, change)} -->\n"


def digest(text: str, change: Comparison) -> str:
    """Return what names a text without its date: said again on another day it is no news."""
    undated = text.replace(change.after.as_of.isoformat(), "")
    return hashlib.sha256(undated.encode()).hexdigest()[:16]


def settle(host: Host, number: int, text: str) -> str:
    """Make the comment of a pull request what it should be; ``text`` empty is none. Return what was done, or "".

    Two runs at once may leave two: the first one stays.
    """
    login = host.login()
    there = host.comments(number)
    own = [one for one in there if one.author.login == login and _MARK.search(one.body)]
    done = ""
    if text and not own:
        if len(there) >= MOST_COMMENTS:
            return f"did not comment on #{number}: among so many comments nobody can tell whether one is there already"
        host.comment(number, text)
        return f"commented on #{number}"
    if text and _mark(own[0].body) != _mark(text):
        host.edit_comment(own[0].id, text)
        done = f"changed the comment on #{number}"
    for one in own[1:] if text else own:
        host.delete_comment(one.id)
        done = done or f"deleted the comment on #{number}: {'it was there twice' if text else 'nothing is left to say'}"
    return done


def _mark(text: str) -> str:
    found = _MARK.search(text)
    return found[1] if found else ""
