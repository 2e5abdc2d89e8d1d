"""``.terraform.lock.hcl``: the providers that ``terraform init`` chose."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.ecosystems.terraform import _files, _rows
from analyzers.ecosystems.terraform._addresses import OPENTOFU_HOST, provider
from analyzers.errors import InvalidSyntaxError
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency
from analyzers.syntax import hcl
from analyzers.syntax.hcl import Block
from analyzers.syntax.node import Scalar
from analyzers.syntax.text import SourceText


def read(source: SourceText) -> Reading:
    """Return every locked provider. Raises UnreadableError."""
    found = list(_providers(source, hcl.parse(source)))
    return Reading(dependencies=tuple(row for row, _ in found), locked=tuple(entry for _, entry in found))


def _providers(source: SourceText, root: Block) -> Iterator[tuple[Dependency, Locked]]:
    for block in root.named("provider"):
        label, version = next(iter(block.labels), None), block.attributes.scalar("version")
        address = provider(label.value) if label else None
        if address is None or version is None or not version.quoted:
            line, _ = source.line_column(block.start)
            raise InvalidSyntaxError("holds a provider without address or version", line=line)
        yield (
            _row(source, address.name, version),
            Locked(name=address.name, version=version.value, place=source.place_of(version)),
        )


def _row(source: SourceText, name: str, version: Scalar) -> Dependency:
    """Return the row of a provider that the modules of the folder do not require themselves."""
    plain = name.removeprefix(f"{OPENTOFU_HOST}/")
    return Dependency(
        ecosystem=_files.NAME,
        name=plain,
        place=source.place_of(version),
        kind=_rows.LOCK,
        purl=_rows.registry_purl(plain, version.value),
        value=version.value,
        version=version.value,
        locked_version=version.value,
        direct=False,
    )
