"""The scorecard as people read it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot import standing
from bot.report.renderer import Options, Renderer
from bot.scorecard import Report

if TYPE_CHECKING:
    from rich.console import RenderableType


def render(report: Report, options: Options) -> str:
    """Return the scorecard; ``options.details`` adds every finding."""
    from bot.report._terminal_parts import draw

    return draw(_parts(report, options), options)


def render_inventory(report: Report, options: Options) -> str:
    """Return the list of ``debtscan inventory``."""
    from bot.report import _terminal_lists as lists
    from bot.report._terminal_parts import draw, width_of

    return draw(
        [*lists.inventory(report, width_of(options)), *lists.skipped(standing.not_judged(report), details=False)],
        options,
    )


def _parts(report: Report, options: Options) -> Iterator[RenderableType]:
    from bot.report import _terminal_card as card
    from bot.report import _terminal_change as change
    from bot.report import _terminal_lists as lists
    from bot.report._terminal_parts import width_of

    width = width_of(options)
    yield from card.title(report, width)
    yield from card.card(report, width)
    yield from card.best(report, width)
    yield from change.causes(report, details=options.details)
    yield from card.groups(report, width)
    yield from card.projects(report, width)
    yield from lists.new(report)
    yield from lists.ends(report, width)
    yield from lists.hotspots(report, width)
    if options.details:
        yield from lists.findings(report)
    yield from lists.accepted(report)
    yield from lists.skipped(standing.not_judged(report), details=options.details)
    yield from _foot(report, options)


def _foot(report: Report, options: Options) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text()
    for warning in standing.stale_tables(report):
        yield Text(f"! {warning}", style="yellow")
    hint = "A rule's page: debtscan explain RULE."
    if report.findings and not options.details:
        hint = f"Every finding: debtscan scan --details. {hint}"
    yield Text(f"{hint} debtscan {report.version}, ruleset {report.ruleset}.", style="dim")


RENDERER = Renderer(name="terminal", title="a scorecard for the terminal", suffix=".txt", render=render)
