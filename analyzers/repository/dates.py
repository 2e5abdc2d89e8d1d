"""Corrected dates: a commit is later than its parents, whatever the clocks of their authors said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def corrected_dates(
    parents: Mapping[bytes, Sequence[bytes]], times: Mapping[bytes, int], known: Mapping[bytes, int]
) -> dict[bytes, int]:
    """Return the corrected date of each commit: its own time, or one second after its latest parent's.

    ``parents`` lists commits in git's order (mostly children first); ``known`` has the dates of others. A parent of
    which nothing is here, as at the end of a shallow clone, does not count.
    """
    dates: dict[bytes, int] = {}
    for name in reversed(list(parents)):
        if name not in dates:
            _date(name, parents, times, known, dates)
    return dates


def _date(
    name: bytes,
    parents: Mapping[bytes, Sequence[bytes]],
    times: Mapping[bytes, int],
    known: Mapping[bytes, int],
    dates: dict[bytes, int],
) -> None:
    # Where a clock went wrong git shows a parent before its child: then what is waited for comes first.
    waiting = [name]
    while waiting:
        name = waiting[-1]
        date = times[name]
        missing = []
        for parent in parents[name]:
            found = dates.get(parent)
            if found is None:
                if parent in parents:
                    missing.append(parent)
                    continue
                found = known.get(parent)
            if found is not None and found >= date:
                date = found + 1
        if missing:
            waiting += missing
        else:
            dates[name] = date
            waiting.pop()
