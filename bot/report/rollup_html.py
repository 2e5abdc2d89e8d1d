"""The roll-up of many repositories as one self-contained HTML page, in the look of the report's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot import wording
from bot.markup import render as draw
from bot.report import _page
from bot.report import _rollup_words as words
from bot.report._self_contained import Finished, icon, inlined, policy
from bot.rollup import RollUp
from bot.ruleset import Grade

MOST_REPOSITORIES: Final = 2000
"""Rows beyond these would make the page slow; the page says how many there are and where they stand."""
MOST_ROWS: Final = 200
SHOWN: Final = 20
"""Rows of a list that are seen without a click."""
NAMED: Final = 4
"""Names that stand in a row; the others come with a click."""
_MOST_NAMES: Final = 300


@dataclass(frozen=True, slots=True)
class Bar:
    """How many repositories have a grade; `share` is the bar's length in percent of the longest."""

    grade: Grade
    count: int
    share: str


def render(rolled: RollUp) -> str:
    """Return the page. It fits every width and both colour schemes by itself."""
    style = inlined("report.css") + inlined("roll-up.css")
    script = inlined("page.js") + inlined("roll-up.js")
    line = _page.time_line(rolled.ends, rolled.as_of)
    values: dict[str, object] = {
        "rolled": rolled,
        "as_of": rolled.as_of,
        "title": words.title(rolled),
        "bars": tuple(_bars(rolled)),
        "counts": words.counts(rolled),
        "middle": words.middle(rolled),
        "members": rolled.members[:MOST_REPOSITORIES],
        "more_members": max(0, len(rolled.members) - MOST_REPOSITORIES),
        "undone": rolled.undone,
        "line": line,
        "most": MOST_ROWS,
        "shown": SHOWN,
        "named": NAMED,
        "most_names": _MOST_NAMES,
        "sections": tuple(_navigation(rolled)),
        "policy": policy(style, script),
        "icon": icon(words.middle(rolled) or "F"),
        "style": Finished(style),
        "script": Finished(script),
        "work": wording.work,
        "score": wording.score,
        "years": wording.years,
        "count": wording.count,
        "name": wording.name,
        "prose": wording.prose,
        "difference": words.difference,
        "short": lambda name: words.short(name, rolled.owner),
    }
    return draw("roll-up.html.j2", values)


def _bars(rolled: RollUp) -> Iterator[Bar]:
    most = max(count for _letter, count in rolled.grades) or 1
    for letter, count in rolled.grades:
        yield Bar(letter, count, f"{100 * count / most:.1f}")


def _navigation(rolled: RollUp) -> Iterator[tuple[str, str]]:
    places = (
        ("shared", "Shared", rolled.shared),
        ("moved", "Moved", rolled.improved or rolled.fallen),
        ("ends", "Ends", rolled.ends),
        ("repositories", "Repositories", rolled.members),
        ("left-out", "Not scanned", True),
    )
    return ((place, title) for place, title, there in places if there)
