"""Which tag an image should move to: of a supported line, of the same kind, and offered by its registry."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from analyzers.ecosystems.docker import choice
from analyzers.ecosystems.docker.choice import Choice
from analyzers.ecosystems.docker.cycles import (
    Standing,
    Support,
    cycle_at,
    has_ended,
    lasting_cycles,
    next_cycles,
    numbers,
)
from analyzers.ecosystems.docker.products import Layer, codename_of
from analyzers.lifecycles.table import is_rolling
from analyzers.model.facts import Cycle, Lifecycle
from analyzers.syntax.image_reference import ImageReference
from analyzers.versions.docker_tag import is_same_kind, is_same_shape
from analyzers.versions.image_tag import Tag, parse

_Tags: TypeAlias = tuple[str, ...]
# A tag of honest length names two or three products with a handful of lines each; a hostile one a dozen.
_MOST_COMBINATIONS = 64
_IMAGES_BEFORE_RELEASE = frozenset({"debian", "ubuntu", "fedora", "opensuse"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new tag of one image has to satisfy.

    `leave` are the layers that have to be left, `stay` those that need not. `line` is how many numbers name a line of
    the image's own product: where only what it rests on is left, the new tag is of the same.
    """

    reference: ImageReference
    leave: tuple[Standing, ...]
    as_of: date
    support: Support
    stay: tuple[Standing, ...] = ()
    line: int = 2

    def cycles(self, standing: Standing) -> tuple[Cycle, ...]:
        """Return where a layer may go, the best first."""
        return next_cycles(standing.lifecycle, standing.cycle, self.as_of, self.support)

    def lasting(self, standing: Standing) -> tuple[Cycle, ...]:
        """Return where a layer may go and stay for a year, the best first."""
        return lasting_cycles(standing.lifecycle, standing.cycle, self.as_of, self.support)


@functools.lru_cache(maxsize=1024)
def supported_tag(wanted: Wanted, tags: _Tags) -> str | None:
    """Return the tag that leaves every ended layer behind and changes nothing else; None where none is offered.

    Where the image's own product has no lasting line on what it rests on, that moves as well, ended or not: .NET 10
    is not made for the Ubuntu that .NET 8 was made for.
    """
    current = wanted.reference.tag
    if current is None or not wanted.leave:
        return None
    own = next((standing for standing in wanted.leave if _is_version(standing.layer)), None)
    beneath = tuple(standing for standing in wanted.leave if standing is not own)
    if own is None:
        offered = frozenset(tags)
        same = (_same_version(text, wanted, offered, tags) for text in replaced(current, beneath, wanted))
        return next(filter(None, same), None) or _of_rolling(current, beneath, wanted, tags)
    moved = tuple(standing for standing in wanted.stay if not standing.layer.is_own)
    ways = ((beneath, wanted.lasting(own)), ((*beneath, *moved), wanted.lasting(own)), (beneath, wanted.cycles(own)))
    found = (
        _at_own(text, own, cycles, tags) for left, cycles in ways for text in replaced(current, left, wanted) if cycles
    )
    return next(filter(None, found), None)


def _of_rolling(current: str, beneath: tuple[Standing, ...], wanted: Wanted, tags: _Tags) -> str | None:
    """Return the newest tag of a rolling product, whose older lines are not made anew for what they rest on."""
    own = next((one for one in wanted.stay if _is_version(one.layer) and is_rolling(one.lifecycle.product)), None)
    if own is None:
        return None
    cycles = wanted.cycles(own)
    found = (_at_own(text, own, cycles, tags) for text in replaced(current, beneath, wanted))
    return next(filter(None, found), None)


def _is_version(layer: Layer) -> bool:
    """Whether the layer is the version that the tag is about, and not a word in it."""
    return layer.is_own and not layer.codename and not layer.lead


def replaced(current: str, beneath: tuple[Standing, ...], wanted: Wanted) -> Iterator[str]:
    """Yield the current tag with what it rests on exchanged for supported lines, the best first; not without end."""
    yield from itertools.islice(_combined(current, beneath, wanted), _MOST_COMBINATIONS)


def _combined(current: str, beneath: tuple[Standing, ...], wanted: Wanted) -> Iterator[str]:
    if not beneath:
        yield current
        return
    first, rest = beneath[0], beneath[1:]
    for cycle in wanted.cycles(first):
        text = first.layer.at(cycle)
        if text:
            yield from _combined(_exchange(current, first.layer, text), rest, wanted)


def _exchange(tag: str, layer: Layer, text: str) -> str:
    """Replace the elements that say ``layer.text``, wherever they stand between dashes."""
    framed = f"-{tag}-".replace(f"-{layer.text}-", f"-{text}-", 1)
    return framed[1:-1]


def _same_version(text: str, wanted: Wanted, offered: frozenset[str], tags: _Tags) -> str | None:
    """Return the tag itself where it is offered, else the newest of the same line and precision; of a date, any.

    The image of a day long past would be as old as the one that is left.
    """
    shape = parse(text)
    if text == wanted.reference.tag:
        return None
    if text in offered and shape.style != "date":
        return text
    line = shape.numbers[: wanted.line] if shape.style in {"version", "year"} else ()
    if not line and shape.style != "date":
        return None
    return _newest(tag for tag in map(parse, tags) if _fits(shape, tag, line))


def _at_own(text: str, own: Standing, cycles: Iterable[Cycle], tags: _Tags) -> str | None:
    """Return the newest tag of the nearest of these lines of the image's own product."""
    shape = parse(text)
    parsed = [tag for tag in map(parse, tags) if tag.is_stable]
    for cycle in cycles:
        found = _in_line(shape, parsed, own.cycle, cycle)
        if found:
            return found
    return None


def _in_line(shape: Tag, tags: Iterable[Tag], old: Cycle, new: Cycle) -> str | None:
    """Return the newest tag of a line, as precise as ``shape``.

    Where lines are named by fewer numbers than before, tags have fewer as well: PostgreSQL 9.6 is followed by 10,
    and 9.6.24 by 10.23. A registry that keeps the number (.NET 3.1, 10.0) is found by it.
    """
    line = numbers(new.name)
    fewer = max(0, len(numbers(old.name)) - len(line))
    lengths = {len(shape.numbers) - fewer, len(shape.numbers)}
    for length in sorted(length for length in lengths if length > 0):
        wanted, start = _cut(shape, length), line[:length]
        found = _newest(tag for tag in tags if tag.numbers[: len(start)] == start and is_same_shape(wanted, tag))
        if found:
            return found
    return None


def _cut(shape: Tag, length: int) -> Tag:
    """Return the shape with so many numbers."""
    if length == len(shape.numbers):
        return shape
    return dataclasses.replace(shape, numbers=shape.numbers[:length], separators="." * (length - 1))


def _fits(shape: Tag, tag: Tag, line: tuple[int, ...]) -> bool:
    return tag.is_stable and tag.numbers[: len(line)] == line and is_same_kind(shape, tag)


def _newest(tags: Iterable[Tag]) -> str | None:
    best = max(tags, key=lambda tag: tag.order, default=None)
    return best.text if best else None


@functools.lru_cache(maxsize=1024)
def newer_tag(
    reference: ImageReference, lifecycle: Lifecycle | None, tags: _Tags, as_of: date, support: Support
) -> Choice | None:
    """Return the newest tag of the same kind whose line is supported; a long-term line leads to another one.

    ``lifecycle`` is that of the image's own product, None where it is not known.
    """
    if reference.tag is None:
        return None
    named = _codenames(lifecycle)
    old = choice.with_codename(reference.tag, named) or parse(reference.tag)

    def accepts(tag: Tag) -> bool:
        return lifecycle is None or _is_open(lifecycle, old, tag, as_of, support)

    return choice.newer(reference.tag, tags, accepts=accepts, codenames=named)


def _is_open(lifecycle: Lifecycle, old: Tag, new: Tag, as_of: date, support: Support) -> bool:
    if new.style == "date":
        return True
    before, after = cycle_at(lifecycle, old.numbers), cycle_at(lifecycle, new.numbers)
    if after is None:
        return _may_be_newer(lifecycle, before, new, as_of)
    if after.released and after.released > as_of:
        return False
    is_long = before is not None and before.is_long_term(as_of)
    is_wanted = after.is_long_term(as_of) or not is_long or after == before
    return is_wanted and not has_ended(lifecycle, after, as_of, support)


def _may_be_newer(lifecycle: Lifecycle, before: Cycle | None, new: Tag, as_of: date) -> bool:
    """Whether a line that the table lacks may be proposed: it exists, but whether it is a long-term one is unknown.

    A distribution's images are there before the distribution is out. What lies between known lines (MongoDB 4.1), or
    before them, was left out of the table for a reason; but Jenkins's weekly lines are all left out.
    """
    if lifecycle.product in _IMAGES_BEFORE_RELEASE:
        return False
    known = [numbers(cycle.name) for cycle in lifecycle.cycles]
    if before is None:
        return new.numbers > min(known, default=())
    return not before.is_long_term(as_of) and new.numbers > max(known)


def _codenames(lifecycle: Lifecycle | None) -> Mapping[str, tuple[int, ...]]:
    named = ((codename_of(lifecycle.product, cycle), cycle) for cycle in lifecycle.cycles) if lifecycle else ()
    return {codename: numbers(cycle.name) for codename, cycle in named if codename}
