"""What posts say, put together from what a scan and a round found. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.ends import End
from bot.posts.model import EndLine


def end_lines(ends: Iterable[End]) -> tuple[EndLine, ...]:
    """Return what has ended or will end as lines, in the order given."""
    return tuple(_end_lines(ends))


def _end_lines(ends: Iterable[End]) -> Iterator[EndLine]:
    for end in ends:
        first = end.places[0].finding
        places = {charged.finding.path for charged in end.places}
        yield EndLine(
            day=end.day,
            what=end.title,
            where=f"{first.path}:{first.line}",
            more=len(places) - 1 + max(0, end.more),
        )
