"""What to ask about images: tags, digests and lifecycles, then the platforms of the tags to move to."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.config import Docker
from analyzers.ecosystems.docker.images import (
    Image,
    images,
    lifecycle_question,
    manifest_question,
    tags_question,
)
from analyzers.ecosystems.docker.judgement import newer, way_out
from analyzers.ecosystems.docker.products import own_product
from analyzers.model.facts import Facts
from analyzers.model.inventory import Inventory
from analyzers.model.question import Question

# The configuration is not at hand while asking; another setting costs a platform check, nothing else.
_USUAL = Docker()


def questions(inventory: Inventory, facts: Facts) -> Iterator[Question]:
    """Name the tags, digests and lifecycles to ask about, then the platforms of the tags that would be chosen."""
    for image in images(inventory):
        yield from _first(image)
        yield from _second(image, facts)


def _first(image: Image) -> Iterator[Question]:
    for layer in image.layers:
        yield lifecycle_question(layer.product)
    product = own_product(image.reference)
    if product:
        yield lifecycle_question(product)
    if image.tag:
        yield tags_question(image.name)
    if image.reference.tag and image.dependency.digest:
        yield manifest_question(image.name, image.reference.tag)


def _second(image: Image, facts: Facts) -> Iterator[Question]:
    """Ask what the tags to move to offer, and what the current one does, to compare platforms."""
    day = facts.looked_up
    choice = newer(image, facts, day, _USUAL.support, _USUAL.ending_days)
    chosen = [way_out(image, facts, day, _USUAL.support, _USUAL.ending_days), choice.tag if choice else None]
    for tag in filter(None, (*chosen, image.tag if any(chosen) else None)):
        yield manifest_question(image.name, tag)
