"""What moved the score since an earlier scan, as the terminal's report shows it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from bot import change_words, wording
from bot.change_items import Item
from bot.report._terminal_parts import grid, heading, indented, number, words
from bot.scorecard import Report

_SHOWN = 5
_SHOWN_IN_DETAIL = 20


def line(report: Report) -> Iterator[Text]:
    """Yield the change in one line; nothing where no earlier scan is known."""
    if report.change:
        style = "green" if report.change.score > 0 else "red" if report.change.score < 0 else "dim"
        yield Text(wording.prose(change_words.headline(report.change)), style=style)


def causes(report: Report, *, details: bool) -> Iterator[RenderableType]:
    """Yield what moved the score, the largest first."""
    if not report.change or not report.change.items:
        return
    items, most = change_words.largest(report.change), _SHOWN_IN_DETAIL if details else _SHOWN
    yield heading(f"What moved the score since {report.change.since.as_of}")
    columns = (words(), number("score"), number("points"), words("", 1))
    yield grid(*columns, rows=(_row(item) for item in items[:most]))
    if len(items) > most:
        yield indented(Text(f"and {len(items) - most:,} more", style="dim"))


def _row(item: Item) -> tuple[Text, ...]:
    what = Text(wording.prose(change_words.sentence(item)))
    if item.path:
        what.append(f"  {wording.name(item.path)}", style="dim")
    style = "green" if item.score > 0 else "red" if item.score < 0 else ""
    return Text(item.part), Text(change_words.signed(item.score), style=style), Text(change_words.points(item)), what
