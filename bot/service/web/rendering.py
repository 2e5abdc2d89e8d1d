"""Pages: a template of ``templates/service/`` with what every page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot import VERSION
from bot.markup import render
from bot.service.web.model import web_of
from bot.service.web.static import static
from bot.service.web.viewer import viewer_of

FORMS_TO: Final = "forms_to"
"""In a request's state: other origins that this page's forms may be sent to."""


def page(
    request: Request,
    template: str,
    values: Mapping[str, object],
    *,
    status: int = 200,
    forms_to: Iterable[str] = (),
) -> HTMLResponse:
    """Draw ``templates/service/<template>``, which extends ``service/base.html.j2``.

    Beside ``values`` it has `viewer`, `static(name)`, `here` (the path), `visited` (with its query), `is_registered`,
    `version` and `github` (where people find GitHub). ``values`` has to hold `title`.
    """
    web = web_of(request)
    # Who was looked up a while ago goes through GitHub, also on the way that a form begins.
    through = (web.services.settings.address.web,) if viewer_of(request) else ()
    request.scope.setdefault("state", {})[FORMS_TO] = (*forms_to, *through)
    shared: dict[str, object] = {
        "viewer": viewer_of(request),
        "static": static,
        "here": request.url.path,
        "visited": f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path,
        "is_registered": web.keyring.now() is not None,
        "version": VERSION,
        "github": web.services.settings.address.web,
    }
    return HTMLResponse(render(f"service/{template}", {**shared, **values}), status_code=status)
