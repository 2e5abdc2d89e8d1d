"""Helmfiles: the charts of their releases, and the images in the values written there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Final

from analyzers.ecosystems.kubernetes import _files
from analyzers.ecosystems.kubernetes._charts import OCI, chart_row
from analyzers.ecosystems.kubernetes._documents import is_empty, mappings, no_list, note, roots_or_note
from analyzers.ecosystems.kubernetes._helmfiles import Found, others, remote, values
from analyzers.ecosystems.kubernetes._values import image_rows
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import Skipped
from analyzers.syntax import yaml
from analyzers.syntax.node import Mapping as Table
from analyzers.syntax.node import Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

NAME: Final = _files.HELMFILE
# More templates than any honest file gives to every release.
_MOST_DEFAULTS: Final = 20
LOCK_NAME: Final = "helmfile.lock"


def read(source: SourceText) -> Reading:
    """Return the charts and images of every release. Raises UnreadableError."""
    roots = roots_or_note(source, NAME)
    if isinstance(roots, Skipped):
        return Reading(skipped=(roots,))
    found = tuple(_all(source, tuple(root for root in roots if isinstance(root, Table))))
    return Reading(
        dependencies=tuple(dict.fromkeys(item for item in found if isinstance(item, Dependency))),
        manifest=Manifest(path=source.path, ecosystem="helm", format=NAME, application=True),
        includes=tuple(dict.fromkeys(item for item in found if isinstance(item, tuple))),
        skipped=tuple(dict.fromkeys(item for item in found if isinstance(item, Skipped))),
    )


def _repositories(table: Table) -> Iterator[tuple[str, str]]:
    for entry in mappings(table.get("repositories")):
        name, url, oci = entry.scalar("name"), entry.scalar("url"), entry.scalar("oci")
        if name and url and url.value:
            is_oci = oci is not None and oci.value == "true" and "://" not in url.value
            yield name.value, OCI + url.value if is_oci else url.value


def _all(source: SourceText, tables: tuple[Table, ...]) -> Iterator[Found]:
    # A later document may use what an earlier one declares.
    addresses = {name: address for table in tables for name, address in _repositories(table)}
    templates = {name: template for table in tables for name, template in _templates(table)}
    defaults = (name for table in tables for name in _inherited(table.get("defaultInherit")))
    default = tuple(islice(defaults, _MOST_DEFAULTS))
    for template in templates.values():
        yield from _values(source, template)
    for table in tables:
        listed = table.get("releases")
        yield from no_list(source, listed, NAME, "releases")
        for node in listed.items if isinstance(listed, Sequence) else ():
            entry = yaml.merged(node) if isinstance(node, Table) else Table((), node.start, node.start)
            names = (*default, *_inherited(entry.get("inherit")))
            taken = [templates[name] for name in names if name in templates]
            # The last template counts, and the release itself before all; a template's own are not followed.
            yield _release(source, (entry, *reversed(taken)), addresses, is_template_named=bool(names))
            yield from _values(source, entry)
        yield from others(source, table)


def _templates(table: Table) -> Iterator[tuple[str, Table]]:
    for key, value in table.mapping("templates").items:
        if isinstance(value, Table):
            yield key.value, yaml.merged(value)


def _inherited(node: Node | None) -> Iterator[str]:
    """Yield the names of templates: one text, or a list of texts or of ``template: name``."""
    for item in node.items if isinstance(node, Sequence) else (node,):
        name = item.get("template") if isinstance(item, Table) else item
        if isinstance(name, Scalar) and not is_empty(name):
            yield name.value


def _release(
    source: SourceText, stated: tuple[Table, ...], addresses: Mapping[str, str], *, is_template_named: bool
) -> Dependency | Skipped:
    """Return the row of a release's chart. It, and its version, may stand in a template: ``stated`` is what counts."""
    chart, version = (_first(stated, word) for word in ("chart", "version"))
    if chart is None:
        return _chartless(source, stated[0], is_template_named=is_template_named)
    return remote(source, chart) or _row(source, chart, version, addresses)


def _first(tables: Iterable[Table], word: str) -> Scalar | None:
    stated = (table.scalar(word) for table in tables)
    return next((scalar for scalar in stated if scalar and not is_empty(scalar)), None)


def _values(source: SourceText, entry: Table) -> Iterator[Found]:
    listed = entry.get("values")
    if listed is not None:
        yield from image_rows(source, listed, kind=NAME)
        yield from values(source, listed)


def _chartless(source: SourceText, entry: Table, *, is_template_named: bool) -> Skipped:
    name = entry.scalar("name")
    called = f"the release {name.value[:100]!r}" if name else "a release"
    if is_template_named:
        return note(source, entry, NAME, "set-elsewhere", f"{called} takes its chart from a template")
    return note(source, entry, NAME, "invalid-syntax", f"{called} has no chart")


def _row(source: SourceText, chart: Scalar, version: Scalar | None, addresses: Mapping[str, str]) -> Dependency:
    """Return the row of ``repository/chart``, of an ``oci://`` address, or of a path."""
    # What follows a question mark may be a key.
    whole = chart.value.partition("?")[0]
    plain = replace(chart, value=whole, end=chart.start + len(whole))
    head, _, last = whole.rpartition("/")
    if whole.startswith(("./", "../", "/")) or not head:
        return chart_row(source, name=plain, version=version, repository=None, kind=NAME, group="")
    address = head if head.startswith((OCI, "git::", "http:", "https:")) else _address(head, addresses)
    name = Scalar(last, plain.end - len(last), plain.end) if last else plain
    row = chart_row(source, name=name, version=version, repository=address, kind=NAME, group="")
    return replace(row, skip_reason="direct-url") if last.endswith(".tgz") and "://" in head else row


def _address(head: str, addresses: Mapping[str, str]) -> str:
    """Return the address of what stands before the chart: a declared name and perhaps a path below it."""
    name, slash, below = head.partition("/")
    declared = addresses.get(name)
    # A name that is declared nowhere is one of the user's own Helm configuration.
    return f"@{head}" if declared is None else f"{declared.rstrip('/')}{slash}{below}"
