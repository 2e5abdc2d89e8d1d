"""The roll-up of many repositories as Markdown, no longer than a job's page allows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot import wording
from bot.markup import Raw, markdown_code
from bot.markup import render as draw
from bot.report import _rollup_words as words
from bot.rollup import RollUp

MOST: Final = 200_000
"""Characters: a job's page takes 1 MiB, and others write on it too."""
# Rows of each list, names in a row and letters of a name, tried from the top until the text fits.
_LEVELS: Final = ((50, 5, 100), (25, 3, 80), (10, 2, 60), (5, 1, 40), (2, 1, 20))
_FEW: Final = 10
_BAR: Final = 20


def render(rolled: RollUp, most: int = MOST) -> str:
    """Return the roll-up in at most ``most`` characters; what is left out is counted in its place."""
    text = ""
    for rows, named, letters in _LEVELS:
        text = draw("roll-up.md.j2", _values(rolled, rows, named, letters))
        if len(text) <= most:
            break
    return text


def _values(rolled: RollUp, rows: int, named: int, letters: int) -> dict[str, object]:
    largest = max(number for _letter, number in rolled.grades)
    moves = (("Most improved", rolled.improved), ("Most fallen", rolled.fallen))

    def bar(number: int) -> str:
        return "█" * max(1, round(number / largest * _BAR)) if number else ""

    def more(number: int, shown: int = rows) -> Raw:
        return Raw(f"\nand {number - shown:,} more\n") if number > shown else Raw("")

    def short(name: str) -> str:
        return words.short(name, rolled.owner)

    def codes(of: Sequence[str]) -> Raw:
        drawn = " ".join(markdown_code(wording.name(one, letters)) for one in of[:named])
        return Raw(f"{drawn} and {len(of) - named:,} more") if len(of) > named else Raw(drawn)

    return {
        "rolled": rolled,
        "title": wording.name(words.title(rolled), letters),
        "counts": words.counts(rolled),
        "middle": words.middle(rolled),
        "moves": tuple((heading, moved) for heading, moved in moves if moved),
        "undone": rolled.undone,
        "rows": rows,
        "few": min(rows, _FEW),
        "bar": bar,
        "more": more,
        "codes": codes,
        "names": lambda of: codes([short(one) for one in of]),
        "name": lambda text: wording.name(text, letters),
        "short": short,
        "difference": words.difference,
        "score": wording.score,
        "work": wording.work,
        "years": wording.years,
        "count": wording.count,
    }
