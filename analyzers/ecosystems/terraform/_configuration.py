"""``*.tf``, ``*.tofu`` and their JSON form: providers, modules, Terraform's own version, charts and images."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzers.ecosystems.terraform import _files, _json_form, _resources, _rows
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import Skipped
from analyzers.syntax import hcl
from analyzers.syntax.hcl import Block
from analyzers.syntax.node import Mapping, Node, Scalar
from analyzers.syntax.text import SourceText


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration(Reading):
    """One file of a module. `local_names` are the names that its ``required_providers`` give, with each one's address.

    `blocks` are the local names of its ``provider`` blocks, in the order of the rows that stand for them.
    """

    local_names: tuple[tuple[str, str], ...] = ()
    blocks: tuple[str, ...] = ()


def read(source: SourceText) -> Configuration:
    """Return what the file requires. Raises UnreadableError for what is neither HCL nor JSON."""
    root = _json_form.parse(source) if source.path.endswith(".json") else hcl.parse(source)
    required = list(_required(source, root))
    blocks = [(one.labels[0].value, _provider_block(source, one)) for one in root.named("provider") if one.labels]
    skipped: list[Skipped] = []
    rows = (
        *_own_version(source, root),
        *(row for _, row in (*required, *blocks)),
        *_modules(source, root, skipped),
        *(row for block in root.named("resource") for row in _resources.read(source, block)),
    )
    return Configuration(
        dependencies=rows,
        manifest=Manifest(path=source.path, ecosystem=_files.NAME, format="terraform") if rows else None,
        local_names=tuple((name, row.name) for name, row in required),
        blocks=tuple(name for name, _ in blocks),
        skipped=tuple(skipped),
    )


def _own_version(source: SourceText, root: Block) -> Iterator[Dependency]:
    product = "opentofu" if ".tofu" in source.path.rpartition("/")[2] else "terraform"
    for block in root.named("terraform"):
        for key, value in block.attributes.items:
            if key.value == "required_version":
                yield _rows.required_version(source, value, product=product)


def _required(source: SourceText, root: Block) -> Iterator[tuple[str, Dependency]]:
    """Yield local name and row of each entry of ``required_providers``."""
    for block in root.named("terraform"):
        for entries in block.named("required_providers"):
            for local, entry in entries.attributes.items:
                yield local.value, _entry(source, local, entry)


def _entry(source: SourceText, local: Scalar, entry: Node) -> Dependency:
    """Return the row of one entry; the short form is the version alone."""
    stated, version = (entry.get("source"), entry.get("version")) if isinstance(entry, Mapping) else (None, entry)
    return _rows.provider(
        source, local=local, stated=stated, version=version, kind=_files.PROVIDER, group="required_providers"
    )


def _provider_block(source: SourceText, block: Block) -> Dependency:
    return _rows.provider(
        source,
        local=block.labels[0],
        stated=None,
        version=block.attributes.get("version"),
        kind=_files.PROVIDER_BLOCK,
        group="provider",
    )


def _modules(source: SourceText, root: Block, skipped: list[Skipped]) -> Iterator[Dependency]:
    for block in root.named("module"):
        stated = block.attributes.scalar("source")
        if stated:
            yield _rows.module(source, stated=stated, version=block.attributes.get("version"))
        else:
            line, _ = source.line_column(block.start)
            name = next((label.value for label in block.labels), "")
            detail = f"line {line}: the module {name[:100]!r} names no source"
            skipped.append(
                Skipped(
                    what="dependency", path=source.path, source="terraform", reason="unsupported-syntax", detail=detail
                )
            )
