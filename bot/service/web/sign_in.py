"""Signing in through GitHub, and out. Nothing of GitHub's is kept but who it is and what this person may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.github import oauth
from bot.github.errors import ForbiddenError, HostError
from bot.service import sign_ins
from bot.service.reading import repositories
from bot.service.secrets import Secrets
from bot.service.web import cookies, way
from bot.service.web.model import Web, web_of
from bot.service.web.way import Way

_LASTS: Final = timedelta(minutes=10)
_LONGEST: Final = 2000
_BACK: Final = "/-/signed-in"
_LOG: Final = structlog.get_logger(__name__)


def _begin(request: Request) -> Response:
    """Send the browser to GitHub."""
    web = web_of(request)
    secrets = _secrets(web)
    begun = way.begin(web, goal=local(request.query_params.get("next", "")), lasts=_LASTS)
    challenge = oauth.challenge_of(begun.verifier)
    there = oauth.authorize_url(web.github.address, secrets.client_id, web.url + _BACK, begun.state, challenge)
    response = RedirectResponse(there, 303)
    way.keep(request, web, response, "sign-in", begun)
    return response


def local(goal: str) -> str:
    """Return a path of ours that somebody asks to be sent to; ``/`` for all that could lead elsewhere."""
    # Browsers take a backslash for a slash, and leave out tabs and line ends.
    is_plain = goal.isascii() and goal.isprintable() and "\\" not in goal and len(goal) <= _LONGEST
    if not is_plain or not goal.startswith("/") or goal.startswith(("//", "/-/")):
        return "/"
    parts = urlsplit(goal)
    return goal if not parts.scheme and not parts.netloc else "/"


async def _end(request: Request) -> Response:
    """Take the browser back from GitHub."""
    web = web_of(request)
    found = way.end(request, web, "sign-in")
    if "error" in request.query_params:
        raise HTTPException(403, "GitHub was not allowed to say who you are, so you are not signed in.")
    before = cookies.read(request, cookies.SIGN_IN)
    value = await web.asking_github(_signed_in, web, found, request.query_params.get("code", ""), before)
    response = RedirectResponse(found.goal, 303)
    way.forget(web, response, "sign-in", found)
    hours = web.services.settings.file.retention.sign_ins_hours
    cookies.write(web, response, cookies.SIGN_IN, value, hours * 3600)
    return response


def _signed_in(web: Web, found: Way, code: str, before: str) -> str:
    """Return the value of the cookie that is to stand for the person whom GitHub names."""
    secrets = _secrets(web)
    with web.services.engine.connect() as connection:
        there = repositories.installations(connection)
    try:
        token = oauth.exchange(
            web.github.address,
            secrets.client_id,
            secrets.client_secret,
            code,
            found.verifier,
            web.url + _BACK,
            web.patient,
        )
        person = oauth.person(token)
        seen = oauth.visible_repositories(token, there)
    except HostError as error:
        raise _told(error) from error
    if before and sign_ins.renew(web.services, before, person.id, person.login, seen):
        return before
    # A cookie that was there before stands for nobody new: whoever planted it does not share what begins now.
    sign_ins.close(web.services, before)
    return sign_ins.open_for(web.services, person.id, person.login, seen)


def _told(error: HostError) -> HTTPException:
    _LOG.warning("a sign-in failed", reason=str(error))
    if isinstance(error, ForbiddenError):
        return HTTPException(403, "GitHub did not take the sign-in. Begin it again, or tell the operator.")
    return HTTPException(503, "GitHub does not answer as it should. Try again in a minute.")


def _secrets(web: Web) -> Secrets:
    found = web.keyring.now()
    if found is None:
        raise HTTPException(404)
    return found


def _out(request: Request) -> Response:
    web = web_of(request)
    sign_ins.close(web.services, cookies.read(request, cookies.SIGN_IN))
    response = RedirectResponse("/", 303)
    cookies.forget(web, response, cookies.SIGN_IN)
    return response


ROUTES: Final[Sequence[BaseRoute]] = (
    Route("/-/sign-in", _begin),
    Route(_BACK, _end),
    Route("/-/sign-out", _out, methods=["POST"]),
)
