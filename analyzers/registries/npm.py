"""The npm registry and everything that speaks its protocol.

The full document is asked for although it is large: the abbreviated one has no dates. Only what is needed of it is
decoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from analyzers.model.exchange import Addresses, Exchange, Request, Source, base_address, day_of, host_of, refusal
from analyzers.model.facts import Answer, Known, Package, Release, Unknown
from analyzers.model.question import Question
from analyzers.typed import from_json

ADDRESS = "https://registry.npmjs.org"
_LONGEST_NAME = 214
_LONGEST_ADDRESS = 300
_MAX_BYTES = 128 * 1024 * 1024


class _Version(msgspec.Struct, frozen=True, gc=False):
    """Old versions hold anything: `engines` may be a list or a string, `deprecated` a boolean."""

    deprecated: Any = None
    engines: Any = None
    repository: msgspec.Raw = msgspec.Raw()


class _Document(msgspec.Struct, frozen=True, rename="kebab"):
    name: str
    dist_tags: dict[str, str] = {}
    versions: dict[str, _Version] = {}
    time: dict[str, Any] = {}
    repository: Any = None


def look_up(question: Question, addresses: Addresses) -> Exchange:
    """Ask for one package (``lodash``, ``@types/node``); a scope may have a registry of its own."""
    name = question.name
    if not _is_name(name):
        return Unknown("not-found", f"{name[:100]!r} is no name that a registry can have")
    base = base_address(question, _for_scope(name, addresses), ADDRESS)
    host = host_of(base)
    response = yield Request(
        url=f"{base}/{quote(name, safe='@')}",
        headers={"accept": "application/json"},
        credentials=host,
        max_bytes=_MAX_BYTES,
    )
    return refusal(response, host) or _read(response.body, host)


def _for_scope(name: str, addresses: Addresses) -> Addresses:
    """Return the addresses with that of the name's scope (``npm:@types``) in place of the general one."""
    scoped = addresses.get(f"npm:{name.partition('/')[0]}") if name.startswith("@") else None
    return {"npm": scoped} if scoped else addresses


def _is_name(name: str) -> bool:
    scoped = name.startswith("@")
    parts = name[1:].split("/") if scoped else name.split("/")
    return len(name) <= _LONGEST_NAME and len(parts) == 1 + scoped and all(part.strip(". ") for part in parts)


def _read(body: bytes, asked: str) -> Answer:
    try:
        document = from_json(body, _Document)
    except ValueError as error:
        return Unknown("malformed-answer", f"{asked}: {error}")
    releases = tuple(_releases(document))
    newest = document.dist_tags.get("latest")
    deprecated = next((release.deprecated for release in releases if release.version == newest), None)
    return Known(
        Package(
            name=document.name,
            releases=releases,
            status="active" if deprecated is None else "deprecated",
            status_reason=deprecated or _unpublished(document.time),
            newest=newest,
            repository=_address(document.repository) or _address_of(document.versions.get(newest or "")),
        )
    )


def _releases(document: _Document) -> Iterator[Release]:
    for version, said in document.versions.items():
        yield Release(
            version=version,
            published=day_of(document.time.get(version)),
            deprecated=_deprecation(said.deprecated),
            runtime=_node(said.engines),
        )


def _deprecation(said: object) -> str | None:
    """Return the note. An empty one takes a deprecation back, as does False."""
    if said is True:
        return ""
    return said if isinstance(said, str) and said else None


def _address(said: object) -> str | None:
    """Return the repository's address, which stands there as text or under ``url``."""
    address = said.get("url") if isinstance(said, Mapping) else said
    return address if isinstance(address, str) and 0 < len(address) <= _LONGEST_ADDRESS else None


def _address_of(version: _Version | None) -> str | None:
    """Return what one version says of it: mirrors leave it out of the document."""
    try:
        return _address(from_json(version.repository, Any)) if version and version.repository else None
    except ValueError:
        return None


def _node(engines: object) -> str | None:
    constraint = engines.get("node") if isinstance(engines, Mapping) else None
    return constraint if isinstance(constraint, str) and constraint.strip() else None


def _unpublished(time: Mapping[str, object]) -> str:
    """Return what the registry says of a package that was taken back as a whole; it then has no releases."""
    said = time.get("unpublished")
    if not isinstance(said, Mapping):
        return ""
    day = day_of(said.get("time"))
    return f"unpublished on {day}" if day else "unpublished"


SOURCE = Source(
    name="npm",
    title="npm registry",
    value=Package,
    look_up=look_up,
    limits="none published for reading; documents of popular packages are megabytes",
    seen_live=True,
)
