"""Where a product's release lines stand on a given day. Judged by dates, never by a stored flag alone."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from analyzers.ecosystems.docker.products import Layer
from analyzers.lifecycles.table import is_rolling
from analyzers.model.facts import Cycle, Lifecycle

Support = Literal["regular", "lts"]
# What `support` decides about: the others have one end, or one that is for paying customers.
_TWO_ENDS = frozenset({"debian", "ubuntu"})
# Moving to a line that ends within this would mean moving again soon.
WORTHWHILE = timedelta(days=365)


@functools.lru_cache(maxsize=8192)
def numbers(name: str) -> tuple[int, ...]:
    """Return a cycle's name as numbers (``24.04`` → (24, 4)); empty for another name."""
    parts = name.split(".")
    return tuple(int(part) for part in parts) if all(part.isdecimal() and len(part) < 9 for part in parts) else ()  # noqa: PLR2004 - far longer than any version


def cycle_of(lifecycle: Lifecycle, layer: Layer) -> Cycle | None:
    """Return the cycle that the layer names: the most exact one. A wider version (``3``) means its newest cycle."""
    if layer.codename and not layer.numbers:
        return next((cycle for cycle in lifecycle.cycles if cycle.codename == layer.codename), None)
    return cycle_at(lifecycle, layer.numbers)


def cycle_at(lifecycle: Lifecycle, version: tuple[int, ...]) -> Cycle | None:
    """Return the cycle of a version: see `cycle_of`."""
    named = [(numbers(cycle.name), cycle) for cycle in lifecycle.cycles]
    exact = [(name, cycle) for name, cycle in named if name and name == version[: len(name)]]
    wider = [(name, cycle) for name, cycle in named if version and version == name[: len(version)]]
    best = max(exact or wider, key=lambda pair: pair[0], default=None)
    return best[1] if best else None


def end_of(lifecycle: Lifecycle, cycle: Cycle, support: Support) -> date | None:
    """Return the cycle's last supported day by the support that counts; None where no date is known."""
    if support == "lts" and lifecycle.product in _TWO_ENDS and cycle.extended:
        return cycle.extended
    return cycle.end


@dataclass(frozen=True, slots=True)
class Standing:
    """One layer of an image on one day. `end` is None where no date is known.

    `has_ended` may be True without `end`: then it ended on a day that nobody recorded, before the table's.
    """

    layer: Layer
    lifecycle: Lifecycle
    cycle: Cycle
    end: date | None
    has_ended: bool

    def ends_within(self, days: int, as_of: date) -> bool:
        """Whether the end is announced, and at most so many days away."""
        return not self.has_ended and self.end is not None and (self.end - as_of).days <= days


def standing(layer: Layer, lifecycle: Lifecycle, as_of: date, support: Support) -> Standing | None:
    """Return where the layer stands; None for a version that the lifecycle does not know.

    A line of a rolling product has no end of its own: it is newer or older.
    """
    cycle = cycle_of(lifecycle, layer) or _before_the_first(lifecycle, layer, as_of, support)
    if cycle is None:
        return None
    if is_rolling(lifecycle.product):
        return Standing(layer, lifecycle, cycle, None, has_ended=False)
    return Standing(
        layer, lifecycle, cycle, end_of(lifecycle, cycle, support), has_ended(lifecycle, cycle, as_of, support)
    )


def _before_the_first(lifecycle: Lifecycle, layer: Layer, as_of: date, support: Support) -> Cycle | None:
    """Return the line of a version that is older than any line known; None unless the oldest of these has ended."""
    known = min(
        ((numbers(cycle.name), cycle) for cycle in lifecycle.cycles if numbers(cycle.name)), default=None, key=_first
    )
    if (
        not known
        or not layer.numbers
        or layer.numbers >= known[0]
        or not has_ended(lifecycle, known[1], as_of, support)
    ):
        return None
    return Cycle(".".join(map(str, layer.numbers[: len(known[0])])), released=None, end=None, ended=True)


def _first(pair: tuple[tuple[int, ...], Cycle]) -> tuple[int, ...]:
    return pair[0]


def has_ended(lifecycle: Lifecycle, cycle: Cycle, as_of: date, support: Support) -> bool:
    """Whether the cycle's last supported day is over."""
    end = end_of(lifecycle, cycle, support)
    return end < as_of if end else cycle.ended and as_of >= lifecycle.table_date


def living(lifecycle: Lifecycle, as_of: date, support: Support) -> Iterator[Cycle]:
    """Yield the cycles that are released and supported on that day, newest first."""
    for cycle in lifecycle.cycles:
        is_out = cycle.released is None or cycle.released <= as_of
        if is_out and not has_ended(lifecycle, cycle, as_of, support):
            yield cycle


def next_cycles(lifecycle: Lifecycle, current: Cycle, as_of: date, support: Support) -> tuple[Cycle, ...]:
    """Return the cycles to move to, the best first: the nearest that is supported for another year.

    Who is on a long-term line is led to another one. Those that end sooner come last, the longest supported first.
    """
    lasting = lasting_cycles(lifecycle, current, as_of, support)
    ending = [cycle for cycle in _after(lifecycle, current, as_of, support) if cycle not in lasting]
    return (*lasting, *sorted(ending, key=lambda cycle: end_of(lifecycle, cycle, support) or date.max, reverse=True))


def lasting_cycles(lifecycle: Lifecycle, current: Cycle, as_of: date, support: Support) -> tuple[Cycle, ...]:
    """Return the cycles to move to that are supported for another year, the nearest first."""
    after = _after(lifecycle, current, as_of, support)
    lasting = (cycle for cycle in after if _lasts(end_of(lifecycle, cycle, support), as_of))
    return tuple(sorted(lasting, key=lambda cycle: numbers(cycle.name)))


def _after(lifecycle: Lifecycle, current: Cycle, as_of: date, support: Support) -> list[Cycle]:
    """Return the later lines that are supported, only the long-term ones for who is on such a line."""
    after = [cycle for cycle in living(lifecycle, as_of, support) if numbers(cycle.name) > numbers(current.name)]
    if current.is_long_term(as_of):
        after = [cycle for cycle in after if cycle.is_long_term(as_of)] or after
    return after


def _lasts(end: date | None, as_of: date) -> bool:
    return end is None or end - as_of >= WORTHWHILE
