"""Who uses which version of a package, an image, an action or a runtime, in one organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.service.reading import repositories, uses
from bot.service.web import _asked
from bot.service.web._names import ORGANISATION
from bot.service.web._words import WORDS
from bot.service.web.model import web_of
from bot.service.web.rendering import page
from bot.service.web.viewer import signed_in

_MOST_USERS: Final = 500
_FIRST_PLACES: Final = 3


def _uses(request: Request) -> Response:
    viewer, services = signed_in(request), web_of(request).services
    query, ecosystem = _asked.text(request.query_params, "q"), _asked.text(request.query_params, "ecosystem")
    with services.engine.connect() as connection:
        found = repositories.organisation(connection, request.path_params["org"], viewer.repositories)
        if found is None:
            raise HTTPException(404)
        things = uses.things(connection, found.ids, query, ecosystem)
        meant = uses.exact(things, query, ecosystem)
        use = uses.use(connection, found.ids, meant.ecosystem, meant.name) if meant else None
    values = {
        "title": f"Uses in {found.account}",
        "organisation": found,
        "query": query,
        "ecosystem": ecosystem,
        "things": things,
        "use": use,
        "by_name": uses.by_name,
        "names": {one.id: one.name for one in found.repositories},
        "commits": {one.id: one.commit for one in found.repositories},
        "most_users": _MOST_USERS,
        "first_places": _FIRST_PLACES,
    }
    return page(request, "uses.html.j2", {**WORDS, **values})


ROUTES: Final[Sequence[BaseRoute]] = (Route(f"{ORGANISATION}/-/uses", _uses),)
