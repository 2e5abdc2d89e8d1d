"""Charts and images that Terraform resources name in so many words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from analyzers.model.inventory import Dependency
from analyzers.model.skipped import SkipReason
from analyzers.syntax.hcl import Block
from analyzers.syntax.image_reference import image_in_scalar
from analyzers.syntax.node import Scalar
from analyzers.syntax.purl import package_url
from analyzers.syntax.text import SourceText

IMAGE: Final = "terraform-image"
CHART: Final = "terraform-helm-release"
# Resource types → the attribute that holds nothing but an image.
_IMAGES: Final = {"docker_image": "name", "docker_container": "image", "docker_registry_image": "name"}
# Resource types in which these blocks, however deep, hold an image each.
_CONTAINERS: Final = frozenset({"container", "init_container", "containers", "container_spec"})
_WITH_CONTAINERS: Final = ("kubernetes_", "google_cloud_run_", "docker_service")
# A string with interpolations that hold no strings themselves.
_TEMPLATE: Final = re.compile(r'"[^"\\]*"')
# A chart that begins so lies in the repository, or where the path leads.
_PATHS: Final = ("./", "../", "/", "~/")


def read(source: SourceText, resource: Block) -> Iterator[Dependency]:
    """Yield what one ``resource`` block deploys."""
    kind = resource.labels[0].value if resource.labels else ""
    if kind == "helm_release":
        yield from _release(source, resource)
    elif kind in _IMAGES:
        yield from _image(source, resource, _IMAGES[kind])
    elif kind.startswith(_WITH_CONTAINERS):
        yield from _containers(source, resource)


def _containers(source: SourceText, block: Block) -> Iterator[Dependency]:
    for inner in block.blocks:
        if inner.keyword in _CONTAINERS:
            yield from _image(source, inner, "image")
        yield from _containers(source, inner)


def _image(source: SourceText, block: Block, attribute: str) -> Iterator[Dependency]:
    image = block.attributes.scalar(attribute)
    if image and image.quoted:
        yield image_in_scalar(source, image, kind=IMAGE)
    elif image and _TEMPLATE.fullmatch(image.value):
        inner = Scalar(image.value[1:-1], image.start + 1, image.end - 1)
        yield image_in_scalar(source, inner, kind=IMAGE, variables=True)
    # What another resource builds or pulls (docker_image.app.image_id) is named there.


def _release(source: SourceText, block: Block) -> Iterator[Dependency]:
    chart = block.attributes.scalar("chart")
    if chart is None:
        return
    version, repository = block.attributes.scalar("version"), block.attributes.scalar("repository")
    stated = [scalar for scalar in (chart, version, repository) if scalar]
    reason: SkipReason | None = None if all(scalar.quoted for scalar in stated) else "unpinned-expression"
    if chart.value.startswith(_PATHS) or chart.value.startswith(('"${path.', "path.")):
        reason = "local-path"
    exact = version.value if version and version.quoted else None
    where = version or chart
    index = repository.value if repository and repository.quoted else None
    yield Dependency(
        ecosystem="helm",
        name=chart.value,
        place=source.place(where.start, where.end),
        kind=CHART,
        purl=package_url("helm", chart.value, exact, None, {"repository_url": index} if index else None),
        value=version.value if version and _is_as_written(source, version) else None,
        version=exact if exact and exact[:1].isdigit() and " " not in exact else None,
        index=index,
        skip_reason=reason,
    )


def _is_as_written(source: SourceText, scalar: Scalar) -> bool:
    return source.text[scalar.start : scalar.end] == scalar.value
