"""Which tag an image should move to: of a supported line, of the same kind, and offered by its registry."""

from __future__ import annotations

import dataclasses
import functools
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
    next_cycles,
    numbers,
)
from analyzers.ecosystems.docker.products import Layer, codename_of
from analyzers.model.facts import Cycle, Lifecycle
from analyzers.syntax.image_reference import ImageReference
from analyzers.versions.docker_tag import is_same_kind, is_same_shape
from analyzers.versions.image_tag import Tag, parse

_Tags: TypeAlias = tuple[str, ...]
_IMAGES_BEFORE_RELEASE = frozenset({"debian", "ubuntu", "fedora", "opensuse"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """The layers of one image that have to be left, and the rest: what a new tag has to satisfy."""

    reference: ImageReference
    leave: tuple[Standing, ...]
    as_of: date
    support: Support

    def cycles(self, standing: Standing) -> tuple[Cycle, ...]:
        """Return where a layer may go, the best first."""
        return next_cycles(standing.lifecycle, standing.cycle, self.as_of, self.support)


@functools.lru_cache(maxsize=1024)
def supported_tag(wanted: Wanted, tags: _Tags) -> str | None:
    """Return the tag that leaves every ended layer behind and changes nothing else; None where none is offered."""
    current = wanted.reference.tag
    if current is None or not wanted.leave:
        return None
    own = next((standing for standing in wanted.leave if _is_version(standing.layer)), None)
    beneath = tuple(standing for standing in wanted.leave if standing is not own)
    offered = frozenset(tags)
    for text in _replaced(current, beneath, wanted):
        found = _at_own(text, own, wanted, tags) if own else _same_version(text, current, offered, tags)
        if found:
            return found
    return None


def _is_version(layer: Layer) -> bool:
    """Whether the layer is the version that the tag is about, and not a word in it."""
    return layer.is_own and not layer.codename and not layer.lead


def _replaced(current: str, beneath: tuple[Standing, ...], wanted: Wanted) -> Iterator[str]:
    """Yield the current tag with what it rests on exchanged for supported lines, the best first."""
    if not beneath:
        yield current
        return
    first, rest = beneath[0], beneath[1:]
    for cycle in wanted.cycles(first):
        text = first.layer.at(cycle)
        if text:
            yield from _replaced(_exchange(current, first.layer, text), rest, wanted)


def _exchange(tag: str, layer: Layer, text: str) -> str:
    """Replace the elements that say ``layer.text``, wherever they stand between dashes."""
    framed = f"-{tag}-".replace(f"-{layer.text}-", f"-{text}-", 1)
    return framed[1:-1]


def _same_version(text: str, current: str, offered: frozenset[str], tags: _Tags) -> str | None:
    """Return the tag itself where it is offered, else the newest of the same line and precision; of a date, any."""
    if text == current:
        return None
    if text in offered:
        return text
    wanted = parse(text)
    line = wanted.numbers[:2] if wanted.style in {"version", "year"} else ()
    if not line and wanted.style != "date":
        return None
    return _newest(tag for tag in map(parse, tags) if _fits(wanted, tag, line))


def _at_own(text: str, own: Standing, wanted: Wanted, tags: _Tags) -> str | None:
    """Return the newest tag of the nearest supported line of the image's own product."""
    shape = parse(text)
    parsed = [tag for tag in map(parse, tags) if tag.is_stable]
    for cycle in wanted.cycles(own):
        found = _in_line(shape, parsed, own.cycle, cycle)
        if found:
            return found
    return None


def _in_line(shape: Tag, tags: Iterable[Tag], old: Cycle, new: Cycle) -> str | None:
    """Return the newest tag of a line, as precise as ``shape``; a tag that is a line's name stays one (9.6 → 18)."""
    line = numbers(new.name)
    if shape.numbers == numbers(old.name) and len(line) < len(shape.numbers):
        named = _line_shape(shape, line)
        found = _newest(tag for tag in tags if tag.numbers == line and is_same_shape(named, tag))
        if found:
            return found
    wanted = line[: len(shape.numbers)]
    return _newest(tag for tag in tags if tag.numbers[: len(wanted)] == wanted and is_same_shape(shape, tag))


def _line_shape(shape: Tag, line: tuple[int, ...]) -> Tag:
    return dataclasses.replace(shape, numbers=line, separators="." * (len(line) - 1))


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
        return _may_be_newer(lifecycle, before, new)
    if after.released and after.released > as_of:
        return False
    is_wanted = after.lts or not (before and before.lts) or after == before
    return is_wanted and not has_ended(lifecycle, after, as_of, support)


def _may_be_newer(lifecycle: Lifecycle, before: Cycle | None, new: Tag) -> bool:
    """Whether a line that the table lacks may be proposed: it exists, but whether it is a long-term one is unknown.

    A distribution's images are there before the distribution is out. What lies between known lines (MongoDB 4.1) was
    left out of the table for a reason.
    """
    if lifecycle.product in _IMAGES_BEFORE_RELEASE:
        return False
    if before is None:
        return True
    newest = max((numbers(cycle.name) for cycle in lifecycle.cycles), default=())
    return not before.lts and new.numbers > newest


def _codenames(lifecycle: Lifecycle | None) -> Mapping[str, tuple[int, ...]]:
    named = ((codename_of(lifecycle.product, cycle), cycle) for cycle in lifecycle.cycles) if lifecycle else ()
    return {codename: numbers(cycle.name) for codename, cycle in named if codename}
