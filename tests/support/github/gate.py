"""The way of one request: who asks, how much is left, which operation, may it, is it well-formed; then the answer."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from urllib.parse import urlencode

from tests.support.github import graphql, smart_http, web
from tests.support.github.grants import App, Meter, Token
from tests.support.github.messages import Refusal, Request, Response
from tests.support.github.openapi import Description
from tests.support.github.routing import Call, Route, covers, find_route, forbidden
from tests.support.github.tokens import authenticate
from tests.support.github.world import World

VERSIONS = {"2022-11-28", "2026-03-10"}
GRAPHQL = "/graphql"
_UNLIMITED = "/rate_limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A request with its operation's template (or ``git``, ``web``, ``/graphql``, ``""``), its answer and its flaws."""

    template: str
    response: Response
    flaws: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        """The status, 422 for a refused mutation of GraphQL, which itself says 200."""
        body = self.response.body
        refused = self.template == GRAPHQL and isinstance(body, dict) and "errors" in body
        return 422 if refused else self.response.status


def template_of(request: Request) -> str:
    """Return the template of the operation that a request is for."""
    if request.path == GRAPHQL:
        return GRAPHQL
    if web.is_web(request.path):
        return "web"
    if smart_http.is_git(request.path):
        return "git"
    found = find_route(request.method, request.path)
    return found[0].template if found else ""


def answer(world: World, description: Description, request: Request) -> Answered:
    """Answer one request."""
    template = template_of(request)
    if template == "git":
        return Answered(template=template, response=smart_http.answer(world, request))
    if template == "web":
        return Answered(template=template, response=web.answer(world, request))
    token, app = None, None
    flaws: list[str] = []
    try:
        token, app = authenticate(world, request)
        _check_headers(request)
        _check_limit(world, meter_of(token, app), request)
        response, flaws = _perform(world, description, request, token, app)
    except Refusal as refusal:
        response = refusal.response
    if template not in {"", GRAPHQL} and not flaws:
        flaws = description.response_flaws(_method(request), template, response)
        flaws = [f"the stand-in itself: {flaw}" for flaw in flaws]
    return Answered(
        template=template, response=_finished(world, request, response, token, meter_of(token, app)), flaws=flaws
    )


def _perform(
    world: World, description: Description, request: Request, token: Token | None, app: App | None
) -> tuple[Response, list[str]]:
    if request.path == GRAPHQL:
        call = Call(world=world, request=request, parameters={}, token=token, body=_body(request))
        return graphql.answer(call)
    found = find_route(request.method, request.path)
    if found is None:
        flaw = f"{request.method} {request.path} is not stood in for"
        return Refusal(404, flaw).response, [flaw]
    route, parameters = found
    call = Call(world=world, request=request, parameters=parameters, token=token, app=app, body=_body(request))
    moved = _moved(call)
    if moved is not None:
        return moved, []
    flaws = description.request_flaws(_method(request), route.template, parameters, request)
    if flaws:
        return Refusal(400, "; ".join(flaws)).response, flaws
    classic = token is not None and token.scopes is not None
    named = not classic and route.accepted not in {"", "jwt"}
    accepted = {"x-accepted-github-permissions": route.accepted} if named else {}
    try:
        _check_permission(call, route)
        return route.handler(call).with_headers(accepted), []
    except Refusal as refusal:
        return refusal.response.with_headers(accepted), []


def _method(request: Request) -> str:
    return "GET" if request.method == "HEAD" else request.method


def _body(request: Request) -> object:
    if not request.body:
        return None
    try:
        return json.loads(request.body)
    except ValueError:
        raise Refusal(400, "Problems parsing JSON") from None


def _check_headers(request: Request) -> None:
    if not request.headers.get("user-agent"):
        raise Refusal(
            403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header"
        )
    version = request.headers.get("x-github-api-version")
    if version is not None and version not in VERSIONS:
        raise Refusal(400, f'"{version}" is not a supported version.')


def meter_of(token: Token | None, app: App | None) -> Meter | None:
    """Return what counts the requests of who asks; None for those without credentials."""
    if token is not None:
        return token.meter
    return app.meter if app is not None else None


def _check_limit(world: World, meter: Meter | None, request: Request) -> None:
    if meter is None or request.path == _UNLIMITED:
        return
    if world.clock() >= meter.resets:
        meter.used = 0
        meter.resets = world.clock().replace(minute=0, second=0, microsecond=0) + world.limit_window
    if meter.used >= meter.limit:
        raise Refusal(403, "API rate limit exceeded.")
    meter.used += 1


def _moved(call: Call) -> Response | None:
    """Return the redirection of a repository that has another name now."""
    name = f"{call.parameters.get('owner')}/{call.parameters.get('repo')}"
    new = None if name.lower() in call.world.repositories else call.world.find(name)
    if new is None:
        return None
    location = call.world.api + call.request.path.replace(f"/repos/{name}", f"/repos/{new.full_name}", 1)
    if call.request.query:
        location += "?" + urlencode(call.request.query)
    status = 301 if _method(call.request) == "GET" else 307
    return Response(
        status=status,
        body={"message": "Moved Permanently", "url": location, "documentation_url": "https://docs.github.com/rest"},
        headers={"location": location},
    )


def _check_permission(call: Call, route: Route) -> None:
    if route.needs == ("jwt",):
        return
    if call.app is not None:
        raise Refusal(401, "Bad credentials")
    if "repo" not in call.parameters:
        return
    repository, token = call.repository, call.token
    reads = _method(call.request) == "GET"
    if repository.disabled and not reads:
        raise Refusal(403, "Repository access blocked")
    if reads and not repository.private and not any("administration" in need for need in route.needs):
        return
    if token is None:
        raise Refusal(401, "Requires authentication")
    if not covers(token, repository) or not any(_holds(token, need) for need in route.needs):
        raise forbidden(token, route.accepted)
    if repository.archived and not reads:
        raise Refusal(403, "Repository was archived so is read-only.")


def _holds(token: Token, need: str) -> bool:
    pairs = (each.split("=") for each in need.split(","))
    return all(token.allows(permission, level) for permission, level in pairs)


def _finished(world: World, request: Request, response: Response, token: Token | None, meter: Meter | None) -> Response:
    """Add the headers that all answers have, and make an unchanged one a 304 that costs nothing."""
    headers = {"server": "github.com", "x-github-request-id": f"0:{next(world.ids):X}", "vary": "Accept, Authorization"}
    headers["date"] = format_datetime(world.clock(), usegmt=True)
    if response.status == 200 and _method(request) == "GET":
        seed = (token.value if token else "").encode() + response.content
        headers["etag"] = f'W/"{hashlib.sha256(seed).hexdigest()}"'
        headers["cache-control"] = "private, max-age=60, s-maxage=60"
        if headers["etag"] in request.headers.get("if-none-match", ""):
            if meter:
                meter.used -= 1
            response = replace(response, status=304, body=None)
    if meter:
        headers |= {
            "x-ratelimit-limit": str(meter.limit),
            "x-ratelimit-remaining": str(max(meter.limit - meter.used, 0)),
            "x-ratelimit-used": str(meter.used),
            "x-ratelimit-reset": str(int(meter.resets.timestamp())),
            "x-ratelimit-resource": "graphql" if request.path == GRAPHQL else "core",
        }
    if token and token.scopes is not None:
        headers["x-oauth-scopes"] = ", ".join(token.scopes)
    return response.with_headers(headers)
