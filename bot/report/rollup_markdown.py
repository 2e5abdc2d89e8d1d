"""The roll-up of many repositories as Markdown, no longer than a job's page allows."""

from __future__ import annotations

from typing import Final

from bot import wording
from bot.markup import insist
from bot.markup import render as draw
from bot.report import _rollup_words as words
from bot.report.rollup_values import Codes, CountBar, MoreThan, Repositories, RollUpValues, WithoutOwner
from bot.rollup import RollUp
from bot.template_words import Shortened, given

TEMPLATE: Final = "roll-up.md.j2"
MOST: Final = 200_000
"""Characters: a job's page takes 1 MiB, and others write on it too."""
# Rows of each list, names in a row and letters of a name, tried from the top until the text fits.
_LEVELS: Final = ((50, 5, 100), (25, 3, 80), (10, 2, 60), (5, 1, 40), (2, 1, 20))
_FEW: Final = 10


def render(rolled: RollUp, most: int = MOST) -> str:
    """Return the roll-up in at most ``most`` characters; what is left out is counted in its place."""
    text = ""
    for rows, named, letters in _LEVELS:
        text = draw(TEMPLATE, given(_values(rolled, rows, named, letters)))
        if len(text) <= most:
            break
    insist(TEMPLATE, len(text), most)
    return text


def _values(rolled: RollUp, rows: int, named: int, letters: int) -> RollUpValues:
    moves = (("Most improved", rolled.improved), ("Most fallen", rolled.fallen))
    codes, short = Codes(named, letters), WithoutOwner(rolled.owner)
    return RollUpValues(
        rolled=rolled,
        title=wording.name(words.title(rolled), letters),
        counts=words.counts(rolled),
        middle=words.middle(rolled),
        moves=tuple((heading, moved) for heading, moved in moves if moved),
        undone=rolled.undone,
        rows=rows,
        few=min(rows, _FEW),
        bar=CountBar(max(number for _letter, number in rolled.grades)),
        more=MoreThan(rows),
        codes=codes,
        names=Repositories(codes, short),
        name=Shortened(letters),
        short=short,
    )
