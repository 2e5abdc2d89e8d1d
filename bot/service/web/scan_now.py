"""``POST /-/scan``: a person who sees a repository has it scanned now, by the button on its page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.service.asking import ask_for_scan
from bot.service.database.tables import REPOSITORIES
from bot.service.web._links import to_repository
from bot.service.web.csrf import form_of
from bot.service.web.model import web_of
from bot.service.web.viewer import signed_in

PATH: Final = "/-/scan"
FIELD: Final = "repository"


def _scan(request: Request) -> Response:
    viewer, web, given = signed_in(request), web_of(request), form_of(request).get(FIELD, "")
    # As on every page: what this person may not see is as if it was not there.
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < len(str(2**63)) else 0
    if not viewer.sees(number):
        raise HTTPException(404)
    wanted = sa.select(REPOSITORIES.c.name).where(REPOSITORIES.c.id == number, REPOSITORIES.c.gone_at.is_(None))
    with web.services.engine.connect() as connection:
        name = connection.execute(wanted).scalar_one_or_none()
    if name is None:
        raise HTTPException(404)
    ask_for_scan(web.services, web.work, number)
    return RedirectResponse(f"{to_repository(name)}#service", 303)


ROUTES: Final[Sequence[BaseRoute]] = [Route(PATH, _scan, methods=["POST"])]
