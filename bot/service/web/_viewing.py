"""Middleware that finds out who asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.service import sign_ins
from bot.service.sign_ins import SignIn
from bot.service.web import cookies
from bot.service.web._policy import SAFE, policy_of
from bot.service.web.csrf import token_for
from bot.service.web.errors import is_visit
from bot.service.web.model import Web
from bot.service.web.viewer import SignInNeededError, Viewer

FRESH: Final = timedelta(minutes=10)
"""After this, nothing is shown by what GitHub showed: the next visit has it asked anew."""
USABLE: Final = timedelta(hours=1)
"""After this, what GitHub showed counts for nothing any more, not for forms either."""


class Viewing:
    """Middleware: sets `viewer` of the request's state, None for somebody who did not sign in.

    No token is kept, so GitHub can be asked what a person may see only while that person is there: a visit that comes
    later than `FRESH` goes through GitHub, which sends it straight back. Whatever else reads then is nobody's: its
    state has `is_stale`.
    """

    def __init__(self, app: ASGIApp, web: Web) -> None:
        self._app = app
        self._web = web

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["state"]["viewer"] = None
            if policy_of(scope["path"]).has_viewer:
                await self._look(scope)
        await self._app(scope, receive, send)

    async def _look(self, scope: Scope) -> None:
        cookie = cookies.read(HTTPConnection(scope), cookies.SIGN_IN)
        found = await run_in_threadpool(sign_ins.find, self._web.services, cookie) if cookie else None
        if found is None:
            return
        age = self._web.services.now() - found.seen_at
        if age > FRESH and _reads(scope):
            if is_visit(Request(scope)):
                raise SignInNeededError
            scope["state"]["is_stale"] = True
        elif age <= USABLE:
            scope["state"] |= {"viewer": self._viewer(found, found.repositories), "sign_in": found.id}
        elif policy_of(scope["path"]).takes_old:
            scope["state"] |= {"viewer": self._viewer(found, frozenset()), "sign_in": found.id}

    def _viewer(self, found: SignIn, repositories: frozenset[int]) -> Viewer:
        return Viewer(
            user_id=found.user_id,
            login=found.login,
            repositories=repositories,
            csrf=token_for(self._web.keyring, found.id),
            seen_at=found.seen_at,
        )


def _reads(scope: Scope) -> bool:
    """Whether what is asked for may be something that not everybody sees."""
    return scope["method"] in SAFE and not scope["path"].startswith("/-/")
