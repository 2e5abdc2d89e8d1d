"""Images in GitLab's pipelines: what jobs run in, and the services beside them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from analyzers.ecosystems.docker import _files
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.syntax import git_url, yaml
from analyzers.syntax.image_reference import image_in_scalar
from analyzers.syntax.node import Mapping as Table
from analyzers.syntax.node import Node, Scalar, Sequence
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText

# Keys on top that are no jobs.
_NO_JOBS: Final = frozenset({"include", "spec", "stages", "variables", "workflow"})
# GitLab's cache of Docker Hub: what follows is an image of Docker Hub.
_PROXY: Final = re.compile(r"\$(\{?)CI_DEPENDENCY_PROXY_(?:DIRECT_)?GROUP_IMAGE_PREFIX(?(1)\})/")
# What names a pipeline that lies elsewhere → why it is not read, and what it is called.
_REMOTE: Final = "remote"
_ELSEWHERE: Final[Mapping[str, tuple[SkipReason, str]]] = {
    _REMOTE: ("direct-url", "address"),
    "project": ("version-control", "project"),
    "component": ("no-registry", "component"),
    "template": ("unsupported-source", "template of GitLab"),
    "artifact": ("unsupported-source", "artifact of a job"),
    "local": ("direct-url", "address"),
}
_NULLS: Final = frozenset({"null", "~"})


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
        manifest=Manifest(path=source.path, ecosystem="docker", format=_files.GITLAB_CI, application=True),
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
            yield image_in_scalar(source, _behind_proxy(image), kind=_files.GITLAB_CI, variables=True, values=values)


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
    """Yield the files of this repository that are included under other names; what lies elsewhere is noted."""
    node = document.get("include")
    entries = node.items if isinstance(node, Sequence) else (node,) if node else ()
    for entry in entries:
        local = entry.get("local") if isinstance(entry, Table) else entry
        if not isinstance(local, Scalar) or "://" in local.value:
            skipped.append(_elsewhere(source, entry))
        elif local.value and (local.quoted or local.value not in _NULLS):
            yield from _local(source, local, skipped)


def _local(source: SourceText, local: Scalar, skipped: list[Skipped]) -> Iterator[tuple[str, str]]:
    path = posixpath.normpath(local.value.lstrip("/"))
    if re.search(r"[$*]", path):
        skipped.append(_skip(source, local, "unpinned-expression", f"{path} is a pattern, and not followed"))
    elif path == ".." or path.startswith("../"):
        skipped.append(_skip(source, local, "outside-repository", f"{path} lies outside of the repository"))
    elif path != "." and not _files.is_pipeline(path):
        yield path, _files.GITLAB_CI


def _elsewhere(source: SourceText, entry: Node) -> Skipped:
    """Return the note of a pipeline that this repository does not hold: of the first word that names one."""
    stated = ((word, entry.scalar(word)) for word in _ELSEWHERE) if isinstance(entry, Table) else ()
    word, found = next(((word, scalar) for word, scalar in stated if scalar), (_REMOTE, None))
    address = found or (entry if isinstance(entry, Scalar) else None)
    if address is None:
        return _skip(source, entry, "unsupported-syntax", "file is named in a form that is not known")
    reason, what = _ELSEWHERE[word]
    ref = entry.scalar("ref") if word == "project" and isinstance(entry, Table) else None
    # What follows a question mark may be a token.
    shown = git_url.shown(address.value).partition("?")[0] + (f" at {ref.value[:100]}" if ref else "")
    return _skip(source, entry, reason, f"{what} {shown[:200]} is not read")


def _skip(source: SourceText, node: Node, reason: SkipReason, text: str) -> Skipped:
    line, _ = source.line_column(node.start)
    detail = f"line {line}: the included {text[:300]}"
    return Skipped(what="dependency", path=source.path, source=_files.GITLAB_CI, reason=reason, detail=detail)
