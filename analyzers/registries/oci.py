"""Container registries (OCI distribution, Docker Registry API version 2): tags, digests, platforms."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import msgspec

from analyzers.errors import FetchError
from analyzers.model.exchange import Addresses, Exchange, Request, Response, Source, day_of, refusal
from analyzers.model.facts import ImageManifest, ImageTags, Known, Unknown
from analyzers.model.question import Question
from analyzers.registries._oci_session import DENIED, Registry, open_registry
from analyzers.syntax.image_reference import DOCKER_HUB, parse
from analyzers.typed import from_json

INDEX_TYPES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")
MANIFEST_TYPES = ("application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json")
# All four, or a registry answers 404, or with the digest of a manifest it made up for old clients.
_ACCEPT = ", ".join((*INDEX_TYPES, *MANIFEST_TYPES))
_MAX_PAGES = 100
_MAX_TAGS = 200_000
_MAX_TAG_LENGTH = 128
_PAGE_BYTES = 16 * 1024 * 1024
_MANIFEST_BYTES = 4 * 1024 * 1024
_MAX_HEADER = 4096
_HOUR = 60 * 60
_MONTH = 30 * 24 * _HOUR
# Docker Hub gives all tags at once; others cut pages at a thousand whatever is asked.
_PAGE_SIZES = {DOCKER_HUB: 10_000}
_PAGE_SIZE = 1000
_NEXT = re.compile(r'<([^<>]*)>\s*;\s*rel="?next"?')
_NO_HEAD = frozenset({400, 405})
_OK = 200
_DEFAULT_PORTS = {"http": 80, "https": 443}
# The first schema had no digest of its own: what an old registry answers with is signed anew each time.
_FIRST_SCHEMA = "application/vnd.docker.distribution.manifest.v1+"
_BASE_NAME, _BASE_DIGEST = "org.opencontainers.image.base.name", "org.opencontainers.image.base.digest"
_CREATED = "org.opencontainers.image.created"
_MAX_BASE_NAME = 512


class _TagList(msgspec.Struct, frozen=True):
    tags: list[Any] | None = None


class _Platform(msgspec.Struct, frozen=True):
    os: str = ""
    architecture: str = ""
    variant: str = ""

    @property
    def platform(self) -> str:
        """The platform as people write it; ``""`` where nothing is said."""
        # arm64 has one variant in use, which most write without.
        variant = "" if (self.architecture, self.variant) == ("arm64", "v8") else self.variant
        return "/".join(part for part in (self.os, self.architecture, variant) if part)


class _Entry(msgspec.Struct, frozen=True):
    digest: str = ""
    platform: _Platform | None = None
    annotations: dict[str, Any] | None = None


class _Descriptor(msgspec.Struct, frozen=True):
    digest: str = ""


class _Manifest(msgspec.Struct, frozen=True):
    """An index (`manifests`) or the manifest of one platform (`config`)."""

    manifests: list[_Entry] | None = None
    config: _Descriptor | None = None
    annotations: dict[str, Any] | None = None


class _Settings(msgspec.Struct, frozen=True):
    labels: dict[str, Any] | None = msgspec.field(name="Labels", default=None)


class _Config(_Platform, frozen=True):
    created: str = ""
    config: _Settings | None = None


def look_up_tags(question: Question, addresses: Addresses) -> Exchange:
    """Ask for all tags of one repository (``docker.io/library/node``)."""
    reference = parse(question.name)
    if reference is None:
        return Unknown("not-found", f"{question.name[:100]!r} is no name that a registry can have")
    registry = open_registry(question, reference, addresses)
    path = f"tags/list?n={_PAGE_SIZES.get(registry.name, _PAGE_SIZE)}"
    tags: dict[str, None] = {}
    asked: set[str] = set()
    while path:
        if len(asked) >= _MAX_PAGES or path in asked or len(tags) > _MAX_TAGS:
            return Unknown("too-large", f"{registry.name} lists more tags of {reference.name} than can be read")
        asked.add(path)
        response = yield from registry.ask(registry.request(path, max_bytes=_PAGE_BYTES, fresh_for=_HOUR))
        refused = _refusal(response, registry.name)
        if refused:
            return refused
        try:
            page = from_json(response.body, _TagList)
        except ValueError as error:
            return Unknown("malformed-answer", f"{registry.name}: {error}"[:300])
        tags.update(dict.fromkeys(_tags(page)))
        following = _next_page(registry, response)
        if following is None:
            return Unknown("refused", f"{registry.name} continues its tags at another host, which is not asked")
        path = following
    return Known(ImageTags(question.name, tuple(tags)))


def _refusal(response: Response, asked: str) -> Unknown | None:
    """Return why an answer is none, and which logins would have been used."""
    refused = refusal(response, asked)
    if refused is None or response.status not in DENIED:
        return refused
    logins = "of Docker's config.json the logins that stand in it are used, and no credential helper is run"
    return replace(refused, detail=f"{refused.detail}; {logins}")


def _tags(page: _TagList) -> Iterator[str]:
    for tag in page.tags or ():
        if isinstance(tag, str) and 0 < len(tag) <= _MAX_TAG_LENGTH:
            yield tag


def _next_page(registry: Registry, response: Response) -> str | None:
    """Return the path of the next page, ``""`` after the last, None where it leads to another host.

    Only the query is taken: a registry behind a proxy, or one that another redirects to, says another path.
    """
    found = _NEXT.search(response.headers.get("link", "")[:_MAX_HEADER])
    if not found:
        return ""
    try:
        target = urlsplit(urljoin(f"{registry.base}/v2/{quote(registry.repository)}/tags/list", found.group(1)))
        is_own = _place(target) == _place(urlsplit(registry.base)) and target.path.endswith("/tags/list")
    except ValueError:
        return None
    return f"tags/list?{target.query}" if is_own and target.query else None


def _place(address: SplitResult) -> tuple[str | None, int | None]:
    """Return host and port; one that is not written is that of the scheme. Raises ValueError for no port."""
    return address.hostname, address.port or _DEFAULT_PORTS.get(address.scheme)


def look_up_manifest(question: Question, addresses: Addresses) -> Exchange:
    """Ask what one tag or digest (``docker.io/library/node:18-alpine``) points at, and for which platforms.

    The digest comes from a HEAD request, which registries do not count; platforms cost one or two GETs, and are left
    empty where these fail.
    """
    reference = parse(question.name)
    pointer = reference and (reference.digest or reference.tag)
    if reference is None or not pointer:
        return Unknown("not-found", f"{question.name[:100]!r} names no tag of an image")
    registry = open_registry(question, reference, addresses)
    request = registry.request(
        f"manifests/{pointer}", method="HEAD", max_bytes=_MANIFEST_BYTES, fresh_for=_HOUR, accept=_ACCEPT
    )
    response = yield from registry.ask(request)
    digest = _digest(response)
    body: bytes | None = None
    if response.status in _NO_HEAD or (response.status == _OK and not digest):
        response = yield from registry.ask(replace(request, method="GET"))
        body = response.body
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
    refused = _refusal(response, registry.name)
    if refused:
        return refused
    if response.headers.get("content-type", "").startswith(_FIRST_SCHEMA):
        return Unknown("malformed-answer", f"{registry.name} has only a manifest of the first schema, without digest")
    bare = ImageManifest(question.name, digest)
    return Known((yield from _described(registry, bare, body)))


def _digest(response: Response) -> str:
    digest = response.headers.get("docker-content-digest", "")
    return digest if response.status == _OK and _is_digest(digest) else ""


def _is_digest(text: str) -> bool:
    return parse(f"x@{text}") is not None


_Described: TypeAlias = Generator[Request, Response, ImageManifest]


def _described(registry: Registry, bare: ImageManifest, body: bytes | None) -> _Described:
    """Return the manifest with its platforms, its base, and when its only image was made. Never raises FetchError."""
    try:
        if body is None:
            request = registry.request(
                f"manifests/{bare.digest}", max_bytes=_MANIFEST_BYTES, fresh_for=_MONTH, accept=_ACCEPT
            )
            body = (yield from registry.ask(request)).body
        manifest = from_json(body, _Manifest)
        known = _annotated(bare, manifest.annotations)
        if manifest.manifests is not None:
            return _of_index(known, manifest.manifests)
        if manifest.config is None or not _is_digest(manifest.config.digest):
            return known
        blob = registry.request(f"blobs/{manifest.config.digest}", max_bytes=_MANIFEST_BYTES, fresh_for=_MONTH)
        config = from_json((yield from registry.ask(blob)).body, _Config)
    except (FetchError, ValueError):
        return bare
    if not known.base_name:
        known = _annotated(known, config.config.labels if config.config else None)
    platforms = tuple(filter(None, [config.platform]))
    return replace(known, platforms=platforms, created=day_of(config.created) or known.created)


def _annotated(manifest: ImageManifest, annotations: Mapping[str, Any] | None) -> ImageManifest:
    """Return the manifest with what its annotations, or labels, say of its base and of its day."""
    told = {name: text for name, text in (annotations or {}).items() if isinstance(text, str)}
    base = parse(told.get(_BASE_NAME, "")[:_MAX_BASE_NAME])
    digest = told.get(_BASE_DIGEST, "")
    return replace(
        manifest,
        base_name=told[_BASE_NAME] if base else manifest.base_name,
        base_digest=digest if _is_digest(digest) else manifest.base_digest,
        created=day_of(told.get(_CREATED, "")) or manifest.created,
    )


def _of_index(bare: ImageManifest, entries: list[_Entry]) -> ImageManifest:
    """Return the manifest with what an index lists; attestations stand in it as platform ``unknown``."""
    named = {entry.platform.platform for entry in entries if entry.platform}
    platforms = tuple(sorted(name for name in named if name and not name.startswith("unknown")))
    members = tuple(entry.digest for entry in entries if _is_digest(entry.digest))
    known = replace(bare, platforms=platforms, members=members)
    # Docker's official images say beside each entry what that platform was built on; the first stands for all.
    told = next((entry.annotations for entry in entries if _BASE_NAME in (entry.annotations or {})), None)
    return known if known.base_name else _annotated(known, told)


SOURCES = (
    Source(
        name="oci-tags",
        title="container registries, tags",
        value=ImageTags,
        look_up=look_up_tags,
        limits="anonymous; tag lists are not counted by Docker Hub",
    ),
    Source(
        name="oci-manifest",
        title="container registries, manifests",
        value=ImageManifest,
        look_up=look_up_manifest,
        limits="anonymous; Docker Hub counts one manifest an image towards 100 in six hours",
    ),
)
