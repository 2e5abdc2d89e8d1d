"""Images in GitLab's pipelines: what jobs run in, and the services beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import Skipped
from analyzers.syntax import yaml
from analyzers.syntax.image_reference import image_in_scalar
from analyzers.syntax.node import Mapping as Table
from analyzers.syntax.node import Scalar, Sequence
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText

FORMAT: Final = "gitlab-ci"
_NAME: Final = re.compile(r"(?:[^/]*)\.gitlab-ci\.ya?ml")
# Keys on top that are no jobs.
_NO_JOBS: Final = frozenset({"include", "spec", "stages", "variables", "workflow"})
# GitLab's cache of Docker Hub: what follows is an image of Docker Hub.
_PROXY: Final = re.compile(r"\$(\{?)CI_DEPENDENCY_PROXY_(?:DIRECT_)?GROUP_IMAGE_PREFIX(?(1)\})/")


def matches(path: str) -> bool:
    """Whether the path is ``.gitlab-ci.yml``, ``build.gitlab-ci.yml`` and the like."""
    return bool(_NAME.fullmatch(path.rpartition("/")[2].lower()))


def read(source: SourceText) -> Reading:
    """Return the images of every job. Raises UnreadableError for what is no YAML."""
    found: dict[int, Dependency] = {}
    includes: list[tuple[str, str]] = []
    skipped: list[Skipped] = []
    for document in yaml.parse(source):
        if isinstance(document, Table):
            for dependency in _images(source, document):
                # A job that merges or extends another names the very same place once more.
                found.setdefault(dependency.place.start, dependency)
            includes.extend(_includes(source, document, skipped))
    return Reading(
        dependencies=tuple(found[start] for start in sorted(found)),
        manifest=Manifest(path=source.path, ecosystem="docker", format=FORMAT, application=True),
        includes=tuple(dict.fromkeys(includes)),
        skipped=tuple(skipped),
    )


def _images(source: SourceText, document: Table) -> Iterator[Dependency]:
    values = _variables(document, {})
    yield from _of_job(source, document, values)
    for key, node in document.items:
        if isinstance(node, Table) and key.value not in _NO_JOBS:
            job = yaml.merged(node)
            yield from _of_job(source, job, _variables(job, values))


def _of_job(source: SourceText, job: Table, values: Mapping[str, Spliced]) -> Iterator[Dependency]:
    services = job.get("services")
    nodes = [job.get("image"), *(services.items if isinstance(services, Sequence) else ())]
    for node in nodes:
        image = node.scalar("name") if isinstance(node, Table) else node
        if isinstance(image, Scalar) and image.value and (image.quoted or image.value != "null"):
            yield image_in_scalar(source, _behind_proxy(image), kind=FORMAT, variables=True, values=values)


def _behind_proxy(image: Scalar) -> Scalar:
    found = _PROXY.match(image.value)
    return replace(image, value=image.value[found.end() :], start=image.start + found.end()) if found else image


def _variables(table: Table, known: Mapping[str, Spliced]) -> Mapping[str, Spliced]:
    """Return the variables that are known here: those of the file, and stronger those of the job."""
    found = dict(known)
    for name, node in table.mapping("variables").items:
        value = node.scalar("value") if isinstance(node, Table) else node
        if isinstance(value, Scalar) and "$" not in value.value:
            found[name.value] = Spliced.at(value.value, value.start)
        else:
            found.pop(name.value, None)
    return found


def _includes(source: SourceText, document: Table, skipped: list[Skipped]) -> Iterator[tuple[str, str]]:
    """Yield the files of this repository that are included under other names."""
    node = document.get("include")
    for entry in node.items if isinstance(node, Sequence) else (node,):
        local = entry.get("local") if isinstance(entry, Table) else entry
        if not isinstance(local, Scalar) or "://" in local.value:
            continue
        path = local.value.lstrip("/")
        if re.search(r"[$*]|(?:^|/)\.\.(?:/|$)", path):
            detail = f"the included {path[:200]} is a pattern, and not followed"
            skipped.append(
                Skipped(what="dependency", path=source.path, source=FORMAT, reason="unpinned-expression", detail=detail)
            )
        elif path and not matches(path):
            yield path, FORMAT
