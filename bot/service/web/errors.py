"""What is answered when something is wrong: a page for people, ``application/problem+json`` for programs (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.service.web.model import web_of
from bot.service.web.rendering import page
from bot.service.web.viewer import SignInNeededError

_TOLD: Final[Mapping[int, str]] = {
    400: "The request is not understood.",
    401: "Sign in first.",
    403: "That is not allowed.",
    404: "There is no such page, or you may not see it.",
    405: "That cannot be done here.",
    413: "That is larger than anything that is expected here.",
    415: "That is of a kind that is not expected here.",
    429: "Too many requests came from your address. Wait a little.",
    500: "Something went wrong here. The operator finds the reason in the log.",
    503: "That took too long. Try again in a minute.",
}


def answer(request: Request, error: Exception) -> Response:
    """Return what an error is answered with. It is also Starlette's handler of HTTPException."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if isinstance(error, SignInNeededError) and is_visit(request):
        return RedirectResponse(_way_in(request), 303)
    detail = _detail(error, status)
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if wants_json(request):
        return problem(request, status, detail, headers)
    values = {"title": _phrase(status), "status": status, "detail": detail, "request_id": _request_id(request)}
    made = page(request, "error.html.j2", values, status=status)
    made.headers.update(headers)
    return made


def problem(request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return an error for programs."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": _phrase(status),
        "status": status,
        "detail": detail,
        "request_id": _request_id(request),
    }
    return JSONResponse(content, status, headers, media_type="application/problem+json")


def wants_json(request: Request) -> bool:
    """Whether a program asks."""
    accepted = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or ("json" in accepted and "text/html" not in accepted)


def is_visit(request: Request) -> bool:
    """Whether a person goes to a page or follows a link to the interface, and so can be sent elsewhere and back."""
    mode = request.headers.get("sec-fetch-mode")
    if request.method not in {"GET", "HEAD"} or mode not in {None, "navigate"}:
        return False
    if request.url.path.startswith("/api/"):
        # Browsers that do not say so ask for a page, and programs do not.
        return mode == "navigate" or "text/html" in request.headers.get("accept", "")
    return not wants_json(request)


def _way_in(request: Request) -> str:
    if web_of(request).keyring.now() is None:
        return "/setup"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/-/sign-in?next={quote(request.url.path + query, safe='')}"


def _detail(error: Exception, status: int) -> str:
    given = error.detail if isinstance(error, HTTPException) else ""
    # Starlette fills in the status's own phrase where none was given.
    return given if given and given != _phrase(status) else _TOLD.get(status, "That did not work.")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _request_id(request: Request) -> str:
    return str(request.scope.get("state", {}).get("request_id", ""))
