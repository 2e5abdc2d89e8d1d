"""GitHub's pages that a service sends people to: making an App, installing it, and signing in.

Each asks by a button, as GitHub does; `World.visitor` is who is signed in at GitHub itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

from tests.support.github import pages
from tests.support.github.grants import Consent, Registration, Token
from tests.support.github.manifests import app_of_manifest, read_manifest
from tests.support.github.messages import Refusal, Request, Response
from tests.support.github.world import World

_NEW = re.compile(r"(?:/organizations/(?P<organization>[^/]+))?/settings/apps/new")
AUTHORIZE, TOKEN = "/login/oauth/authorize", "/login/oauth/access_token"
_CODE_LIFE, _REGISTRATION_LIFE, _TOKEN_LIFE = timedelta(minutes=10), timedelta(hours=1), timedelta(hours=8)
_DOCUMENTATION = (
    "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors"
)


def is_web(path: str) -> bool:
    """Whether a path is one of these pages, and none of the interface."""
    return path in {AUTHORIZE, TOKEN} or _NEW.fullmatch(path) is not None


def answer(world: World, request: Request) -> Response:
    """Answer one request for a page."""
    if request.path == TOKEN:
        return _token(world, request)
    if request.path == AUTHORIZE:
        return _authorize(world, request)
    return _new_app(world, request)


def _new_app(world: World, request: Request) -> Response:
    """Show what a manifest asks for; with the button pressed, make the App and go back with a code."""
    fields, state = _fields(request), request.query.get("state", "")
    found = _NEW.fullmatch(request.path)
    owner = (found["organization"] if found else None) or world.visitor
    try:
        manifest = read_manifest(fields.get("manifest", ""))
    except Refusal as refusal:
        return pages.page("Register a new GitHub App", f"Invalid GitHub App configuration: {refusal}", status=422)
    if "confirmed" not in fields:
        target = f"{request.path}?{urlencode({'state': state})}"
        button = pages.form(target, f"Create GitHub App for {owner}", {**fields, "confirmed": "yes"})
        return pages.page("Register a new GitHub App", str(manifest["name"]), button)
    app = app_of_manifest(world, owner, manifest)
    world.apps[app.id] = app
    code = f"registered{next(world.ids)}"
    world.registrations[code] = Registration(app=app, ends=world.clock() + _REGISTRATION_LIFE)
    return pages.redirect(manifest["redirect_url"], {"code": code, "state": state})


def _authorize(world: World, request: Request) -> Response:
    """Ask for consent; with the button pressed, go back with a code."""
    asked = {**request.query, **_fields(request)}
    app = next((each for each in world.apps.values() if each.client_id == asked.get("client_id")), None)
    if app is None:
        return pages.page("Not found", "404", status=404)
    target = asked.get("redirect_uri") or (app.callbacks[0] if app.callbacks else "")
    if target not in app.callbacks:
        return pages.page("Be careful!", "The redirect_uri is not associated with this application.", status=400)
    state = {"state": asked["state"]} if "state" in asked else {}
    if asked.get("code_challenge_method", "S256") != "S256":
        return pages.redirect(target, {"error": "invalid_request", **state})
    if asked.get("answer") == "no":
        return pages.redirect(
            target, {"error": "access_denied", "error_description": "The user has denied access.", **state}
        )
    if request.method != "POST":
        button = pages.form(AUTHORIZE, f"Authorize {app.name or app.slug}", {**request.query, "answer": "yes"})
        return pages.page("Authorize", f"Signed in as {world.visitor}", button)
    code = f"{next(world.ids):020x}"
    world.consents[code] = Consent(
        account=world.account(world.visitor),
        app=app,
        redirect=target,
        challenge=asked.get("code_challenge", ""),
        ends=world.clock() + _CODE_LIFE,
    )
    return pages.redirect(target, {"code": code, **state})


def _token(world: World, request: Request) -> Response:
    """Give the token for a code, in the form that is asked for."""
    told = _token_for(world, _fields(request)) if request.method == "POST" else {"error": "bad_request"}
    if "json" in request.headers.get("accept", ""):
        return Response(body=told)
    kind = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    return Response(body=urlencode(told).encode(), headers=kind)


def _token_for(world: World, fields: Mapping[str, str]) -> Mapping[str, str | int]:
    app = next((each for each in world.apps.values() if each.client_id == fields.get("client_id")), None)
    if app is None or not app.client_secret or fields.get("client_secret") != app.client_secret:
        return _refused("incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.")
    # Whatever is wrong with it: a code that was tried is spent.
    consent = world.consents.pop(fields.get("code", ""), None)
    if consent is None or consent.app is not app or consent.ends <= world.clock() or not _is_proved(consent, fields):
        return _refused("bad_verification_code", "The code passed is incorrect or expired.")
    if fields.get("redirect_uri", consent.redirect) != consent.redirect:
        return _refused("redirect_uri_mismatch", "The redirect_uri MUST match the registered callback URL.")
    value = f"ghu_{next(world.ids):036d}"
    world.tokens[value] = Token(
        value=value,
        account=consent.account,
        permissions={"metadata": "read", **app.permissions},
        expires=world.clock() + _TOKEN_LIFE,
        app=app,
    )
    return {
        "access_token": value,
        "expires_in": int(_TOKEN_LIFE.total_seconds()),
        "refresh_token": f"ghr_{next(world.ids):076d}",
        "refresh_token_expires_in": 15_811_200,
        "token_type": "bearer",
        "scope": "",
    }


def _is_proved(consent: Consent, fields: Mapping[str, str]) -> bool:
    """Whether who brings the code is who asked for it (PKCE)."""
    if not consent.challenge:
        return True
    digest = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == consent.challenge


def _refused(error: str, description: str) -> Mapping[str, str | int]:
    return {"error": error, "error_description": description, "error_uri": _DOCUMENTATION}


def _fields(request: Request) -> dict[str, str]:
    """Return the fields of a form, or of the JSON that stands for one."""
    if "json" in request.headers.get("content-type", ""):
        found = json.loads(request.body)
        return {str(name): str(value) for name, value in found.items()}
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True))
