"""Helmfiles: the charts of their releases, and the images in the values written there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from analyzers.ecosystems.kubernetes._charts import OCI, chart_row
from analyzers.ecosystems.kubernetes._documents import roots_or_note
from analyzers.ecosystems.kubernetes._values import image_rows
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import Skipped
from analyzers.syntax.node import Mapping as Table
from analyzers.syntax.node import Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

NAME: Final = "helmfile"
LOCK_NAME: Final = "helmfile.lock"
NAMES: Final = ("helmfile.yaml", "helmfile.yml", "helmfile.yaml.gotmpl")
_PATH: Final = re.compile(r"(?:.*/)?(?:helmfile\.ya?ml|helmfile\.d/[^/]+\.ya?ml)(?:\.gotmpl)?")


def is_helmfile(path: str) -> bool:
    """Whether the path is ``helmfile.yaml`` or one of a folder ``helmfile.d``."""
    return bool(_PATH.fullmatch(path))


def read(source: SourceText) -> Reading:
    """Return the charts and images of every release. Raises UnreadableError."""
    roots = roots_or_note(source, NAME)
    if isinstance(roots, Skipped):
        return Reading(skipped=(roots,))
    tables = [root for root in roots if isinstance(root, Table)]
    # A later document may use what an earlier one declares.
    addresses = {name: address for table in tables for name, address in _repositories(table)}
    rows = tuple(row for table in tables for row in _releases(source, table, addresses))
    return Reading(
        dependencies=tuple(dict.fromkeys(rows)),
        manifest=Manifest(path=source.path, ecosystem="helm", format=NAME, application=True),
    )


def _entries(listed: Node | None) -> Iterator[Table]:
    for entry in listed.items if isinstance(listed, Sequence) else ():
        if isinstance(entry, Table):
            yield entry


def _repositories(table: Table) -> Iterator[tuple[str, str]]:
    for entry in _entries(table.get("repositories")):
        name, url, oci = entry.scalar("name"), entry.scalar("url"), entry.scalar("oci")
        if name and url and url.value:
            is_oci = oci is not None and oci.value == "true" and "://" not in url.value
            yield name.value, OCI + url.value if is_oci else url.value


def _releases(source: SourceText, table: Table, addresses: Mapping[str, str]) -> Iterator[Dependency]:
    for entry in _entries(table.get("releases")):
        chart = entry.scalar("chart")
        if chart and chart.value:
            yield _row(source, chart, entry.scalar("version"), addresses)
        values = entry.get("values")
        if values is not None:
            yield from image_rows(source, values, kind=NAME)


def _row(source: SourceText, chart: Scalar, version: Scalar | None, addresses: Mapping[str, str]) -> Dependency:
    """Return the row of ``repository/chart``, of an ``oci://`` address, or of a path."""
    head, _, last = chart.value.rpartition("/")
    if chart.value.startswith(("./", "../", "/")) or not head:
        return chart_row(source, name=chart, version=version, repository=None, kind=NAME, group="")
    address = head if head.startswith((OCI, "git::", "http:", "https:")) else _address(head, addresses)
    name = Scalar(last, chart.end - len(last), chart.end) if last else chart
    return chart_row(source, name=name, version=version, repository=address, kind=NAME, group="")


def _address(head: str, addresses: Mapping[str, str]) -> str:
    """Return the address of what stands before the chart: a declared name and perhaps a path below it."""
    name, slash, below = head.partition("/")
    declared = addresses.get(name)
    # A name that is declared nowhere is one of the user's own Helm configuration.
    return f"@{head}" if declared is None else f"{declared.rstrip('/')}{slash}{below}"
