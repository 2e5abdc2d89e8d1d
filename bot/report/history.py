"""What ``debtscan history`` prints: past scorecards as a table, the newest first, for terminals and in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from bot import wording
from bot.markup import render
from bot.past import past_rows
from bot.report.renderer import Options
from bot.report.rollup_values import HistoryValues
from bot.store.model import Entry
from bot.template_words import Shortened, given

_NAME = 80
TEMPLATE = "history.md.j2"


def render_terminal(repository: str, entries: Sequence[Entry], options: Options) -> str:
    """Return the table for a terminal."""
    from rich.text import Text

    from bot.report import _terminal_parts as parts

    rows = [
        (
            Text(row.entry.as_of.isoformat()),
            Text(row.entry.commit[:10] or "no commit", style="dim"),
            Text(wording.score(row.entry.score)),
            Text(row.entry.grade, style=parts.GRADE_STYLES[row.entry.grade]),
            Text(row.change),
            Text(", ".join(filter(None, (row.lost or "nothing", wording.name(row.note, _NAME))))),
        )
        for row in reversed(past_rows(entries))
    ]
    columns = (
        parts.words("day"),
        parts.words("commit"),
        parts.number("score"),
        parts.words(),
        parts.number("change"),
        parts.words("lost to"),
    )
    title = f"{wording.name(repository, _NAME)}: {wording.count(len(entries), 'scorecard')}"
    return parts.draw([parts.heading(title), parts.grid(*columns, rows=rows)], options)


def render_markdown(repository: str, entries: Sequence[Entry]) -> str:
    """Return the table in Markdown."""
    values = HistoryValues(
        repository=wording.name(repository, _NAME), rows=tuple(reversed(past_rows(entries))), name=Shortened(_NAME)
    )
    return render(TEMPLATE, given(values))
