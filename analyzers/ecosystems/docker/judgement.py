"""Where an image stands on a given day, and the tag it should move to. Pure: asked by questions and by checks."""

from __future__ import annotations

import dataclasses
from datetime import date

from analyzers.ecosystems.docker.choice import Choice
from analyzers.ecosystems.docker.cycles import Standing, Support, numbers, standing
from analyzers.ecosystems.docker.images import Image, lifecycle_of, tags_of
from analyzers.ecosystems.docker.products import own_product
from analyzers.ecosystems.docker.successors import Wanted, newer_tag, replaced, supported_tag
from analyzers.model.facts import Facts, Lifecycle
from analyzers.versions import image_tag

# How many numbers name a line of a product that no table knows.
_USUAL_LINE = 2
_MOVED = "the newest tag on what is still supported"


def standings(image: Image, facts: Facts, as_of: date, support: Support) -> tuple[Standing, ...]:
    """Return the layers of the image whose line is known."""
    found = []
    for layer in image.layers:
        lifecycle = lifecycle_of(layer.product, facts)
        known = standing(layer, lifecycle, as_of, support) if lifecycle else None
        if known:
            found.append(known)
    return tuple(found)


def to_leave(image: Image, facts: Facts, as_of: date, support: Support, ending_days: int) -> tuple[Standing, ...]:
    """Return the layers that have ended or are about to."""
    return tuple(
        layer
        for layer in standings(image, facts, as_of, support)
        if layer.has_ended or layer.ends_within(ending_days, as_of)
    )


def way_out(image: Image, facts: Facts, as_of: date, support: Support, ending_days: int) -> str | None:
    """Return the offered tag that leaves every ended and ending layer, None where there is none or no tags are known.

    All findings at one place propose the same tag, so that the first fix is also the last.
    """
    leave = to_leave(image, facts, as_of, support, ending_days)
    return way_out_of(image, leave, facts, as_of, support)


def way_out_of(image: Image, leave: tuple[Standing, ...], facts: Facts, as_of: date, support: Support) -> str | None:
    """Return the offered tag that leaves just these layers, None where there is none or no tags are known."""
    tags = tags_of(image, facts)
    return supported_tag(_wanted(image, leave, facts, as_of, support), tags) if tags else None


def _wanted(image: Image, leave: tuple[Standing, ...], facts: Facts, as_of: date, support: Support) -> Wanted:
    every = standings(image, facts, as_of, support)
    stay = tuple(standing for standing in every if standing not in leave and not standing.has_ended)
    own = next((standing for standing in every if standing.layer.is_own), None)
    line = len(numbers(own.cycle.name)) if own else 0
    return Wanted(image.reference, leave, as_of, support, stay, line or _USUAL_LINE)


def newer(image: Image, facts: Facts, as_of: date, support: Support, ending_days: int) -> Choice | None:
    """Return the newest supported tag of the image's kind, None where there is none or no tags are known.

    None as well where the image's own line has ended or is about to: then `way_out` says where to go. Where what it
    rests on has, the newest on a supported one, as far as there is any.
    """
    tags = tags_of(image, facts)
    leave = to_leave(image, facts, as_of, support, ending_days)
    if not tags or image.tag is None or any(standing.layer.is_own for standing in leave):
        return None
    lifecycle = _own_lifecycle(image, facts)
    wanted = _wanted(image, leave, facts, as_of, support)
    for text in (*replaced(image.tag, leave, wanted), image.tag):
        reference = dataclasses.replace(image.reference, tag=text)
        choice = newer_tag(reference, lifecycle, tags, as_of, support)
        if choice and choice.tag != image.tag:
            return choice if text == image.tag else dataclasses.replace(choice, why=_MOVED)
    return None


def _own_lifecycle(image: Image, facts: Facts) -> Lifecycle | None:
    """Return the lifecycle of what the version in the tag counts; None where a prefix says that it is another thing.

    ``wordpress:cli-2.8`` is no WordPress 2.8.
    """
    product = own_product(image.reference)
    if not product or set(image_tag.parse(image.tag or "").prefix) - {"v"}:
        return None
    return lifecycle_of(product, facts)
