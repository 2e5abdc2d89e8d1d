"""A repository's hotspots: the map that reports have, and the tables beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.report import _hotspot_section
from bot.service.reading import one, repositories
from bot.service.reading.documents import Hot
from bot.service.web._names import REPOSITORY
from bot.service.web._words import WORDS
from bot.service.web.model import web_of
from bot.service.web.rendering import page
from bot.service.web.viewer import signed_in

_FIRST: Final = 20
_MOST: Final = 200


def _hotspots(request: Request) -> Response:
    viewer, services = signed_in(request), web_of(request).services
    name = f"{request.path_params['org']}/{request.path_params['repo']}"
    with services.engine.connect() as connection:
        found = repositories.repository(connection, name, viewer.repositories)
        if found is None:
            raise HTTPException(404)
        stored = one.stored(connection, found[1].id)
    hot, damage = one.read_or_say(stored.hot) if stored else (None, "")
    values = {
        "title": f"Hotspots of {found[1].name}",
        "owner": found[0],
        "listed": found[1],
        "hot": hot,
        "damage": damage,
        "scripts": _hotspot_section.SCRIPTS,
        **(_section(hot) if hot else {}),
    }
    return page(request, "hotspots.html.j2", {**WORDS, **values})


def _section(hot: Hot) -> dict[str, object]:
    return _hotspot_section.values(
        functions=hot.hotspots,
        files=hot.hotspot_files,
        all_files=hot.hotspot_files,
        couplings=hot.couplings,
        more_couplings=hot.more_couplings,
        folders=hot.folders,
        history=hot.counted,
        step=_FIRST,
        most=_MOST,
    )


ROUTES: Final[Sequence[BaseRoute]] = (Route(f"{REPOSITORY}/hotspots", _hotspots),)
