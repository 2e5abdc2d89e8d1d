"""Where an image stands on a given day, and the tag it should move to. Pure: asked by questions and by checks."""

from __future__ import annotations

from datetime import date

from analyzers.ecosystems.docker.choice import Choice
from analyzers.ecosystems.docker.cycles import Standing, Support, standing
from analyzers.ecosystems.docker.images import Image, lifecycle_of, tags_of
from analyzers.ecosystems.docker.products import own_product
from analyzers.ecosystems.docker.successors import Wanted, newer_tag, supported_tag
from analyzers.model.facts import Facts


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
    tags = tags_of(image, facts)
    leave = to_leave(image, facts, as_of, support, ending_days)
    return supported_tag(Wanted(image.reference, leave, as_of, support), tags) if tags else None


def newer(image: Image, facts: Facts, as_of: date, support: Support, ending_days: int) -> Choice | None:
    """Return the newest supported tag of the image's kind, None where there is none or no tags are known.

    None as well where the image's own line has ended or is about to: then `way_out` says where to go.
    """
    tags = tags_of(image, facts)
    leave = to_leave(image, facts, as_of, support, ending_days)
    if not tags or image.tag is None or any(standing.layer.is_own for standing in leave):
        return None
    product = own_product(image.reference)
    lifecycle = lifecycle_of(product, facts) if product else None
    return newer_tag(image.reference, lifecycle, tags, as_of, support)
