"""``terragrunt.hcl``: the module that a unit deploys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from analyzers.ecosystems.terraform import _files, _rows
from analyzers.ecosystems.terraform import _terragrunt_sources as _sources
from analyzers.ecosystems.terraform._terragrunt_sources import Unit
from analyzers.errors import UnreadableError
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.syntax import hcl
from analyzers.syntax.node import Scalar
from analyzers.syntax.text import SourceText

# ``tfr://host/name?version=1.2.3``: a registry's module; without a host the default registry's.
_REGISTRY: Final = re.compile(r"tfr://(?P<host>[^/?]*)/(?P<name>[^?]+)(?:\?(?:[^&]*&)*?version=(?P<version>[^&]*))?")


def read(source: SourceText) -> Unit:
    """Return the module that the file names, and what others may take from it. Raises UnreadableError."""
    root = hcl.parse(source)
    stated = [block.attributes.scalar("source") for block in root.named("terraform", "unit", "stack")]
    rows = tuple(row for scalar in stated if scalar for row in _module(source, scalar))
    literals = dict(_sources.literals(root))
    expressions = [scalar for scalar in stated if scalar and not scalar.quoted]
    templates = ((scalar, _sources.template(source, scalar, literals)) for scalar in expressions)
    return Unit(
        dependencies=rows,
        manifest=Manifest(path=source.path, ecosystem=_files.NAME, format="terragrunt") if rows else None,
        literals=tuple(literals.items()),
        included=tuple(_sources.included(source, root)),
        templates=tuple((source.place_of(scalar), found) for scalar, found in templates if found),
    )


def read_part(source: SourceText) -> Reading:
    """Read a file that units may include; a file of another tool in the same language holds nothing of that kind."""
    try:
        return read(source)
    except UnreadableError:
        return Reading()


def _module(source: SourceText, stated: Scalar) -> Iterator[Dependency]:
    found = _REGISTRY.fullmatch(stated.value) if stated.quoted and _rows.as_written(source, stated) else None
    if not found:
        yield _rows.module(source, stated=stated, version=None, kind=_rows.TERRAGRUNT)
        return
    name = f"{found['host']}/{found['name']}" if found["host"] else found["name"]
    version = None
    if found["version"]:
        version = Scalar(found["version"], stated.start + found.start("version"), stated.start + found.end("version"))
    row = _rows.module(source, stated=replace(stated, value=name), version=version, kind=_rows.TERRAGRUNT)
    yield row if version else replace(row, place=source.place_of(stated))
