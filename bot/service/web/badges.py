"""The grade of a repository as a picture for its README: of a private one only by an address with its key."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot import badge
from bot.service.reading import repositories
from bot.service.reading.repositories import Listed
from bot.service.secrets import Keyring
from bot.service.web._etags import answered
from bot.service.web._links import to_badge, to_repository, with_query
from bot.service.web._names import REPOSITORY
from bot.service.web.model import Web, web_of

_HEADERS: Final = {
    # Proxies that show pictures in READMEs keep them far too long unless they are told how long.
    "Cache-Control": "max-age=300",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A repository's badge: its address with its key, what it says, and how a README in Markdown holds it."""

    path: str
    says: str
    markdown: str


def badge_of(web: Web, listed: Listed) -> Badge:
    """Return the badge of a repository, for somebody who may see it."""
    key = _key(web.keyring, listed.id) if listed.private else None
    path = with_query(to_badge(listed.name), {"key": key})
    return Badge(
        path,
        badge.said(listed.grade, listed.score),
        f"[![technical debt]({web.url}{path})]({web.url}{to_repository(listed.name)})",
    )


def _badge(request: Request) -> Response:
    web = web_of(request)
    name = f"{request.path_params['org']}/{request.path_params['repo']}"
    with web.services.engine.connect() as connection:
        found = repositories.any_repository(connection, name)
    key = request.query_params.get("key", "")
    if found is None or not (_is_key(web.keyring, found.id, key) or not found.private):
        raise HTTPException(404)
    picture = badge.svg_of(found.grade, found.score).encode()
    return answered(request, picture, "image/svg+xml", _HEADERS)


def _key(keyring: Keyring, repository: int) -> str:
    return keyring.seal("badge", str(repository).encode()).hex()[:32]


def _is_key(keyring: Keyring, repository: int, key: str) -> bool:
    return hmac.compare_digest(_key(keyring, repository).encode(), key.encode(errors="replace"))


ROUTES: Final[Sequence[BaseRoute]] = (Route(f"/badge{REPOSITORY}.svg", _badge),)
