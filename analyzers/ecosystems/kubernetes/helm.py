"""Helm charts: what ``Chart.yaml`` and its lock say, and the images in values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Final

from analyzers.ecosystems.kubernetes import _files
from analyzers.ecosystems.kubernetes._charts import chart_row
from analyzers.ecosystems.kubernetes._documents import is_empty, mappings, nameless, roots_or_note
from analyzers.ecosystems.kubernetes._values import image_rows
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import Skipped
from analyzers.syntax.node import Mapping, Node, Scalar
from analyzers.syntax.text import SourceText

# What chart-testing installs a chart with.
_TESTED: Final = re.compile(r"(?:.*/)?ci/[^/]*", re.IGNORECASE)


def read_chart(source: SourceText) -> Reading:
    """Return the charts that a chart depends on. Raises UnreadableError."""
    root = _root(source, _files.CHART)
    if not isinstance(root, Mapping):
        return Reading(skipped=(root,) if root else ())
    runtime, kind = root.scalar("kubeVersion"), root.scalar("type")
    name, version = root.scalar("name"), root.scalar("version")
    return Reading(
        dependencies=tuple(_dependencies(source, root)),
        manifest=Manifest(
            path=source.path,
            ecosystem="helm",
            format=_files.CHART,
            runtime=runtime.value if runtime else None,
            application=not (kind and kind.value == "library"),
        ),
        provides=(name.value, version.value if version else "") if name else None,
        skipped=tuple(nameless(source, root, ("dependencies",), "name", _files.CHART)),
    )


def _root(source: SourceText, form: str) -> Mapping | Skipped | None:
    """Return the one mapping of a file; a note where it is a template, None where it holds something else."""
    roots = roots_or_note(source, form)
    if isinstance(roots, Skipped):
        return roots
    return next((root for root in roots if isinstance(root, Mapping)), None)


def _dependencies(source: SourceText, root: Mapping) -> Iterator[Dependency]:
    for entry in mappings(root.get("dependencies")):
        name, repository = entry.scalar("name"), entry.scalar("repository")
        if name and not is_empty(name):
            address = repository.value.strip() if repository else None
            yield chart_row(
                source,
                name=name,
                version=entry.scalar("version"),
                repository=address,
                kind=_files.CHART,
                group="dependencies",
            )


def read_lock(source: SourceText) -> Reading:
    """Return the charts that a lock resolves. Raises UnreadableError."""
    root = _root(source, _files.LOCK)
    if not isinstance(root, Mapping):
        return Reading(skipped=(root,) if root else ())
    unnamed = (nameless(source, root, ("dependencies",), word, _files.LOCK) for word in ("name", "version"))
    return Reading(locked=tuple(_locked(source, root)), skipped=tuple(dict.fromkeys(chain.from_iterable(unnamed))))


def _locked(source: SourceText, root: Mapping) -> Iterator[Locked]:
    for entry in mappings(root.get("dependencies")):
        name, version = entry.scalar("name"), entry.scalar("version")
        if name and version and not is_empty(name) and not is_empty(version):
            yield Locked(name=name.value, version=version.value, place=source.place_of(version))


def read_values(source: SourceText) -> Reading:
    """Return the images in a chart's values. Raises UnreadableError."""
    roots = roots_or_note(source, _files.VALUES)
    if isinstance(roots, Skipped):
        return Reading(skipped=(roots,))
    rows = [row for root in roots for row in image_rows(source, _container(root), kind=_files.VALUES)]
    if _TESTED.fullmatch(source.path):
        rows = [replace(row, skip_reason=row.skip_reason or "test-data") for row in rows]
    return Reading(
        dependencies=tuple(sorted(rows, key=lambda row: (row.place, row.name))),
        manifest=Manifest(path=source.path, ecosystem="helm", format=_files.VALUES, application=True) if rows else None,
    )


def _container(root: Node) -> Node:
    """Return the root; a file that is one word holds no values."""
    return Mapping((), root.start, root.start) if isinstance(root, Scalar) else root
