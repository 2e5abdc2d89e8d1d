"""Helmfiles: the charts of their releases, and the images in the values written there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from analyzers.ecosystems.kubernetes import _files
from analyzers.ecosystems.kubernetes._charts import OCI, chart_row
from analyzers.ecosystems.kubernetes._documents import note, roots_or_note
from analyzers.ecosystems.kubernetes._helmfiles import Found, others
from analyzers.ecosystems.kubernetes._values import image_rows
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import Skipped
from analyzers.syntax import yaml
from analyzers.syntax.node import Mapping as Table
from analyzers.syntax.node import Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

NAME: Final = _files.HELMFILE
LOCK_NAME: Final = "helmfile.lock"


def read(source: SourceText) -> Reading:
    """Return the charts and images of every release. Raises UnreadableError."""
    roots = roots_or_note(source, NAME)
    if isinstance(roots, Skipped):
        return Reading(skipped=(roots,))
    tables = [root for root in roots if isinstance(root, Table)]
    # A later document may use what an earlier one declares.
    addresses = {name: address for table in tables for name, address in _repositories(table)}
    found: list[Found] = [item for table in tables for item in _releases(source, table, addresses)]
    found += [item for table in tables for item in others(source, table.get("helmfiles"))]
    return Reading(
        dependencies=tuple(dict.fromkeys(item for item in found if isinstance(item, Dependency))),
        manifest=Manifest(path=source.path, ecosystem="helm", format=NAME, application=True),
        includes=tuple(
            dict.fromkeys((item, NAME) for item in found if isinstance(item, str) and not _files.is_helmfile(item))
        ),
        skipped=tuple(dict.fromkeys(item for item in found if isinstance(item, Skipped))),
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


def _releases(source: SourceText, table: Table, addresses: Mapping[str, str]) -> Iterator[Dependency | Skipped]:
    listed = table.get("releases")
    for node in listed.items if isinstance(listed, Sequence) else ():
        entry = yaml.merged(node) if isinstance(node, Table) else Table((), node.start, node.start)
        chart = entry.scalar("chart")
        if chart and chart.value:
            yield _row(source, chart, entry.scalar("version"), addresses)
        else:
            yield _chartless(source, entry)
        values = entry.get("values")
        if values is not None:
            yield from image_rows(source, values, kind=NAME)


def _chartless(source: SourceText, entry: Table) -> Skipped:
    name = entry.scalar("name")
    called = f"the release {name.value[:100]!r}" if name else "a release"
    if entry.get("inherit"):
        return note(source, entry, NAME, "set-elsewhere", f"{called} takes its chart from a template")
    return note(source, entry, NAME, "invalid-syntax", f"{called} has no chart")


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
