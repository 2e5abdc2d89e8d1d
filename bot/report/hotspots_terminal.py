"""Hotspots as people read them in a terminal: what to split first, the others, and what is known beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot import hotspot_words
from bot.hotspots import HotspotReport
from bot.report.renderer import HotspotRenderer, Options

if TYPE_CHECKING:
    from rich.console import RenderableType


def render(report: HotspotReport, options: Options) -> str:
    """Return the report; ``options.files_first`` begins with files."""
    from bot.report._terminal_parts import draw

    return draw(_parts(report, options), options)


def _parts(report: HotspotReport, options: Options) -> Iterator[RenderableType]:
    from rich.text import Text

    from bot.report import _terminal_beside as beside
    from bot.report import _terminal_hotspots as hotspots
    from bot.report._terminal_lists import skipped
    from bot.report._terminal_parts import width_of

    width = width_of(options)
    yield from hotspots.title(report, width)
    if options.files_first:
        yield from beside.files(report, width)
    claim = hotspot_words.nothing(report) or hotspot_words.caveat(report)
    if claim:
        yield Text(f"\n{claim}")
    # What most of the code is in leads, were it not for all files above.
    unmeasured_first = report.is_mostly_unmeasured and not options.files_first and not report.has_lines
    if unmeasured_first:
        yield from beside.elsewhere(report, width)
    yield from hotspots.first(report)
    yield from hotspots.others(report, width)
    if not options.files_first and not unmeasured_first:
        yield from beside.files(report, width) if report.has_lines else beside.elsewhere(report, width)
    yield from beside.couplings(report)
    yield from beside.folders(report)
    yield from skipped(report.skipped, details=False)
    yield Text(f"\nWhat counts, and how: debtscan explain complexity-hotspot. {_more(report)}", style="dim")


def _more(report: HotspotReport) -> str:
    return f"debtscan {report.version}, ruleset {report.ruleset}."


HOTSPOTS = HotspotRenderer(name="terminal", title="a ranked list for the terminal", suffix=".txt", render=render)
