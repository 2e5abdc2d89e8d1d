"""The one-time setup: a form, a manifest that GitHub makes an App of, and the secrets that come back for it.

It is there only while no App is registered, and only for whoever has the code that ``debtscan serve`` printed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from analyzers.errors import ConfigError
from bot.github.app_objects import AppInfo
from bot.github.errors import HostError
from bot.github.manifest import new_app_url
from bot.service import permissions
from bot.service.asking import ask_for_all
from bot.service.registering import install_url, register
from bot.service.web import cookies, way
from bot.service.web.csrf import form_of
from bot.service.web.model import Web, web_of
from bot.service.web.rendering import page
from bot.service.web.sealed import Kept, seal, unseal

_LASTS: Final = timedelta(hours=1)
"""GitHub's own code is good for as long."""
_DONE: Final = "debtscan-setup-done"
_NEXT: Final = "/-/setup-done"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,33}")
_OWNER: Final = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9_-]{0,99})?")
_LOG: Final = structlog.get_logger(__name__)


class Done(Kept, frozen=True, kw_only=True):
    """What the last page tells of the App that was made."""

    slug: str
    install: str


def _form(request: Request) -> Response:
    return _shown(request, {}, {})


def _shown(request: Request, given: Mapping[str, str], wrong: Mapping[str, str]) -> Response:
    web = web_of(request)
    values = {
        "title": "Register the GitHub App",
        "given": given,
        "wrong": wrong,
        "is_over": web.attempts.are_over,
        "is_unreachable": web.github.address.is_public and _is_private(web.url),
        "url": web.url,
    }
    return page(request, "setup.html.j2", values, status=422 if wrong else 200)


def _ask(request: Request) -> Response:
    """Check what was filled in, and show what the App will ask for, with a button that leads to GitHub."""
    web = web_of(request)
    given = {name: value.strip() for name, value in form_of(request).items()}
    wrong = _wrong(web, given)
    if wrong:
        return _shown(request, {**given, "code": ""}, wrong)
    begun = way.begin(web, goal=_NEXT, lasts=_LASTS)
    values = {
        "title": "Make the GitHub App",
        "action": new_app_url(web.github.address, begun.state, given.get("organization", "")),
        "manifest": json.dumps(permissions.manifest(given["name"], web.url)),
        "name": given["name"],
        "owner": given.get("organization", ""),
        "permissions": permissions.PERMISSIONS,
    }
    there = urlsplit(web.github.address.web)
    response = page(request, "setup_manifest.html.j2", values, forms_to=(f"{there.scheme}://{there.netloc}",))
    way.keep(request, web, response, "setup", begun)
    return response


def _wrong(web: Web, given: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with a filled form, by field."""
    if not web.attempts.is_right(given.get("code", ""), web.setup_code):
        _LOG.warning("a wrong setup code was given", wrong=web.attempts.wrong)
        return {"code": "This is not the code that debtscan serve printed when it was started last."}
    wrong = {}
    if not _NAME.fullmatch(given.get("name", "")):
        wrong["name"] = "Write letters, digits, blanks and hyphens, 34 at most."
    if not _OWNER.fullmatch(given.get("organization", "")):
        wrong["organization"] = "Write the organisation's name as it stands in its address on GitHub."
    try:
        web.keyring.try_writing()
    except ConfigError as error:
        wrong["code"] = str(error)
    return wrong


async def _take_over(request: Request) -> Response:
    """Take the browser back from GitHub, with a code for the new App's secrets."""
    web = web_of(request)
    begun = way.end(request, web, "setup")
    made = await web.asking_github(_registered, web, request.query_params.get("code", ""))
    response = RedirectResponse(begun.goal, 303)
    way.forget(web, response, "setup", begun)
    done = Done(slug=made.slug, install=install_url(web.github, made), until=web.services.now() + _LASTS)
    cookies.write(web, response, _DONE, seal(web.keyring, "setup-done", done), int(_LASTS.total_seconds()))
    return response


def _registered(web: Web, code: str) -> AppInfo:
    try:
        made = register(web.keyring, web.patient, code)
    except HostError as error:
        _LOG.warning("the registration failed", reason=str(error))
        raise HTTPException(502, f"The App is not registered here: {error}") from error
    except ConfigError as error:
        _LOG.warning("the new App's secrets could not be written", reason=str(error))
        told = f"{error}. GitHub tells secrets only once: delete the new App there, and begin anew."
        raise HTTPException(500, told) from error
    ask_for_all(web.services, web.work)
    _LOG.info("the App is registered", app=made.slug, owner=made.owner)
    return made


def _tell(request: Request) -> Response:
    """Say what comes next, to the browser that registered the App."""
    web = web_of(request)
    found = unseal(web.keyring, "setup-done", cookies.read(request, _DONE), Done, web.services.now())
    if found is None:
        raise HTTPException(404)
    values = {"title": "The App is registered", "slug": found.slug, "install": found.install}
    return page(request, "setup_done.html.j2", values)


def _is_private(url: str) -> bool:
    """Whether an address is one that nobody outside can reach, as far as it tells."""
    host = urlsplit(url).hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host


class _Once(Route):
    """A route that is there while no App is registered: afterwards its path is that of an organisation."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        found = super().matches(scope)
        if found[0] is Match.NONE or scope["app"].state.web.keyring.now() is None:
            return found
        return Match.NONE, {}


ROUTES: Final[Sequence[BaseRoute]] = (
    _Once("/setup", _form),
    _Once("/setup", _ask, methods=["POST"]),
    _Once("/setup/registered", _take_over),
    Route(_NEXT, _tell),
)
