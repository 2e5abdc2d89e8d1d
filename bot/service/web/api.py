"""The read interface over HTTP: each endpoint of `bot.service.api` as a route."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.github.oauth import UserToken
from bot.report._parts import Part
from bot.service.api import openapi
from bot.service.api.csv import rows_as_csv
from bot.service.api.endpoints import ENDPOINTS
from bot.service.api.model import BASE, Asked, Endpoint, MistakenError, NotThereError, Paged, parameters_of
from bot.service.reading import repositories
from bot.service.reading.errors import DamagedError
from bot.service.web._callers import Caller, ask, bearer
from bot.service.web._client import network_of
from bot.service.web._etags import answered
from bot.service.web._names import ORGANISATION, REPOSITORY
from bot.service.web.model import Web, web_of
from bot.service.web.viewer import viewer_of

_HEADERS: Final = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie, Accept"}


def _route(endpoint: Endpoint) -> Route:
    path = endpoint.path.replace("/{org}/{repo}", REPOSITORY).replace("/{org}", ORGANISATION)

    async def serve(request: Request) -> Response:
        visible = await _visible(request)
        return await run_in_threadpool(_answer, request, endpoint, visible)

    return Route(BASE + path, serve, name=endpoint.name)


async def _visible(request: Request) -> frozenset[int]:
    """Return what the asker may see. Raises HTTPException."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return (await _caller(request, bearer(authorization))).repositories
    viewer = viewer_of(request)
    if viewer is None and request.scope["state"].get("is_stale"):
        raise _refused("What GitHub showed to you is too old. Open a page of debtscan anew, or send a token of yours.")
    if viewer is None:
        raise _refused("Sign in, or send a token of yours for this GitHub App.")
    return viewer.repositories


async def _caller(request: Request, token: str) -> Caller:
    web = web_of(request)
    known, caller = web.callers.remembered(token) if token else (True, None)
    if not known:
        wait = web.callers.wait(network_of(request.scope["state"]["client"]))
        if wait:
            raise HTTPException(429, headers={"Retry-After": str(wait)})
        caller = await web.asking_github(_asked, web, token)
        web.callers.remember(token, caller)
    if caller is None:
        raise _refused("GitHub does not take this token. It has to be one of a person for this GitHub App.")
    return caller


def _asked(web: Web, token: str) -> Caller | None:
    with web.services.engine.connect() as connection:
        there = repositories.installations(connection)
    return ask(UserToken(token, web.github.address, web.github), there)


def _refused(why: str) -> HTTPException:
    return HTTPException(401, why, {"WWW-Authenticate": "Bearer"})


def _answer(request: Request, endpoint: Endpoint, visible: frozenset[int]) -> Response:
    web = web_of(request)
    try:
        parameters = parameters_of(endpoint.parameters, _query(request, endpoint))
        with web.services.engine.connect() as connection:
            found = endpoint.act(
                Asked(
                    connection=connection,
                    visible=visible,
                    names=request.path_params,
                    parameters=parameters,
                    url=web.url,
                    today=web.services.now().date(),
                )
            )
    except NotThereError as error:
        raise HTTPException(404, str(error)) from error
    except MistakenError as error:
        raise HTTPException(400, str(error)) from error
    except DamagedError as error:
        raise HTTPException(503, f"{error}.") from error
    if endpoint.rows and isinstance(parameters, Paged) and parameters.is_whole:
        return _csv(request, endpoint, endpoint.rows, found)
    content = found if isinstance(found, bytes) else msgspec.json.encode(found)
    return answered(request, content, "application/json", _HEADERS)


def _csv(request: Request, endpoint: Endpoint, rows: type[Part], found: Any) -> Response:  # noqa: ANN401 - a list's
    # What an endpoint with rows answers with holds them as its items.
    content = rows_as_csv(rows, found.items).encode(errors="replace")
    name = "-".join((*request.path_params.values(), endpoint.path.rpartition("/")[2]))
    headers = {**_HEADERS, "Content-Disposition": f'attachment; filename="{name}.csv"'}
    return answered(request, content, "text/csv; charset=utf-8", headers)


def _query(request: Request, endpoint: Endpoint) -> dict[str, str]:
    query = dict(request.query_params)
    if endpoint.rows and "format" not in query and request.headers.get("accept", "").startswith("text/csv"):
        query["format"] = "csv"
    return query


def _description(request: Request) -> Response:
    return answered(request, _described(web_of(request).url), "application/json", {"Cache-Control": "max-age=300"})


@cache
def _described(url: str) -> bytes:
    """Return the description. It takes long to make, and is the same as long as the process lives."""
    return msgspec.json.encode(openapi.document(url))


ROUTES: Final[Sequence[BaseRoute]] = (*map(_route, ENDPOINTS), Route(f"{BASE}/openapi.json", _description))
