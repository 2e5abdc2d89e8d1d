"""What posts say, put together from what a scan and a round found. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.ends import ends_of
from bot.posts.model import EndLine
from bot.scorecard import Report


def end_lines(report: Report) -> tuple[EndLine, ...]:
    """Return what has ended or ends soon, the longest ended first."""
    return tuple(_end_lines(report))


def _end_lines(report: Report) -> Iterator[EndLine]:
    for end in ends_of(report):
        first = end.places[0].finding
        places = {charged.finding.path for charged in end.places}
        yield EndLine(
            day=end.day,
            what=end.title,
            where=f"{first.path}:{first.line}",
            more=len(places) - 1 + max(0, end.more),
        )
