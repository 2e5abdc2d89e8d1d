"""What every answer says to browsers: nothing but our own files may run, be framed, be guessed or be kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.service.web.model import Web
from bot.service.web.rendering import FORMS_TO

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    # With ``no-referrer``, browsers would send forms with the origin "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
    # For browsers that know nothing of frame-ancestors.
    "X-Frame-Options": "DENY",
}
# What a route may say otherwise.
_ELSE: Final = {"Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin"}
_YEAR: Final = "max-age=31536000"


def content_policy(forms_to: Iterable[str] = ()) -> str:
    """Return the Content-Security-Policy; ``forms_to`` are origins beside our own that forms may be sent to."""
    targets = " ".join(("'self'", *forms_to))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        f"form-action {targets}; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    )


class SecurityHeaders:
    """Middleware."""

    def __init__(self, app: ASGIApp, web: Web) -> None:
        self._app = app
        self._always = {**_ALWAYS, **({"Strict-Transport-Security": _YEAR} if web.is_https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._always.items():
                    headers[name] = value
                for name, value in _ELSE.items():
                    headers.setdefault(name, value)
                headers["Content-Security-Policy"] = content_policy(scope.get("state", {}).get(FORMS_TO, ()))
            await send(message)

        await self._app(scope, receive, guarded)
