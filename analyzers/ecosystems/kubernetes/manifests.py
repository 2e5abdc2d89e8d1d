"""Kubernetes manifests: the images that objects run, what deploys others, the _files.API version of each object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from analyzers.ecosystems.kubernetes import _files
from analyzers.ecosystems.kubernetes._delivery import delivered, flux_itself
from analyzers.ecosystems.kubernetes._documents import Document, documents, is_template, roots_or_note
from analyzers.ecosystems.kubernetes._embedded import embedded, holds_blocks
from analyzers.ecosystems.kubernetes._images import images
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest, Observation
from analyzers.model.skipped import Skipped
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

# A kustomization is read as such, its patches among the rest.
KUSTOMIZE: Final = "kustomize.config.k8s.io"
BUILT: Final = "skaffold-artifact"
RENDERED: Final = "chart-template"
_Found: TypeAlias = Dependency | Observation | Skipped


def read(source: SourceText) -> Reading:
    """Return what the objects of a file run and deploy, and their _files.API versions. Raises UnreadableError."""
    if is_template(source):
        return Reading(observations=(Observation(kind=RENDERED, name=source.path, place=source.place(0, 0)),))
    roots = roots_or_note(source, _files.NAME)
    if isinstance(roots, Skipped):
        return Reading(skipped=(roots,))
    # What is read through two aliases stands in one place.
    listed = (item for document in documents(roots) for item in _found(source, document))
    found = tuple(dict.fromkeys((*listed, *_in_blocks(source, roots))))
    rows = [item for item in found if isinstance(item, Dependency)] + list(flux_itself(source))
    observations = tuple(item for item in found if isinstance(item, Observation))
    return Reading(
        dependencies=tuple(sorted(rows, key=lambda row: (row.place, row.name))),
        manifest=Manifest(path=source.path, ecosystem=_files.NAME, format=_files.NAME, application=True)
        if observations
        else None,
        observations=observations,
        skipped=tuple(item for item in found if isinstance(item, Skipped)),
    )


def _found(source: SourceText, document: Document) -> Iterator[_Found]:
    place = source.place_of(document.api)
    yield Observation(kind=_files.API, name=document.kind.value, place=place, text=document.api.value)
    yield from images(source, document, kind=_files.NAME)
    yield from delivered(source, document)
    if document.api.value.startswith("skaffold/"):
        for image in _artifacts(document.root.get("build", "artifacts")):
            yield Observation(kind=BUILT, name=image.value, place=source.place_of(image))


def _in_blocks(source: SourceText, roots: Iterable[Node]) -> Iterator[_Found]:
    for document in documents(roots) if holds_blocks(source) else ():
        if document.group != KUSTOMIZE:
            yield from embedded(source, document.root, kind=_files.NAME)


def _artifacts(listed: Node | None) -> Iterator[Scalar]:
    for artifact in listed.items if isinstance(listed, Sequence) else ():
        image = artifact.scalar("image") if isinstance(artifact, Mapping) else None
        if image and image.value:
            yield image
