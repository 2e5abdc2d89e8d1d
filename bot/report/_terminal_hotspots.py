"""Functions in the terminal's report of hotspots: the one to split first in full, the others in a few lines each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Column
from rich.text import Text

from bot import hotspot_words, wording
from bot.hotspots import HotspotReport
from bot.report._terminal_parts import INDENT, grid, heading, indented, more, styled, words
from bot.scorecard import Hotspot
from bot.standing import place_of

_NAME = 60
# From this width on there is room for the commits a month, and from this one for the complexity as well.
_ROOMY = 72
_WIDE = 110
_WORK = 6


def title(report: HotspotReport, width: int) -> Iterator[RenderableType]:
    """Yield what was read, as of when, and which commits count."""
    line = styled(wording.name(report.repository.name), "bold")
    line.append(f"  {place_of(report.repository)}", style="dim")
    when = f"as of {report.as_of}"
    yield line.append("  " if line.cell_len + len(when) + 2 <= width else "\n").append(when, style="dim")
    if report.history:
        yield Text(f"{hotspot_words.commits(report.history)}.", style="dim")


def first(report: HotspotReport) -> Iterator[RenderableType]:
    """Yield the function to split first: why, what that costs, who knows it, what changes with it."""
    if not report.functions:
        return
    spot = report.functions[0]
    yield heading("Split this first")
    line = styled(wording.name(spot.function, _NAME), "bold red")
    yield indented(line.append(f"  {_where(spot)}", style="dim"))
    yield indented(Text(hotspot_words.sentence(spot)))
    rows = [(Text(label, style="dim"), text) for label, text in _facts(report, spot)]
    yield grid(Column(no_wrap=True), words("", 1), rows=rows)


def _facts(report: HotspotReport, spot: Hotspot) -> Iterator[tuple[str, Text]]:
    line = _over_time(spot)
    if line.plain:
        yield "over time", line
    for fact in hotspot_words.facts(report, spot):
        yield fact.label, Text("\n".join(fact.lines))


def _over_time(spot: Hotspot) -> Text:
    line = Text()
    if any(spot.trend):
        line.append(hotspot_words.commits_over_time(spot.trend)).append(" commits", style="dim")
    if any(spot.complexities):
        line.append("   " if line.plain else "").append(_complexity(spot)).append(" complexity", style="dim")
        line.append(f" {hotspot_words.growth(spot)}".rstrip())
    each = hotspot_words.months_a_column(spot.trend)
    return line.append(f"  (columns of {each} months)", style="dim") if line.plain and each > 1 else line


def _complexity(spot: Hotspot) -> Text:
    return Text(hotspot_words.complexity_over_time(spot.complexities), style="magenta")


def others(report: HotspotReport, width: int) -> Iterator[RenderableType]:
    """Yield the other functions in their order, each with its reason."""
    shown = report.rows(report.functions)
    if len(shown) > 1:
        side = _Side.of(shown[1:], width)
        yield heading("And then")
        yield _apart(Text(), side.head(), width)
        for rank, spot in enumerate(shown[1:], 2):
            yield from _other(spot, f"{rank:>{len(str(len(shown)))}}. ", side, width)
    yield from more(len(report.functions) - len(shown), "debtscan hotspots --top 0")


@dataclass(frozen=True, slots=True)
class _Side:
    """What stands at the right edge: the work, and before it, where there is room, lines over time of these widths."""

    complexity: int
    commits: int

    @classmethod
    def of(cls, spots: Iterable[Hotspot], width: int) -> _Side:
        lines = [(_complexity(spot).cell_len, len(hotspot_words.commits_over_time(spot.trend))) for spot in spots]
        complexity = max(found for found, _commits in lines) if width >= _WIDE else 0
        commits = max(found for _complexity, found in lines) if width >= _ROOMY else 0
        return cls(
            complexity and max(complexity, len("complexity")),
            commits and max(commits, len("commits")),
        )

    def head(self) -> Text:
        shown = ["complexity".rjust(self.complexity)] if self.complexity else []
        shown += ["commits".rjust(self.commits)] if self.commits else []
        return Text("  ".join((*shown, "work".rjust(_WORK))), style="dim")

    def row(self, spot: Hotspot) -> Text:
        line, complexity = Text(), _complexity(spot)
        if self.complexity:
            line.append(" " * (self.complexity - complexity.cell_len)).append(complexity).append("  ")
        if self.commits:
            line.append(hotspot_words.commits_over_time(spot.trend).rjust(self.commits), style="cyan").append("  ")
        return line.append(wording.work(spot.effort_minutes).rjust(_WORK))


def _other(spot: Hotspot, rank: str, side: _Side, width: int) -> Iterator[RenderableType]:
    start = len(rank) + INDENT
    what = styled(rank.rjust(start), "dim").append(wording.name(spot.function, _NAME), style="bold")
    where, right = styled(_where(spot), "dim"), side.row(spot)
    room = width - right.cell_len - 2
    together = Text("  ").join((what, where))
    lines = [together] if together.cell_len <= room else [what, Text(" " * start).append(where)]
    # What stands at the right does so in the first line with room for it.
    free = next((at for at, line in enumerate(lines) if line.cell_len <= room), None)
    for at, line in enumerate(lines):
        yield _apart(line, right, width) if at == free else line
    if free is None:
        yield _apart(Text(), right, width)
    yield Padding(Text(hotspot_words.sentence(spot)), (0, 0, 0, start))


def _apart(left: Text, right: Text, width: int) -> Text:
    return Text.assemble(left, " " * (width - left.cell_len - right.cell_len), right)


def _where(spot: Hotspot) -> str:
    return f"{wording.name(spot.path)}:{spot.line}"
