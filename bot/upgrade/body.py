"""A pull request's body: what moves, what that wins, what was checked and what not. Pure.

Names, versions and notes come from strangers: everything goes through the Markdown environment of `bot.markup`, and
what is longer than GitHub takes is shortened from its least important end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.markup import insist, render
from bot.template_words import More, Shortened, given
from bot.upgrade import _said
from bot.upgrade.marker import draw, marker_of
from bot.upgrade.model import Written
from bot.upgrade.notes import Notes
from bot.upgrade.preview import Preview
from bot.upgrade.template_values import Age, PullRequestValues
from bot.upgrade.usage import Usage

MOST: Final = 65_536
"""The characters that GitHub takes."""
TEMPLATE: Final = "pull-request.md.j2"
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
_PROSE: Final = 600


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
        text = _BLANK.sub("\n\n", render(TEMPLATE, given(_values(written, background, level))))
        if len(text) + len(marker) + state <= most:
            break
    insist(TEMPLATE, len(text) + len(marker) + state, most)
    return f"{text}{marker}\n"


def _values(written: Written, background: Background, level: _Level) -> PullRequestValues:
    upgrade, preview = written.upgrade, background.preview
    refused = {(left.name, left.target) for left in written.refused}
    marks = dict.fromkeys(move.mark for move in upgrade.moves)
    return PullRequestValues(
        written=written,
        upgrade=upgrade,
        moves=[move for move in upgrade.moves if (move.name, move.target) not in refused],
        most_moves=level.rows * _MOVES_PER_ROW,
        rows=level.rows,
        preview=preview,
        trial=background.trial,
        problems=_said.problems(written),
        headline=_said.headline(preview),
        gain=_said.gain(preview, without_locks=_said.is_without_locks(written)),
        advisories=_said.advisories(upgrade.moves),
        usages=[told for mark in marks if (told := background.usages.get(mark)) and (told.imported or told.count > 1)],
        notes=_said.notes(upgrade.moves, background.notes, level.notes),
        breaking=_said.breaking(upgrade.moves, background.notes),
        others=written.others,
        checked=_said.checked(written, background.commit, background.as_of, preview),
        unchecked=_said.unchecked(written, preview, background.notes),
        as_of=background.as_of,
        age=Age(background.as_of),
        name=Shortened(level.letters),
        prose=Shortened(_PROSE),
        more=More(level.rows),
        shortened=level is not _LEVELS[0],
    )
