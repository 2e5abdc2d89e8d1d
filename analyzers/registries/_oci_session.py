"""A conversation with a container registry about one repository: where it is, and what it wants before it answers.

Anonymous where the registry allows it; a bearer token is fetched where it asks for one. Credentials go to the
registry's own host, and to Docker Hub's token service, and nowhere else: a registry that names another realm could
otherwise have itself handed a token of a third.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from analyzers.errors import FetchError
from analyzers.model.exchange import Addresses, Request, Response, base_address, host_of
from analyzers.model.question import Question
from analyzers.syntax import challenge
from analyzers.syntax.image_reference import DOCKER_HUB, ImageReference, split_name
from analyzers.typed import from_json

_DOCKER_HUB_ADDRESS: Final = "https://registry-1.docker.io"
_DOCKER_HUB_REALM: Final = "auth.docker.io"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_TOKEN_BYTES: Final = 64 * 1024
_CHALLENGE: Final = "www-authenticate"
_OK: Final = 200
_UNAUTHORIZED: Final = 401
DENIED: Final = frozenset({401, 403})

_Asking: TypeAlias = Generator[Request, Response, Response]


class _Token(msgspec.Struct, frozen=True):
    token: str = ""
    access_token: str = ""


@dataclass(slots=True)
class Registry:
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
    if answer.status in DENIED and request.credentials:
        answer = yield replace(request, credentials="", refreshes=False)
    return _authorization(answer)


def _with(request: Request, headers: Mapping[str, str]) -> Request:
    return replace(request, headers={**request.headers, **headers})


def _authorization(answer: Response) -> Mapping[str, str]:
    """Return the header that carries the token, nothing where the answer holds none."""
    try:
        document = from_json(answer.body, _Token)
    except ValueError:
        return {}
    token = document.token or document.access_token
    is_safe = answer.status == _OK and token.isascii() and token.isprintable()
    return {"authorization": f"Bearer {token}"} if token and is_safe else {}


def open_registry(question: Question, reference: ImageReference, addresses: Addresses) -> Registry:
    registry, repository = split_name(reference.name)
    default = _DOCKER_HUB_ADDRESS if registry == DOCKER_HUB else f"{_scheme(registry)}://{registry}"
    base = base_address(question, addresses, addresses.get(f"oci:{registry}") or default)
    return Registry(registry, base, repository)


def _scheme(registry: str) -> str:
    """Registries of this machine speak in the clear, as Docker holds it."""
    return "http" if registry.rpartition(":")[0].strip("[]") in _LOOPBACK or registry in _LOOPBACK else "https"
