"""Rows of the inventory as Terraform's files give them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from analyzers.ecosystems.terraform import _files
from analyzers.ecosystems.terraform._addresses import ModuleAddress, ProviderAddress
from analyzers.ecosystems.terraform._addresses import module as module_address
from analyzers.ecosystems.terraform._addresses import provider as provider_address
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.model.skipped import SkipReason
from analyzers.syntax.node import Node, Scalar
from analyzers.syntax.purl import package_url
from analyzers.syntax.text import SourceText
from analyzers.versions import git_tag
from analyzers.versions.terraform import SCHEME

# An address whose git ref is one expression.
_OPEN_REF: Final = re.compile(r'"([^"$\\?]{1,1000})\?ref=(\$\{[^{}"\n]*\})"')
MODULE: Final = "terraform-module"
TERRAGRUNT: Final = "terragrunt-module"
LOCK: Final = "terraform-lock"


def as_written(source: SourceText, scalar: Scalar) -> str | None:
    """Return the text of a scalar, None where escapes make it differ from what stands there."""
    return scalar.value if source.is_verbatim(scalar) else None


def registry_purl(name: str, version: str | None, subpath: str | None = None) -> str:
    """Return the package URL of a provider or module; another registry than the default one is a qualifier."""
    *lead, last = name.split("/")
    host = lead.pop(0) if lead and "." in lead[0] else None
    return package_url(_files.NAME, last, version, "/".join(lead), {"repository_url": host} if host else None, subpath)


def provider(
    source: SourceText, *, local: Scalar, stated: Node | None, version: Node | None, kind: str, group: str
) -> Dependency:
    """Return the row of a provider: ``stated`` is its source, None for the default one of its ``local`` name."""
    address: ProviderAddress | None = provider_address(local.value)
    shown, reason = f"hashicorp/{local.value}", None
    if isinstance(stated, Scalar):
        address = provider_address(stated.value) if stated.quoted else None
        shown, reason = stated.value, _unreadable(stated) if address is None else None
    spot = stated if isinstance(stated, Scalar) else local
    return _constrained(
        source,
        name=address.name if address else shown,
        host=address.host if address else None,
        spot=spot,
        version=version,
        kind=kind,
        group=group,
        reason=reason,
    )


def _unreadable(scalar: Scalar) -> SkipReason:
    return "unsupported-syntax" if scalar.quoted else "unpinned-expression"


def module(source: SourceText, *, stated: Scalar, version: Node | None, kind: str = MODULE) -> Dependency:
    """Return the row of a module by its ``source`` and its ``version``."""
    if not stated.quoted:
        return _expression(source, stated, kind, "module")
    address = module_address(stated.value)
    if address.origin != "registry":
        return _fetched(source, stated, address, kind)
    return _constrained(
        source,
        name=address.name,
        host=address.host,
        spot=stated,
        version=version,
        kind=kind,
        group="module",
        subpath=address.subpath,
    )


def _constrained(
    source: SourceText,
    *,
    name: str,
    host: str | None,
    spot: Scalar,
    version: Node | None,
    kind: str,
    group: str,
    reason: SkipReason | None = None,
    subpath: str | None = None,
) -> Dependency:
    """Return the row of what a registry has; without a version its place is the ``spot`` that names it."""
    at = version if isinstance(version, Scalar) else None
    pinned = SCHEME.pinned(at.value) if at and at.quoted else None
    where = at or spot
    if version is not None and (at is None or not at.quoted):
        reason = reason or "unpinned-expression"
    return Dependency(
        ecosystem=_files.NAME,
        name=name,
        place=source.place_of(where),
        kind=kind,
        purl=registry_purl(name, pinned, subpath),
        value=as_written(source, at) if at else None,
        version=pinned,
        dependency_group=group,
        index=f"https://{host}" if host else None,
        skip_reason=reason,
    )


def _fetched(source: SourceText, stated: Scalar, address: ModuleAddress, kind: str) -> Dependency:
    """Return the row of a module that no registry has."""
    ref = stated.value[slice(*address.ref)] if address.ref else None
    place = source.place_of(stated)
    whole = as_written(source, stated)
    if address.ref and whole:
        place = source.place(stated.start + address.ref[0], stated.start + address.ref[1])
    return fetched(address, ref=ref, place=place, value=ref if whole else None, kind=kind)


def fetched(address: ModuleAddress, *, ref: str | None, place: Place, value: str | None, kind: str) -> Dependency:
    """Return the row of a module in a repository at a git ``ref``, or of any other that no registry has."""
    repository = address.repository
    return Dependency(
        ecosystem=repository.type if repository else _files.NAME,
        name=address.name,
        place=place,
        kind=kind,
        purl=repository.purl(ref, address.subpath) if repository else "",
        value=value,
        version=git_tag.SCHEME.pinned(ref) if ref else None,
        digest=ref.lower() if ref and git_tag.is_commit(ref) else None,
        dependency_group="module",
        skip_reason=address.skip_reason,
    )


def _expression(source: SourceText, stated: Scalar, kind: str, group: str) -> Dependency:
    """Return the row of what only running Terraform would tell; under its repository, where that alone is written."""
    found = _OPEN_REF.fullmatch(stated.value) if group == "module" and source.is_verbatim(stated) else None
    address = module_address(found[1]) if found else None
    if found and address and address.origin == "git":
        place = source.place(stated.start + found.start(2), stated.start + found.end(2))
        row = fetched(address, ref=None, place=place, value=found[2], kind=kind)
        return replace(row, skip_reason="unpinned-expression")
    return Dependency(
        ecosystem=_files.NAME,
        name=stated.value,
        place=source.place_of(stated),
        kind=kind,
        purl="",
        value=as_written(source, stated),
        dependency_group=group,
        skip_reason="unpinned-expression",
    )


def required_version(source: SourceText, node: Node, *, product: str) -> Dependency:
    """Return the row of Terraform's (or OpenTofu's) own version."""
    scalar = node if isinstance(node, Scalar) else Scalar("", node.start, node.end, quoted=False)
    pinned = SCHEME.pinned(scalar.value) if scalar.quoted else None
    return Dependency(
        ecosystem="generic",
        name=product,
        place=source.place_of(scalar),
        kind="terraform-required-version",
        purl=package_url("generic", product, pinned),
        value=as_written(source, scalar),
        version=pinned,
        skip_reason=None if scalar.quoted else "unpinned-expression",
    )
