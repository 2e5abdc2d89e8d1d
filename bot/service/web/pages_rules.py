"""The page of each rule: what it does, why that matters, and how to mend what it finds. Everybody may read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from analyzers.scan import rules
from bot.report._page import RulePage
from bot.service.web._words import WORDS
from bot.service.web.rendering import page


def _rule(request: Request) -> Response:
    name = request.path_params["rule"]
    rule = rules().get(name)
    if rule is None:
        raise HTTPException(404)
    # The part of the report's page that this is drawn with calls its rule `page`.
    return page(request, "rule.html.j2", {**WORDS, "title": name, "page": RulePage(name, rule, 0)})


ROUTES: Final[Sequence[BaseRoute]] = (Route("/-/rules/{rule}", _rule),)
