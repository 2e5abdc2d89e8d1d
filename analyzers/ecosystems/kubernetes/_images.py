"""Where Kubernetes objects name container images."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.ecosystems.kubernetes._documents import Document
from analyzers.model.inventory import Dependency
from analyzers.syntax import yaml
from analyzers.syntax.image_reference import image_in_scalar, parse
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

# What stands under these keys runs: in pods, in Argo's and Tekton's steps, in KubeVirt's disks.
_CONTAINERS = frozenset(
    {
        *("containers", "initContainers", "ephemeralContainers"),
        *("container", "script", "sidecars", "steps", "stepTemplate", "containerDisk"),
    }
)
_VOLUMES = "volumes"
# Schemas, plain text, and what other readers know better.
_NO_IMAGES = frozenset(
    {
        *("CustomResourceDefinition", "ConfigMap", "Secret"),
        *("Kustomization", "Component", "HelmRelease", "Application", "ApplicationSet"),
    }
)
# The one field of another name that is certain: CloudNativePG's.
_IMAGE_NAME = ("postgresql.cnpg.io", "imageName")


def images(source: SourceText, document: Document, *, kind: str) -> Iterator[Dependency]:
    """Yield the images that an object runs, in no order."""
    if document.kind.value in _NO_IMAGES:
        return
    for scalar in _scalars(document.root, document.group):
        yield image_in_scalar(source, scalar, kind=kind)


def run_by_containers(root: Node) -> Iterator[Scalar]:
    """Yield where images stand in a part of an object: a patch, the template of a pod."""
    yield from _scalars(root, "")


def _scalars(root: Node, group: str) -> Iterator[Scalar]:
    custom = is_custom(group)
    waiting: list[tuple[Node, str]] = [(root, "")]
    while waiting:
        node, under = waiting.pop()
        if isinstance(node, Sequence):
            waiting.extend((item, under) for item in node.items)
        elif isinstance(node, Mapping):
            whole = yaml.merged(node)
            yield from _named(whole, under, group, custom=custom)
            waiting.extend((value, key.value) for key, value in whole.items)


def _named(node: Mapping, under: str, group: str, *, custom: bool) -> Iterator[Scalar]:
    """Yield the images of one mapping: a container's, a volume's, a custom resource's own."""
    image = node.scalar("image")
    if image and image.value and (under in _CONTAINERS or (custom and _is_pinned(image.value))):
        yield image
    if under == _VOLUMES:
        reference = node.scalar("image", "reference")
        if reference and reference.value:
            yield reference
    if group == _IMAGE_NAME[0]:
        name = node.scalar(_IMAGE_NAME[1])
        if name and name.value:
            yield name


def _is_pinned(text: str) -> bool:
    """Whether the text can hardly be anything but an image: it has a tag or a digest."""
    reference = parse(text)
    return reference is not None and bool(reference.tag or reference.digest)


def is_custom(group: str) -> bool:
    """Whether an API group is not one of Kubernetes itself."""
    return "." in group and not group.endswith((".k8s.io", ".kubernetes.io"))
