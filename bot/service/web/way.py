"""The way of one browser through a page of GitHub's and back: bound to this browser by a cookie, taken once.

Each way has a cookie of its own, so that several tabs can go through GitHub at the same time.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from secrets import token_urlsafe
from typing import Final, Literal

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.service.web import cookies
from bot.service.web.model import Web
from bot.service.web.sealed import Kept, seal, unseal

Purpose = Literal["sign-in", "setup"]
_MOST: Final = 8
_NAMED_BY: Final = 12
_LONGEST_STATE: Final = 100
_STALE: Final = "This sign-in took too long, was done already, or was begun in another browser. Begin it again."


class Way(Kept, frozen=True, kw_only=True):
    """`state` goes through GitHub, `verifier` stays in the browser (PKCE), `goal` is our page to go to afterwards."""

    state: str
    verifier: str
    goal: str


def begin(web: Web, *, goal: str, lasts: timedelta) -> Way:
    """Return a new way."""
    until = web.services.now() + lasts
    return Way(state=token_urlsafe(32), verifier=token_urlsafe(48), goal=goal, until=until)


def keep(request: Request, web: Web, response: Response, purpose: Purpose, way: Way) -> None:
    """Let the browser keep a way. Of those that were never ended, only the newest are kept."""
    for name in cookies.names(request, f"{cookies.SIGN_IN}-{purpose}-")[: 1 - _MOST]:
        cookies.forget(web, response, name)
    seconds = int((way.until - web.services.now()).total_seconds())
    cookies.write(web, response, _cookie(purpose, way.state), seal(web.keyring, purpose, way), seconds)


def end(request: Request, web: Web, purpose: Purpose) -> Way:
    """Return the way whose state GitHub sent back, once. Raises HTTPException."""
    state = request.query_params.get("state", "")
    text = cookies.read(request, _cookie(purpose, state)) if 0 < len(state) <= _LONGEST_STATE else ""
    found = unseal(web.keyring, purpose, text, Way, web.services.now())
    if found is None or not hmac.compare_digest(found.state.encode(), state.encode()) or not web.once.take(state):
        raise HTTPException(403, _STALE)
    return found


def forget(web: Web, response: Response, purpose: Purpose, way: Way) -> None:
    """Take the cookie back."""
    cookies.forget(web, response, _cookie(purpose, way.state))


def _cookie(purpose: Purpose, state: str) -> str:
    return f"{cookies.SIGN_IN}-{purpose}-{state[:_NAMED_BY]}"
