"""Images in CircleCI's configuration: what jobs and executors run in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from analyzers.ecosystems.docker import _files
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.syntax import yaml
from analyzers.syntax.image_reference import image_dependency, image_in_scalar
from analyzers.syntax.node import Mapping as Table
from analyzers.syntax.node import Node, Scalar, Sequence
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText

# ``<< parameters.tag >>``: known when the pipeline is made, not before.
_EXPRESSION: Final = re.compile(r"<<[ \t]*([\w.-]{1,200})[ \t]*>>")


def read(source: SourceText) -> Reading:
    """Return the images of every job and executor. Raises UnreadableError for what is no YAML."""
    found: dict[int, Dependency] = {}
    for document in yaml.parse(source):
        for dependency in _images(source, document):
            # A job that merges another names the very same place once more.
            found.setdefault(dependency.place.start, dependency)
    return Reading(
        dependencies=tuple(found[start] for start in sorted(found)),
        manifest=Manifest(path=source.path, ecosystem="docker", format=_files.CIRCLECI, application=True),
    )


def _images(source: SourceText, document: Node) -> Iterator[Dependency]:
    if not isinstance(document, Table):
        return
    for group in ("executors", "jobs"):
        for _, node in document.mapping(group).items:
            if isinstance(node, Table):
                yield from _of_job(source, yaml.merged(node))


def _of_job(source: SourceText, job: Table) -> Iterator[Dependency]:
    docker = job.get("docker")
    for entry in docker.items if isinstance(docker, Sequence) else ():
        image = yaml.merged(entry).scalar("image") if isinstance(entry, Table) else None
        if image and image.value:
            yield _image(source, image)


def _image(source: SourceText, image: Scalar) -> Dependency:
    if not source.is_verbatim(image):
        return image_in_scalar(source, image, kind=_files.CIRCLECI)
    gaps = tuple(found.span() for found in _EXPRESSION.finditer(image.value))
    return image_dependency(source, Spliced(image.value, ((0, image.start),), gaps), kind=_files.CIRCLECI)
