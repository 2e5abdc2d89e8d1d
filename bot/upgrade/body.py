"""A pull request's body: what moves, what that wins, what was checked and what not. Pure.

Names, versions and notes come from strangers: everything goes through the Markdown environment of `bot.markup`, and
what is longer than GitHub takes is shortened from its least important end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot import VERSION, wording
from bot.markup import Raw, render
from bot.upgrade import _said
from bot.upgrade.marker import draw, marker_of
from bot.upgrade.model import Move, Written
from bot.upgrade.notes import Notes
from bot.upgrade.preview import Preview
from bot.upgrade.spelling import versions
from bot.upgrade.usage import Usage
from bot.weighed import Weighed

MOST: Final = 65_536
"""The characters that GitHub takes."""
_STATE: Final = 500
"""Room for what publishing adds to the marker."""


# Sections that are not there leave their blank lines behind.
_BLANK: Final = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class _Level:
    """How much is told: rows of each list, letters of each name, characters of all release notes together."""

    rows: int
    letters: int
    notes: int


_LEVELS: Final = (
    _Level(25, 120, 40_000),
    _Level(25, 120, 20_000),
    _Level(20, 100, 8_000),
    _Level(15, 80, 2_000),
    _Level(10, 60, 0),
    _Level(4, 30, 0),
)
# The list of what moves is what a pull request is about: it is cut last.
_MOVES_PER_ROW: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What is known beside the files: all of it may be missing, and is then said to be.

    `commit` is the base's, `as_of` the day on which it was judged. `notes` and `usages` go by a move's mark. `trial`
    are the sentences about checks that failed, and what is done about it.
    """

    as_of: date
    commit: str | None = None
    preview: Preview | None = None
    notes: Mapping[str, Notes] = field(default_factory=dict)
    usages: Mapping[str, Usage] = field(default_factory=dict)
    trial: tuple[str, ...] = ()


def body(written: Written, background: Background, most: int = MOST, state: int = _STATE) -> str:
    """Return the body in at most ``most`` characters, its marker at the end, with room for ``state`` more of these."""
    marker = draw(marker_of(written))
    text = ""
    for level in _LEVELS:
        text = _BLANK.sub("\n\n", render("pull-request.md.j2", _values(written, background, level)))
        if len(text) + len(marker) + state <= most:
            break
    return f"{text}{marker}\n"


def _values(written: Written, background: Background, level: _Level) -> dict[str, object]:
    upgrade, preview = written.upgrade, background.preview
    refused = {(left.name, left.target) for left in written.refused}

    marks = dict.fromkeys(move.mark for move in upgrade.moves)

    def name(text: str | None) -> str:
        return wording.name(text, level.letters)

    def more(entries: Sequence[object], rows: int = level.rows) -> Raw:
        left = len(entries) - rows
        return Raw(f"\n…and {left:,} more\n") if left > 0 else Raw("")

    return {
        "written": written,
        "upgrade": upgrade,
        "moves": [move for move in upgrade.moves if (move.name, move.target) not in refused],
        "most_moves": level.rows * _MOVES_PER_ROW,
        "rows": level.rows,
        "preview": preview,
        "trial": background.trial,
        "problems": _said.problems(written),
        "headline": _said.headline(preview),
        "gain": _said.gain(preview, without_locks=_said.is_without_locks(written)),
        "advisories": _said.advisories(upgrade.moves),
        "usages": [
            told for mark in marks if (told := background.usages.get(mark)) and (told.imported or told.count > 1)
        ],
        "notes": _said.notes(upgrade.moves, background.notes, level.notes),
        "breaking": _said.breaking(upgrade.moves, background.notes),
        "others": written.others,
        "checked": _said.checked(written, background.commit, background.as_of, preview),
        "unchecked": _said.unchecked(written, preview, background.notes),
        "as_of": background.as_of,
        "points": _points,
        "step": _step,
        "versions": versions,
        "age": _age(background.as_of),
        "name": name,
        "prose": lambda text: wording.name(text, 600),
        "more": more,
        "count": wording.count,
        "version": VERSION,
        "shortened": level is not _LEVELS[0],
    }


def _points(change: Weighed) -> Raw:
    """Return how many points a finding counts fewer or more, and why."""
    words = "mended" if not change.after else "new" if not change.before else "less" if change.won > 0 else "more"
    return Raw(f"{-change.won:+,}&nbsp;{words}".replace("-", "\u2212"))


def _step(move: Move) -> Raw:
    """Return how big a step is, on a line of its own in a table's cell."""
    words = move.step or move.kind
    return Raw(f"<br>{words}, for development" if move.development else f"<br>{words}")


def _age(as_of: date) -> Callable[[date | None], Raw]:
    def age(published: date | None) -> Raw:
        """Return the day of a release and how long ago that is, on a line of its own in a table's cell."""
        if published is None:
            return Raw("")
        days = (as_of - published).days
        since = f" · {wording.span(days)} old" if days > 0 else ""
        # Neither a date nor a span breaks where the screen is narrow.
        return Raw(f"<br>{published}{since}".replace("-", "&#8209;").replace(" years", "&nbsp;years"))

    return age
