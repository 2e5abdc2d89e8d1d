"""Podman's units for systemd: the image of a container, and of an image unit."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from typing import Final

from analyzers.ecosystems.docker import _files
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import SkipReason
from analyzers.syntax.image_reference import image_in_scalar
from analyzers.syntax.node import Scalar
from analyzers.syntax.text import SourceText

_SECTION: Final = re.compile(r"^\[(\w+)\][ \t\r]*$", re.MULTILINE)
_IMAGE: Final = re.compile(r"^Image[ \t]*+=[ \t]*+([^\s#][^\s]*+)[ \t\r]*$", re.MULTILINE)
# Units of podman that are named in the place of an image.
_UNITS: Final = (".image", ".build")


def read(source: SourceText) -> Reading:
    """Return the images of the file. Raises nothing."""
    rows = tuple(_rows(source))
    return Reading(
        dependencies=rows,
        manifest=Manifest(path=source.path, ecosystem="docker", format=_files.QUADLET, application=True)
        if rows
        else None,
    )


def _rows(source: SourceText) -> Iterator[Dependency]:
    sections = list(_SECTION.finditer(source.text))
    starts = [found.start() for found in sections]
    for found in _IMAGE.finditer(source.text):
        index = bisect.bisect_left(starts, found.start()) - 1
        if index >= 0 and sections[index][1] in {"Container", "Image"}:
            yield _row(source, Scalar(found[1], found.start(1), found.end(1), quoted=False))


def _row(source: SourceText, image: Scalar) -> Dependency:
    reason: SkipReason | None = "local-path" if image.value.endswith(_UNITS) else None
    if reason is None:
        return image_in_scalar(source, image, kind=_files.QUADLET, variables=True)
    return Dependency(
        ecosystem="docker",
        name=image.value,
        place=source.place_of(image),
        kind=_files.QUADLET,
        purl="",
        skip_reason=reason,
    )
