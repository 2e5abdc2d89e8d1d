"""What the report and the page of hotspots show alike: the map, and the tables beside it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analyzers.model.history import Coupling, FolderKnowledge
from bot import hotspot_words, wording
from bot.hotspots import Counted
from bot.markup import script_json
from bot.report import _hotspot_map
from bot.report._self_contained import Finished, inlined
from bot.scorecard import FileSize, Hotspot

STYLES = ("hotspots.css",)
SCRIPTS = ("page.js", "d3-hierarchy.js", "hotspot-file.js", "hotspot-map.js")
"""In the order in which the page runs them."""

# Height and width of the small charts' bars, in pixels; hotspot-file.js draws the same.
_SPARK = 20
_BAR = 6


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one list that the page holds, `step` of them seen at first, and how many `more` there are."""

    rows: Sequence[object]
    step: int
    more: int


@dataclass(frozen=True, slots=True)
class Spark:
    """A small chart of one figure a month, oldest first: its bars as one path, its width, what it says in words."""

    path: str
    width: int
    words: str


def scripts(*further: str) -> str:
    """Return the map's scripts and ``further`` ones of ``templates/``, as one."""
    return "".join(inlined(name) for name in (*SCRIPTS, *further))


def values(
    *,
    functions: Sequence[Hotspot],
    files: Sequence[FileSize],
    all_files: Sequence[FileSize],
    couplings: Sequence[Coupling],
    more_couplings: int,
    folders: Sequence[FolderKnowledge],
    history: Counted | None,
    step: int,
    most: int,
) -> dict[str, object]:
    """Return what ``hotspot_map.html.j2`` and ``hotspot_tables.html.j2`` are drawn with.

    Of each list the page holds ``most`` rows, of which ``step`` are seen at first; the others are counted.
    """
    found = _hotspot_map.build(all_files, functions, couplings, more_couplings)
    return {
        "map": found,
        "map_data": Finished(script_json(found.data)) if found else "",
        "numbers": found.numbers if found else {},
        "steps": _hotspot_map.STEPS,
        "functions": _table(functions, step, most),
        "files": _table(files, step, most),
        "couplings": _table(couplings, step, most),
        "weaker_couplings": more_couplings,
        "folders": _table(folders, step, most),
        "history": history,
        "spark": spark,
        "percent": hotspot_words.percent,
        "why": hotspot_words.sentence,
        "counted": hotspot_words.commits,
        "growth": hotspot_words.growth,
        "count": wording.count,
        "name": wording.name,
        "prose": wording.prose,
    }


def spark(months: Iterable[int | None]) -> Spark | None:
    """Return the chart of one figure a month; a month with any of it shows. None where all is nothing."""
    figures = tuple(months)
    most = max((figure or 0 for figure in figures), default=0)
    if not most:
        return None
    bars = (
        f"M{month * _BAR} {_SPARK}v-{max(1, round(_SPARK * figure / most))}h{_BAR - 1}V{_SPARK}"
        for month, figure in enumerate(figures)
        if figure
    )
    words = ", ".join("–" if figure is None else str(figure) for figure in figures)
    return Spark("".join(bars), len(figures) * _BAR, words)


def _table(rows: Sequence[object], step: int, most: int) -> Table:
    shown = rows[:most]
    return Table(shown, min(step, len(shown)), len(rows) - len(shown))
