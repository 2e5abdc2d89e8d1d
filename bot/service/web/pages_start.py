"""The start page: the organisations of which somebody sees a repository."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.service.reading import overview, repositories
from bot.service.web._words import WORDS
from bot.service.web.model import web_of
from bot.service.web.rendering import page
from bot.service.web.viewer import viewer_of


def _start(request: Request) -> Response:
    web = web_of(request)
    if web.keyring.now() is None:
        return RedirectResponse("/setup", 303)
    viewer = viewer_of(request)
    if viewer is None:
        return page(request, "welcome.html.j2", {"title": "Welcome"})
    with web.services.engine.connect() as connection:
        found = repositories.organisations(connection, viewer.repositories)
    rows = [(one, overview.figures(one.repositories)) for one in found]
    values = {"title": "Organisations", "rows": rows, "letters": overview.LETTERS}
    return page(request, "start.html.j2", {**WORDS, **values})


ROUTES: Final[Sequence[BaseRoute]] = (Route("/", _start),)
