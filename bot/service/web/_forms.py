"""Middleware that checks what is sent to us before its route is looked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.service.web._policy import SAFE, policy_of
from bot.service.web.csrf import FIELD, is_token
from bot.service.web.model import Web
from bot.service.web.viewer import viewer_of

_LARGEST: Final = 64 * 1024
_MOST_FIELDS: Final = 50


class Forms:
    """Middleware: every request that may change something is checked before its route is looked for.

    The webhook is none of its business: GitHub signs it.
    """

    def __init__(self, app: ASGIApp, web: Web) -> None:
        self._app = app
        self._web = web

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE:
            await self._app(scope, receive, send)
            return
        proof = policy_of(scope["path"]).proof
        if proof == "signature":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        self._check_origin(request.headers)
        body = await _body(request)
        form = _fields(request.headers, body)
        if proof == "token":
            self._check_token(request, form.get(FIELD, ""))
        scope["state"]["form"] = form
        await self._app(scope, _replaying(body), send)

    def _check_origin(self, headers: Headers) -> None:
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        # Browsers that say where a request comes from compare the addresses that were really asked; for the others
        # it is the address that people are told to use.
        is_ours = site in {"same-origin", "none"} if site else origin in {None, self._web.url}
        if not is_ours:
            raise HTTPException(403, "That form was sent by another site's page.")

    def _check_token(self, request: Request, token: str) -> None:
        if viewer_of(request) is None:
            raise HTTPException(403, "You are not signed in any more. Sign in, and do it again.")
        if not is_token(self._web.keyring, request.scope["state"]["sign_in"], token):
            raise HTTPException(403, "That form is not of your own session. Load its page again, and do it again.")


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST:
            raise HTTPException(413)
    return bytes(body)


def _fields(headers: Headers, body: bytes) -> Mapping[str, str]:
    if body and headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise HTTPException(400) from None


def _replaying(body: bytes) -> Receive:
    is_read = False

    async def receive() -> Message:
        nonlocal is_read
        if is_read:
            return {"type": "http.disconnect"}
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
