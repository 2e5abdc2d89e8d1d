"""Addresses of providers and modules, as Terraform and OpenTofu read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from analyzers.model.skipped import SkipReason
from analyzers.syntax import git_url
from analyzers.syntax.credentials import masked

DEFAULT_HOST: Final = "registry.terraform.io"
OPENTOFU_HOST: Final = "registry.opentofu.org"
DEFAULT_NAMESPACE: Final = "hashicorp"
# Names that begin with one of these are never a registry's.
_SHORT: Final = ("github.com/", "bitbucket.org/", "gitlab.com/")

_HOST: Final = r"(?:[0-9A-Za-z][0-9A-Za-z-]*(?:\.[0-9A-Za-z-]+)+(?::[0-9]{1,5})?|localhost(?::[0-9]{1,5})?)"
_LABEL: Final = r"[0-9A-Za-z](?:[0-9A-Za-z_-]{0,62}[0-9A-Za-z])?"
_PROVIDER: Final = re.compile(rf"(?:(?:({_HOST})/)?({_LABEL})/)?({_LABEL})")
_MODULE: Final = re.compile(
    rf"(?:(?P<host>{_HOST})/)?(?P<name>{_LABEL}/{_LABEL}/[0-9a-z]{{1,64}})(?://(?P<sub>[^?]*))?"
)
_LOCAL: Final = re.compile(r"\.{1,2}(?:[/\\]|\Z)|/|~/|[A-Za-z]:[/\\]|file:")
_BARE: Final = re.compile(r"[\w-]+(?:/[\w.-]+)*")
_GETTER: Final = re.compile(r"([a-z0-9]+)::(.*)", re.DOTALL)
_URL: Final = re.compile(r"([a-z][a-z0-9+.-]*)://([^/?#]*)(/[^?#]*)?", re.DOTALL)
# A tag may be written with the folder that git keeps it in.
_REF: Final = re.compile(r"[?&]ref=(?:(?:refs/)?tags/)?([^&#]*)")
_LONGEST: Final = 1024
# Host, owner, repository.
_SHORT_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class ProviderAddress:
    """``[host/][namespace/]type``. `name` is without a default host, and with the namespace."""

    name: str
    host: str | None = None


@dataclass(frozen=True, slots=True)
class ModuleAddress:
    """Where a module comes from.

    `name` is the address without subdirectory, query and secrets; `ref` the span of the git ref in the text, None
    where none is written. `host` is set for a registry that is not the default one.
    """

    name: str
    origin: Literal["registry", "git", "other"]
    host: str | None = None
    repository: git_url.GitUrl | None = None
    subpath: str | None = None
    ref: tuple[int, int] | None = None
    skip_reason: SkipReason | None = None


def provider(text: str) -> ProviderAddress | None:
    """Read a provider's ``source``; None for what is none."""
    found = _PROVIDER.fullmatch(text) if len(text) <= _LONGEST else None
    if not found:
        return None
    host, namespace, name = found.groups()
    full = f"{namespace or DEFAULT_NAMESPACE}/{name}"
    return ProviderAddress(full) if host in (None, DEFAULT_HOST) else ProviderAddress(f"{host}/{full}", host)


def module(text: str) -> ModuleAddress:
    """Read a module's ``source``; never raises."""
    if len(text) > _LONGEST:
        return ModuleAddress(masked(text)[:_LONGEST], "other", skip_reason="unsupported-syntax")
    if _LOCAL.match(text):
        return ModuleAddress(text, "other", skip_reason="local-path")
    registry = _MODULE.fullmatch(text)
    if registry and not text.startswith(_SHORT):
        host = registry["host"] if registry["host"] != DEFAULT_HOST else None
        name = f"{host}/{registry['name']}" if host else registry["name"]
        return ModuleAddress(name, "registry", host, subpath=registry["sub"] or None)
    return _fetched(text)


def _fetched(text: str) -> ModuleAddress:
    getter = _GETTER.fullmatch(text)
    start = getter.start(2) if getter else 0
    address = text[start:]
    if getter and getter[1] == "git":
        return _git(text, start)
    if getter and getter[1] == "hg":
        return ModuleAddress(_shown(address), "other", skip_reason="version-control")
    if not getter and address.startswith((*_SHORT, "ssh://", "git@")):
        return _git(text, start)
    if getter or _URL.match(address):
        return ModuleAddress(_shown(address), "other", skip_reason="direct-url")
    # Old files name a folder without the leading ``./``.
    return ModuleAddress(
        masked(text), "other", skip_reason="local-path" if _BARE.fullmatch(text) else "unsupported-syntax"
    )


def _git(text: str, start: int) -> ModuleAddress:
    """Read ``https://host/path//sub?ref=v1``, ``git@host:path`` or ``host/path``, from ``start`` on."""
    address = text[start:].partition("?")[0]
    scheme, mark, rest = address.rpartition("://")
    path, _, subpath = rest.partition("//")
    if not mark and not subpath and path.startswith(_SHORT):
        path, subpath = _after_repository(path)
    written = f"{scheme}{mark}{path}"
    found = git_url.parse(written) or git_url.parse(f"https://{path}")
    ref = _REF.search(text, start)
    return ModuleAddress(
        name=git_url.shown(written),
        origin="git",
        repository=found,
        subpath=subpath or None,
        ref=ref.span(1) if ref and ref[1] else None,
        skip_reason=_unasked(found),
    )


def _unasked(found: git_url.GitUrl | None) -> SkipReason | None:
    if found is None:
        return "unsupported-syntax"
    # A host that is reached by SSH alone may be somebody's own: nobody said that it answers on the web.
    return None if found.is_web or found.type != "generic" else "version-control"


def _after_repository(path: str) -> tuple[str, str]:
    """Part ``host/owner/repo/sub`` of the short form, in which a subdirectory needs no second slash."""
    parts = path.split("/")
    return "/".join(parts[:_SHORT_PARTS]), "/".join(parts[_SHORT_PARTS:])


def _shown(address: str) -> str:
    """Return an address without user name, password and query: those may be secrets."""
    return git_url.shown(address).partition("?")[0]
