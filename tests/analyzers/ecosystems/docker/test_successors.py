from __future__ import annotations

import time

import pytest

from analyzers.ecosystems.docker.cycles import Standing, standing
from analyzers.ecosystems.docker.products import layers
from analyzers.ecosystems.docker.successors import Wanted, newer_tag, supported_tag
from analyzers.lifecycles.table import products
from analyzers.syntax.image_reference import ImageReference
from tests.support.images import HUB, LIFECYCLES, TODAY
from tests.support.pace import allowed


def _wanted(name: str, tag: str) -> Wanted:
    reference = ImageReference(HUB + name, tag)
    leave: list[Standing] = []
    for layer in layers(reference):
        found = standing(layer, LIFECYCLES[layer.product], TODAY, "regular")
        if found and found.has_ended:
            leave.append(found)
    return Wanted(reference, tuple(leave), TODAY, "regular")


@pytest.mark.parametrize(
    ("name", "tag", "offered", "expected"),
    [
        # Both layers at once, each to its nearest line that lasts.
        ("python", "3.8-slim-buster", "3.12-slim-bookworm 3.12-slim-trixie 3.14-slim-trixie", "3.12-slim-trixie"),
        # The next best where the best is not offered.
        ("python", "3.8-slim-buster", "3.13-slim-trixie 3.14-slim-trixie", "3.13-slim-trixie"),
        ("golang", "1.25-alpine3.19", "1.26-alpine3.23 1.27-alpine3.24", "1.27-alpine3.24"),
        # Only what it rests on has ended: the version stays, to the patch where that is offered.
        ("python", "3.11.4-slim-buster", "3.11.4-slim-trixie 3.11.9-slim-trixie", "3.11.4-slim-trixie"),
        ("python", "3.11.4-slim-buster", "3.11.9-slim-trixie 3.14.1-slim-trixie", "3.11.9-slim-trixie"),
        ("python", "3.11.4-slim-buster", "3.14.1-slim-trixie", None),
        ("node", "bookworm-slim", "trixie-slim", "trixie-slim"),
        # Never to a prerelease, another precision, another variant.
        ("node", "18-alpine", "24-rc-alpine 24.1-alpine 24-slim 24", None),
        ("node", "18-alpine", "", None),
        # Nothing to leave.
        ("node", "24-alpine", "26-alpine", None),
    ],
)
def test_every_ended_layer_is_left_and_nothing_else_changes(
    name: str, tag: str, offered: str, expected: str | None
) -> None:
    assert supported_tag(_wanted(name, tag), tuple(offered.split())) == expected


def test_ten_thousand_tags_are_searched_quickly() -> None:
    tags = tuple(f"{major}.{minor}-alpine3.{base}" for major in range(20) for minor in range(50) for base in range(10))
    began = time.process_time()
    assert supported_tag(_wanted("node", "18-alpine3.19"), tags) is None
    assert newer_tag(ImageReference("x.io/a", "1.2-alpine3.4"), None, tags, TODAY, "regular") is not None
    assert time.process_time() - began < allowed(5)


def test_a_tag_that_names_a_dozen_products_is_given_up_quickly() -> None:
    tag = "1-buster-focal-alpine3.19-node18-python3.8-php5.6-pg9-otp-20-ubuntu16.04-fedora20-centos6-ol6-rocky8"
    reference = ImageReference("x.io/a", tag)
    leave: list[Standing] = []
    for layer in layers(reference):
        lifecycle = products()[layer.product]
        found = standing(layer, lifecycle, TODAY, "regular")
        if found:
            leave.append(found)
    assert len(leave) > 6
    tags = tuple(f"{tag}{number}" for number in range(2000))
    began = time.perf_counter()
    assert supported_tag(Wanted(reference, tuple(leave), TODAY, "regular"), tags) is None
    assert time.perf_counter() - began < allowed(3)


def test_without_lifecycle_the_newest_is_taken() -> None:
    choice = newer_tag(ImageReference("x.io/a", "1"), None, ("1", "2", "3-rc"), TODAY, "regular")
    assert choice is not None
    assert choice.tag == "2"


def test_without_tag_there_is_none() -> None:
    assert newer_tag(ImageReference("x.io/a"), None, ("1",), TODAY, "regular") is None
