"""Registries of Terraform and OpenTofu: providers and modules, by the protocols that all of them speak.

https://developer.hashicorp.com/terraform/internals/provider-registry-protocol
https://developer.hashicorp.com/terraform/internals/module-registry-protocol

The protocols know no dates. HashiCorp's own registry has them beside: those of a provider's versions in its second API,
of a module's newest version alone in the first.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from datetime import date
from typing import Any, Final, TypeAlias
from urllib.parse import urljoin

import msgspec

from analyzers.errors import FetchError
from analyzers.model.exchange import (
    Addresses,
    Exchange,
    Request,
    Response,
    Source,
    base_address,
    day_of,
    host_of,
    refusal,
)
from analyzers.model.facts import Known, Package, Release, Unknown
from analyzers.model.question import Question
from analyzers.typed import from_json

ADDRESS: Final = "https://registry.terraform.io"
# The one registry known to answer with dates.
_DATED_HOST: Final = "registry.terraform.io"
_NAME: Final = re.compile(r"(providers|modules)/([0-9a-z_-]{1,64}(?:/[0-9a-z_-]{1,64}){1,2})")
_SERVICES: Final = {"providers": "providers.v1", "modules": "modules.v1"}
_PARTS: Final = {"providers": 2, "modules": 3}
_A_DAY: Final = 24 * 60 * 60

_Step: TypeAlias = Generator[Request, Response, Any]


class _Version(msgspec.Struct, frozen=True):
    version: str


class _Listed(msgspec.Struct, frozen=True):
    """A provider, or one module of an answer about modules."""

    versions: tuple[_Version, ...] = ()


class _Modules(msgspec.Struct, frozen=True):
    modules: tuple[_Listed, ...] = ()


class _Attributes(msgspec.Struct, frozen=True, rename="kebab"):
    version: str = ""
    published_at: str = ""


class _Included(msgspec.Struct, frozen=True):
    attributes: _Attributes = _Attributes()


class _Detail(msgspec.Struct, frozen=True):
    """What the second API adds about a provider."""

    included: tuple[_Included, ...] = ()


class _Newest(msgspec.Struct, frozen=True):
    """What the first API says of a module's newest version."""

    version: str = ""
    published_at: str = ""


def look_up(question: Question, addresses: Addresses) -> Exchange:
    """Ask for ``providers/NAMESPACE/TYPE`` or ``modules/NAMESPACE/NAME/SYSTEM`` at the question's address.

    The user's settings may put another registry in the place of the default one, under the source's name or, for one
    host, under ``terraform:host``.
    """
    found = _NAME.fullmatch(question.name)
    if not found or found[2].count("/") + 1 != _PARTS[found[1]]:
        return Unknown("not-found", f"{question.name[:200]!r} is no address of a provider or module")
    kind, path = found[1], found[2]
    base = _base(question, addresses)
    service = yield from _service(base, kind)
    if isinstance(service, Unknown):
        return service
    # What a host names as its service gets that host's credentials only where it is the host itself.
    own = host_of(service) if host_of(service) == host_of(base) else ""
    response = yield Request(url=f"{service}/{path}/versions", credentials=own)
    unknown = refusal(response, host_of(service))
    if unknown:
        return unknown
    try:
        versions = _versions(response.body, kind)
    except ValueError as error:
        return Unknown("malformed-answer", f"{host_of(service)}: {error}")
    dates = (yield from _dates(base, kind, path)) if host_of(base) == _DATED_HOST else {}
    releases = tuple(Release(version, dates.get(version)) for version in versions)
    return Known(Package(path, releases))


def _base(question: Question, addresses: Addresses) -> str:
    own = addresses.get(f"{question.source}:{host_of(question.address)}") if question.address else None
    return base_address(question._replace(address=own) if own else question, addresses, ADDRESS)


def _service(base: str, kind: str) -> _Step:
    """Return the address of the service, as the host itself names it; an Unknown where it has none."""
    response = yield Request(url=f"{base}/.well-known/terraform.json", credentials=host_of(base), fresh_for=_A_DAY)
    unknown = refusal(response, host_of(base))
    if unknown:
        return unknown
    try:
        named = from_json(response.body, dict[str, Any]).get(_SERVICES[kind])
    except ValueError as error:
        return Unknown("malformed-answer", f"{host_of(base)}: {error}")
    if not isinstance(named, str):
        return Unknown("not-found", f"{host_of(base)} offers no {kind}")
    return urljoin(f"{base}/.well-known/terraform.json", named).rstrip("/")


def _versions(body: bytes, kind: str) -> tuple[str, ...]:
    if kind == "modules":
        modules = from_json(body, _Modules).modules
        return tuple(entry.version for module in modules for entry in module.versions)
    return tuple(entry.version for entry in from_json(body, _Listed).versions)


def _dates(base: str, kind: str, path: str) -> Generator[Request, Response, Mapping[str, date]]:
    """Return the day of each version that the registry dates; none where it does not answer."""
    asked = f"v2/providers/{path}?include=provider-versions" if kind == "providers" else f"v1/modules/{path}"
    try:
        response = yield Request(url=f"{base}/{asked}")
    except FetchError:
        return {}
    if refusal(response, host_of(base)):
        return {}
    try:
        dated = _dated(response.body, kind)
    except ValueError:
        return {}
    return {version: day for version, stamp in dated.items() if (day := day_of(stamp))}


def _dated(body: bytes, kind: str) -> Mapping[str, str]:
    if kind == "modules":
        newest = from_json(body, _Newest)
        return {newest.version: newest.published_at}
    detail = from_json(body, _Detail)
    return {entry.attributes.version: entry.attributes.published_at for entry in detail.included}


SOURCE = Source(
    name="terraform",
    title="Terraform and OpenTofu registries (providers, modules)",
    value=Package,
    look_up=look_up,
    limits="two or three requests a package; no key; dates from registry.terraform.io alone",
)
