"""Images in compose files: what each service runs."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import Skipped
from analyzers.syntax import yaml
from analyzers.syntax.image_reference import image_in_scalar
from analyzers.syntax.node import Mapping, Node, Scalar
from analyzers.syntax.text import SourceText

_NAME = re.compile(r"(?:docker-)?compose(?:[._-][^/]*)?\.ya?ml|[^/]*[._-]docker-compose\.ya?ml")
_BUILD_CONTEXT = "docker-image://"


def is_compose(path: str) -> bool:
    """Whether the path is ``compose.yaml``, ``docker-compose.prod.yml`` and the like."""
    return bool(_NAME.fullmatch(path.rpartition("/")[2].lower()))


def read(source: SourceText) -> Reading:
    """Return the image of every service. Raises UnreadableError for what is no YAML."""
    dependencies: dict[int, Dependency] = {}
    skipped: list[Skipped] = []
    services = tuple(_services(yaml.parse(source)))
    built = frozenset(name for service in services if (name := _built(service)))
    for service in services:
        for dependency in _images(source, service, built):
            # A service that merges another names the very same place once more.
            dependencies.setdefault(dependency.place.start, dependency)
        if service.get("build", "dockerfile_inline") is not None:
            skipped.append(_inline(source, service))
    return Reading(
        dependencies=tuple(dependencies[start] for start in sorted(dependencies)),
        manifest=Manifest(path=source.path, ecosystem="docker", format="compose", application=True),
        skipped=tuple(skipped),
    )


def _services(documents: tuple[Node, ...]) -> Iterator[Mapping]:
    for document in documents:
        if isinstance(document, Mapping):
            for _, service in document.mapping("services").items:
                if isinstance(service, Mapping):
                    yield yaml.merged(service)


def _built(service: Mapping) -> str | None:
    """Return the name of what a service builds: with `build`, its image is that and not what it is built on."""
    image = service.scalar("image")
    return image.value if image and service.get("build") is not None else None


def _images(source: SourceText, service: Mapping, built: frozenset[str]) -> Iterator[Dependency]:
    image = service.scalar("image")
    platform = service.scalar("platform")
    literal = platform.value if platform and "$" not in platform.value else None
    if image and image.value:
        dependency = image_in_scalar(source, image, kind="compose", platform=literal, variables=True)
        if image.value in built:
            # Other services may run what one of them builds.
            dependency = dataclasses.replace(dependency, skip_reason="local-path")
        yield dependency
    for _, context in service.mapping("build", "additional_contexts").items:
        if isinstance(context, Scalar) and context.value.startswith(_BUILD_CONTEXT):
            inner = context.value.removeprefix(_BUILD_CONTEXT)
            shifted = dataclasses.replace(context, value=inner, start=context.start + len(_BUILD_CONTEXT))
            yield image_in_scalar(source, shifted, kind="compose", variables=True)


def _inline(source: SourceText, service: Mapping) -> Skipped:
    line, _ = source.line_column(service.start)
    detail = f"line {line}: a Dockerfile written inside a compose file is not read"
    return Skipped(what="dependency", path=source.path, source="compose", reason="unsupported-syntax", detail=detail)
