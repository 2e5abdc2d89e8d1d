"""The bundled tables: lifecycles of products, the products that images carry, images that are deprecated.

Read when first asked for, and kept. ``python -m analyzers.refresh`` remakes the lifecycles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Final

import msgspec

from analyzers.lifecycles.stamps import FOLDER, Stamp
from analyzers.model.facts import Cycle, Known, Lifecycle
from analyzers.model.question import Question
from analyzers.typed import from_json

LIFECYCLES = FOLDER / "lifecycles.json"
IMAGES = FOLDER / "images.json"
_OFFICIAL = "docker.io/library/"
# Where Docker's official images are served as well: other registries, and Docker Hub by platform.
_MIRRORS = (
    "public.ecr.aws/docker/library/",
    "mirror.gcr.io/library/",
    "mcr.microsoft.com/mirror/docker/library/",
    *(
        f"docker.io/{platform}/"
        for platform in (
            "amd64",
            "arm32v5",
            "arm32v6",
            "arm32v7",
            "arm64v8",
            "i386",
            "mips64le",
            "ppc64le",
            "riscv64",
            "s390x",
            "winamd64",
        )
    ),
)


# Products that support their newest release alone, and release every few weeks: whoever uses one is nearly always on a
# line that has ended. What is newer is worth saying, an end is not.
_ROLLING: Final = frozenset({"bun", "deno", "rust"})


@dataclass(frozen=True, slots=True)
class DeprecatedImage:
    """An image that its publisher gave up. `replacement` is canonical, None where none is named.

    `since` is the day from which the notice stood; `reason` half a sentence for people.
    """

    name: str
    since: date
    replacement: str | None
    reason: str
    source: str


class LifecycleTable(Stamp, frozen=True, kw_only=True):
    """The shape of ``lifecycles.json``: product → cycles, newest first."""

    products: dict[str, tuple[Cycle, ...]]


class _Notice(msgspec.Struct, frozen=True):
    since: date
    reason: str
    replacement: str | None = None


class _ImageTable(Stamp, frozen=True, kw_only=True):
    products: dict[str, str]
    deprecated: dict[str, _Notice]


@cache
def products() -> Mapping[str, Lifecycle]:
    """Return the lifecycle of every product in the table, by endoflife.date's name for it (``nodejs``)."""
    table = from_json(LIFECYCLES.read_bytes(), LifecycleTable)
    return MappingProxyType(
        {name: Lifecycle(name, cycles, table.source, table.date) for name, cycles in table.products.items()}
    )


def is_rolling(product: str) -> bool:
    """Return whether the ends of a product's lines are not held against who uses them: see `_ROLLING`."""
    return product in _ROLLING


def product_of_image(canonical: str) -> str | None:
    """Return the product that an image carries; ``canonical`` is complete (``docker.io/library/node``)."""
    return _images().products.get(_official(canonical))


def image_products() -> frozenset[str]:
    """Return every product that an image carries."""
    return frozenset(_images().products.values())


@cache
def deprecated_images() -> Mapping[str, DeprecatedImage]:
    """Return the images that were given up, by canonical name."""
    table = _images()
    return MappingProxyType(
        {
            name: DeprecatedImage(name, notice.since, notice.replacement, notice.reason, table.source)
            for name, notice in table.deprecated.items()
        }
    )


def deprecated_image(canonical: str) -> DeprecatedImage | None:
    """Return the notice on an image, if there is one; mirrors of official images count as these."""
    return deprecated_images().get(_official(canonical))


def bundled(question: Question) -> Known | None:
    """Answer a ``lifecycle`` question from the table; None for other sources and for unknown products."""
    if question.source != "lifecycle":
        return None
    lifecycle = products().get(question.name)
    return Known(lifecycle, bundled=True) if lifecycle else None


@cache
def _images() -> _ImageTable:
    return from_json(IMAGES.read_bytes(), _ImageTable)


def _official(canonical: str) -> str:
    mirror = next((prefix for prefix in _MIRRORS if canonical.startswith(prefix)), None)
    return _OFFICIAL + canonical.removeprefix(mirror) if mirror else canonical
