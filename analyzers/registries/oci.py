"""Container registries (OCI distribution, Docker Registry API version 2): tags, digests, platforms.

Anonymous where the registry allows it; a bearer token is fetched where it asks for one. Credentials go to the
registry's own host, and to Docker Hub's token service, and nowhere else: a registry that names another realm could
otherwise have itself handed a token of a third.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias
from urllib.parse import SplitResult, quote, urlencode, urljoin, urlsplit

import msgspec

from analyzers.errors import FetchError
from analyzers.model.exchange import Addresses, Exchange, Request, Response, Source, base_address, host_of, refusal
from analyzers.model.facts import ImageManifest, ImageTags, Known, Question, Unknown
from analyzers.syntax import challenge
from analyzers.syntax.image_reference import DOCKER_HUB, ImageReference, parse, split_name

_DOCKER_HUB_ADDRESS = "https://registry-1.docker.io"
_DOCKER_HUB_REALM = "auth.docker.io"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
INDEX_TYPES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")
MANIFEST_TYPES = ("application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json")
# All four, or a registry answers 404, or with the digest of a manifest it made up for old clients.
_ACCEPT = ", ".join((*INDEX_TYPES, *MANIFEST_TYPES))
_MAX_PAGES = 100
_MAX_TAGS = 200_000
_MAX_TAG_LENGTH = 128
_PAGE_BYTES = 16 * 1024 * 1024
_MANIFEST_BYTES = 4 * 1024 * 1024
_TOKEN_BYTES = 64 * 1024
_MAX_HEADER = 4096
_HOUR = 60 * 60
_MONTH = 30 * 24 * _HOUR
# Docker Hub gives all tags at once; others cut pages at a thousand whatever is asked.
_PAGE_SIZES = {DOCKER_HUB: 10_000}
_PAGE_SIZE = 1000
_NEXT = re.compile(r'<([^<>]*)>\s*;\s*rel="?next"?')
_NO_HEAD = frozenset({400, 405})
_OK = 200
_UNAUTHORIZED = 401
_CHALLENGE = "www-authenticate"
_DENIED = frozenset({401, 403})
_DEFAULT_PORTS = {"http": 80, "https": 443}
# The first schema had no digest of its own: what an old registry answers with is signed anew each time.
_FIRST_SCHEMA = "application/vnd.docker.distribution.manifest.v1+"
_BASE_NAME, _BASE_DIGEST = "org.opencontainers.image.base.name", "org.opencontainers.image.base.digest"
_CREATED = "org.opencontainers.image.created"
_MAX_BASE_NAME = 512

_Asking: TypeAlias = Generator[Request, Response, Response]


class _TagList(msgspec.Struct, frozen=True):
    tags: list[Any] | None = None


class _Token(msgspec.Struct, frozen=True):
    token: str = ""
    access_token: str = ""


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


@dataclass(slots=True)
class _Registry:
    """One conversation with one registry about one repository. `token` is what it handed out."""

    name: str
    base: str
    repository: str
    token: Mapping[str, str] = field(default_factory=dict)

    def request(self, path: str, *, method: str = "GET", max_bytes: int, fresh_for: int, accept: str = "") -> Request:
        headers = {"accept": accept} if accept else {}
        url = path if "://" in path else f"{self.base}/v2/{quote(self.repository)}/{path}"
        return Request(url=url, method=method, headers=headers, max_bytes=max_bytes, fresh_for=fresh_for)

    def ask(self, request: Request) -> _Asking:
        """Send ``request``, and again with a token or the user's credentials where the registry wants these."""
        named = replace(request, credentials=host_of(self.base))
        if self.token:
            response = yield _with(named, self.token)
            if response.status != _UNAUTHORIZED:
                return response
            # It has run out: tokens live for minutes.
            self.token = {}
        try:
            response = yield request
        except FetchError as error:
            if error.reason != "offline":
                raise
            # What was once answered with credentials is stored under these.
            return (yield named)
        if response.status != _UNAUTHORIZED:
            return response
        wanted = {found.scheme: found for found in reversed(challenge.parse(response.headers.get(_CHALLENGE, "")))}
        token_request = self._token_request(wanted["bearer"].parameters) if "bearer" in wanted else None
        if token_request is None:
            return (yield named) if "basic" in wanted else response
        self.token = yield from _token(token_request)
        return (yield _with(named, self.token)) if self.token else response

    def _token_request(self, parameters: Mapping[str, str]) -> Request | None:
        """Return the request for the token that a ``Bearer`` challenge describes; None for an unsafe one."""
        realm = parameters.get("realm", "")
        if not self._is_trusted(realm):
            return None
        scope = parameters.get("scope") or f"repository:{self.repository}:pull"
        query = {"service": parameters.get("service", ""), "scope": scope}
        joint = "&" if urlsplit(realm).query else "?"
        own = host_of(realm) == host_of(self.base) or (
            self.name == DOCKER_HUB and self.base == _DOCKER_HUB_ADDRESS and host_of(realm) == _DOCKER_HUB_REALM
        )
        return Request(
            url=f"{realm}{joint}{urlencode({name: value for name, value in query.items() if value})}",
            credentials=host_of(realm) if own else "",
            max_bytes=_TOKEN_BYTES,
            cacheable=False,
            refreshes=own,
        )

    def _is_trusted(self, realm: str) -> bool:
        """Over TLS any realm may be asked without credentials; in the clear, only one beside the registry."""
        try:
            parts, base = urlsplit(realm), urlsplit(self.base)
        except ValueError:
            return False
        if parts.scheme == "https":
            return bool(parts.hostname)
        beside = parts.hostname == base.hostname or {parts.hostname, base.hostname} <= _LOOPBACK
        return parts.scheme == "http" and base.scheme == "http" and beside


_Tokens: TypeAlias = Generator[Request, Response, Mapping[str, str]]


def _token(request: Request) -> _Tokens:
    """Fetch a token. Where the user's login is refused, as an old one is, the public may still read."""
    answer = yield request
    if answer.status in _DENIED and request.credentials:
        answer = yield replace(request, credentials="", refreshes=False)
    return _authorization(answer)


def _with(request: Request, headers: Mapping[str, str]) -> Request:
    return replace(request, headers={**request.headers, **headers})


def _authorization(answer: Response) -> Mapping[str, str]:
    """Return the header that carries the token, nothing where the answer holds none."""
    try:
        document = msgspec.json.decode(answer.body, type=_Token)
    except ValueError:
        return {}
    token = document.token or document.access_token
    is_safe = answer.status == _OK and token.isascii() and token.isprintable()
    return {"authorization": f"Bearer {token}"} if token and is_safe else {}


def _open(question: Question, reference: ImageReference, addresses: Addresses) -> _Registry:
    registry, repository = split_name(reference.name)
    default = _DOCKER_HUB_ADDRESS if registry == DOCKER_HUB else f"{_scheme(registry)}://{registry}"
    base = base_address(question, addresses, addresses.get(f"oci:{registry}") or default)
    return _Registry(registry, base, repository)


def _scheme(registry: str) -> str:
    """Registries of this machine speak in the clear, as Docker holds it."""
    return "http" if registry.rpartition(":")[0].strip("[]") in _LOOPBACK or registry in _LOOPBACK else "https"


def look_up_tags(question: Question, addresses: Addresses) -> Exchange:
    """Ask for all tags of one repository (``docker.io/library/node``)."""
    reference = parse(question.name)
    if reference is None:
        return Unknown("not-found", f"{question.name[:100]!r} is no name that a registry can have")
    registry = _open(question, reference, addresses)
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
            page = msgspec.json.decode(response.body, type=_TagList)
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
    if refused is None or response.status not in _DENIED:
        return refused
    logins = "of Docker's config.json the logins that stand in it are used, and no credential helper is run"
    return replace(refused, detail=f"{refused.detail}; {logins}")


def _tags(page: _TagList) -> Iterator[str]:
    for tag in page.tags or ():
        if isinstance(tag, str) and 0 < len(tag) <= _MAX_TAG_LENGTH:
            yield tag


def _next_page(registry: _Registry, response: Response) -> str | None:
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
    registry = _open(question, reference, addresses)
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


def _described(registry: _Registry, bare: ImageManifest, body: bytes | None) -> _Described:
    """Return the manifest with its platforms, its base, and when its only image was made. Never raises FetchError."""
    try:
        if body is None:
            request = registry.request(
                f"manifests/{bare.digest}", max_bytes=_MANIFEST_BYTES, fresh_for=_MONTH, accept=_ACCEPT
            )
            body = (yield from registry.ask(request)).body
        manifest = msgspec.json.decode(body, type=_Manifest)
        known = _annotated(bare, manifest.annotations)
        if manifest.manifests is not None:
            return _of_index(known, manifest.manifests)
        if manifest.config is None or not _is_digest(manifest.config.digest):
            return known
        blob = registry.request(f"blobs/{manifest.config.digest}", max_bytes=_MANIFEST_BYTES, fresh_for=_MONTH)
        config = msgspec.json.decode((yield from registry.ask(blob)).body, type=_Config)
    except (FetchError, ValueError):
        return bare
    if not known.base_name:
        known = _annotated(known, config.config.labels if config.config else None)
    platforms = tuple(filter(None, [config.platform]))
    return replace(known, platforms=platforms, created=_day(config.created) or known.created)


def _annotated(manifest: ImageManifest, annotations: Mapping[str, Any] | None) -> ImageManifest:
    """Return the manifest with what its annotations, or labels, say of its base and of its day."""
    told = {name: text for name, text in (annotations or {}).items() if isinstance(text, str)}
    base = parse(told.get(_BASE_NAME, "")[:_MAX_BASE_NAME])
    digest = told.get(_BASE_DIGEST, "")
    return replace(
        manifest,
        base_name=told[_BASE_NAME] if base else manifest.base_name,
        base_digest=digest if _is_digest(digest) else manifest.base_digest,
        created=_day(told.get(_CREATED, "")) or manifest.created,
    )


def _of_index(bare: ImageManifest, entries: list[_Entry]) -> ImageManifest:
    """Return the manifest with what an index lists; attestations stand in it as platform ``unknown``."""
    named = {entry.platform.platform for entry in entries if entry.platform}
    platforms = tuple(sorted(name for name in named if name and not name.startswith("unknown")))
    members = tuple(entry.digest for entry in entries if _is_digest(entry.digest))
    return replace(bare, platforms=platforms, members=members)


def _day(moment: str) -> date | None:
    try:
        return date.fromisoformat(moment[:10])
    except ValueError:
        return None


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
