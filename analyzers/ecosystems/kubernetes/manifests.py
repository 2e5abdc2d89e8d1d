"""Kubernetes manifests: the images that objects run, and the version of the API that each is written in."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.ecosystems.kubernetes._documents import Document, is_template, parsed_or_template
from analyzers.ecosystems.kubernetes._images import images
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest, Observation
from analyzers.model.skipped import Skipped
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

NAME = "kubernetes"
API = "kubernetes-api"
BUILT = "skaffold-artifact"


def read(source: SourceText) -> Reading:
    """Return what the objects of a file run, and their API versions. Raises UnreadableError."""
    if is_template(source):
        return Reading()
    found = parsed_or_template(source)
    if found is None:
        detail = "is a template: it is not rendered, and what it would hold is not read"
        return Reading(
            skipped=(Skipped(what="file", path=source.path, source=NAME, reason="unsupported-syntax", detail=detail),)
        )
    if not found:
        return Reading()
    dependencies: dict[int, Dependency] = {}
    for document in found:
        for dependency in images(source, document, kind=NAME):
            # What is read through two aliases stands in one place.
            dependencies.setdefault(dependency.place.start, dependency)
    return Reading(
        dependencies=tuple(dependencies[start] for start in sorted(dependencies)),
        manifest=Manifest(path=source.path, ecosystem=NAME, format=NAME, application=True),
        observations=tuple(seen for document in found for seen in _observed(source, document)),
    )


def _observed(source: SourceText, document: Document) -> Iterator[Observation]:
    place = source.place(document.api.start, document.api.end)
    yield Observation(kind=API, name=document.kind.value, place=place, text=document.api.value)
    if document.api.value.startswith("skaffold/"):
        artifacts = document.root.get("build", "artifacts")
        for image in _images_of(artifacts):
            yield Observation(kind=BUILT, name=image.value, place=source.place(image.start, image.end))


def _images_of(artifacts: Node | None) -> Iterator[Scalar]:
    for artifact in artifacts.items if isinstance(artifacts, Sequence) else ():
        image = artifact.scalar("image") if isinstance(artifact, Mapping) else None
        if image and image.value:
            yield image
