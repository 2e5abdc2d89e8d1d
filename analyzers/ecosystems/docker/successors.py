"""Which tag an image should move to: of a supported line, of the same kind, and offered by its registry."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from analyzers.ecosystems.docker.cycles import (
    Standing,
    Support,
    cycle_at,
    has_ended,
    next_cycles,
    numbers,
)
from analyzers.ecosystems.docker.products import Layer
from analyzers.model.facts import Cycle, Lifecycle
from analyzers.syntax.image_reference import ImageReference
from analyzers.versions import docker_tag
from analyzers.versions.docker_tag import Choice, Tag

_Tags: TypeAlias = tuple[str, ...]


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
    """Return the tag itself where it is offered, else the newest of the same line and precision."""
    if text == current:
        return None
    if text in offered:
        return text
    wanted = docker_tag.parse(text)
    line = wanted.numbers[:2] if wanted.style in {"version", "year"} else ()
    return _newest(tag for tag in map(docker_tag.parse, tags) if line and _fits(wanted, tag, line))


def _at_own(text: str, own: Standing, wanted: Wanted, tags: _Tags) -> str | None:
    """Return the newest tag of the nearest supported line of the image's own product."""
    shape = docker_tag.parse(text)
    alike = [tag for tag in map(docker_tag.parse, tags) if _fits(shape, tag, ())]
    for cycle in wanted.cycles(own):
        line = numbers(cycle.name)[: len(shape.numbers)]
        found = _newest(tag for tag in alike if tag.numbers[: len(line)] == line)
        if found:
            return found
    return None


def _fits(shape: Tag, tag: Tag, line: tuple[int, ...]) -> bool:
    return tag.is_stable and tag.numbers[: len(line)] == line and docker_tag.is_same_kind(shape, tag)


def _newest(tags: Iterable[Tag]) -> str | None:
    best = max(tags, key=lambda tag: tag.numbers, default=None)
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
    current = docker_tag.parse(reference.tag)
    named = _codenames(lifecycle)
    old = docker_tag.with_codename(reference.tag, named) or current

    def accepts(tag: Tag) -> bool:
        return lifecycle is None or _is_open(lifecycle, old, tag, as_of, support)

    return docker_tag.newer(reference.tag, tags, accepts=accepts, codenames=named)


def _is_open(lifecycle: Lifecycle, old: Tag, new: Tag, as_of: date, support: Support) -> bool:
    if new.style == "date":
        return True
    before, after = cycle_at(lifecycle, old.numbers), cycle_at(lifecycle, new.numbers)
    if after is None:
        # Newer than the table: known to exist, but not whether it is a long-term line.
        return not (before and before.lts)
    if after.released and after.released > as_of:
        return False
    is_wanted = after.lts or not (before and before.lts) or after == before
    return is_wanted and not has_ended(lifecycle, after, as_of, support)


def _codenames(lifecycle: Lifecycle | None) -> Mapping[str, tuple[int, ...]]:
    cycles = lifecycle.cycles if lifecycle else ()
    return {cycle.codename: numbers(cycle.name) for cycle in cycles if cycle.codename}
