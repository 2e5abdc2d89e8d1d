"""Our cookies: for this host alone, out of reach of scripts, not sent along by other sites but for visits."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from bot.service.web.model import Web, web_of

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
SIGN_IN = "debtscan"
"""Holds what a sign-in is found by."""


def read(connection: HTTPConnection, name: str) -> str:
    """Return a cookie's value, "" where it did not come."""
    return connection.cookies.get(_full(web_of(connection), name), "")


def names(connection: HTTPConnection, prefix: str) -> list[str]:
    """Return the names of our cookies that came and begin so, as browsers send them: the oldest first."""
    before = _full(web_of(connection), "")
    found = [name.removeprefix(before) for name in connection.cookies if name.startswith(before + prefix)]
    # Others can write any name there, also one that no answer can hold.
    return [name for name in found if _NAME.fullmatch(name)]


def write(web: Web, response: Response, name: str, value: str, seconds: int) -> None:
    """Give the browser a cookie for so long."""
    response.set_cookie(
        _full(web, name), value, max_age=seconds, path="/", secure=web.is_https, httponly=True, samesite="lax"
    )


def forget(web: Web, response: Response, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(_full(web, name), path="/", secure=web.is_https, httponly=True, samesite="lax")


def _full(web: Web, name: str) -> str:
    # Browsers take the prefix over TLS alone; it binds the cookie to this very host.
    return f"__Host-{name}" if web.is_https else name
