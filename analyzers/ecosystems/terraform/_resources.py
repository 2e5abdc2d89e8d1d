"""Charts and images that Terraform resources name in so many words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from analyzers.ecosystems.terraform._rows import as_written
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import SkipReason
from analyzers.syntax import git_url
from analyzers.syntax.hcl import Block
from analyzers.syntax.image_reference import image_in_scalar
from analyzers.syntax.node import Scalar
from analyzers.syntax.purl import package_url
from analyzers.syntax.text import SourceText
from analyzers.versions import helm

IMAGE: Final = "terraform-image"
CHART: Final = "terraform-helm-release"
# Resource types → the attribute that holds nothing but an image.
_IMAGES: Final = {"docker_image": "name", "docker_container": "image", "docker_registry_image": "name"}
# Resource types in which these blocks, however deep, hold an image each.
_CONTAINERS: Final = frozenset({"container", "init_container", "containers", "container_spec"})
_WITH_CONTAINERS: Final = ("kubernetes_", "google_cloud_run_", "docker_service")
# A string with interpolations that hold no strings themselves.
_TEMPLATE: Final = re.compile(r'"[^"\\]*"')
# ``type.name.attribute`` with any index.
_REFERENCE: Final = re.compile(r"([a-z]\w*+)(?:\.[\w*-]++|\[[^\]\n]*+\])++")
_MOST_SHOWN: Final = 200
_OCI: Final = "oci://"
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
        is_dynamic = inner.keyword == "dynamic" and bool(inner.labels)
        if (inner.labels[0].value if is_dynamic else inner.keyword) in _CONTAINERS:
            for body in inner.named("content") if is_dynamic else (inner,):
                yield from _image(source, body, "image")
        yield from _containers(source, inner)


def _image(source: SourceText, block: Block, attribute: str) -> Iterator[Dependency]:
    image = block.attributes.scalar(attribute)
    if image is None or (not image.quoted and image.value == "null"):
        return
    template = None if image.quoted else _template(source, image)
    if image.quoted:
        yield image_in_scalar(source, image, kind=IMAGE)
    elif _is_of_resource(_inside(template) if template else image.value):
        # What another resource builds or pulls (docker_image.app.image_id) is named there.
        return
    elif template:
        yield image_in_scalar(source, template, kind=IMAGE, variables=True)
    else:
        yield _expression(source, image)


def _template(source: SourceText, image: Scalar) -> Scalar | None:
    """Return the text of a string with interpolations, without its quotes; None for another expression."""
    if source.path.endswith(".json"):
        return image
    found = _TEMPLATE.fullmatch(image.value)
    return Scalar(image.value[1:-1], image.start + 1, image.end - 1) if found else None


def _inside(template: Scalar) -> str:
    """Return the expression of a template that is nothing else; ``""`` for one with more in it."""
    text = template.value
    return text[2:-1].strip() if text.startswith("${") and text.endswith("}") else ""


def _is_of_resource(expression: str) -> bool:
    found = _REFERENCE.fullmatch(expression)
    # Every type of a resource begins with its provider's name; in a dynamic block, its own name is that of an entry.
    return found is not None and "_" in found[1] and found[1] not in _CONTAINERS


def _expression(source: SourceText, image: Scalar) -> Dependency:
    """Return the row of an image that only running Terraform would tell."""
    return Dependency(
        ecosystem="docker",
        name=" ".join(image.value[:_MOST_SHOWN].split()),
        place=source.place_of(image),
        kind=IMAGE,
        purl="",
        value=as_written(source, image),
        skip_reason="unpinned-expression",
    )


def _release(source: SourceText, block: Block) -> Iterator[Dependency]:
    chart = block.attributes.scalar("chart")
    if chart is None:
        return
    version, repository = block.attributes.scalar("version"), block.attributes.scalar("repository")
    is_known = all(scalar.quoted for scalar in (chart, version, repository) if scalar)
    index, name = _where(chart, repository)
    pinned = helm.SCHEME.pinned(version.value) if version and version.quoted else None
    where = version or chart
    yield Dependency(
        ecosystem="helm",
        name=name,
        place=source.place_of(where),
        kind=CHART,
        purl=package_url("helm", name, pinned, None, {"repository_url": index} if index else None),
        value=as_written(source, version) if version else None,
        version=pinned,
        index=index,
        skip_reason=_unasked(chart.value, index) if is_known or _is_path(chart.value) else "unpinned-expression",
    )


def _where(chart: Scalar, repository: Scalar | None) -> tuple[str | None, str]:
    """Return the address of the chart's repository, without secrets, and its name in there."""
    if repository and repository.quoted:
        return git_url.shown(repository.value), chart.value
    if chart.quoted and chart.value.startswith(_OCI):
        address, _, name = chart.value.rpartition("/")
        return git_url.shown(address), name
    return None, git_url.shown(chart.value) if "://" in chart.value else chart.value


def _is_path(chart: str) -> bool:
    return chart.startswith((*_PATHS, '"${path.', "path."))


def _unasked(chart: str, index: str | None) -> SkipReason | None:
    """Return why no repository can be asked for a chart; None for one that can."""
    if _is_path(chart):
        return "local-path"
    if index is None:
        # Without a repository, the name is one of the user's own Helm configuration.
        return "direct-url" if "://" in chart else "set-elsewhere"
    return None if index.startswith(("https://", "http://", _OCI)) else "unsupported-source"
