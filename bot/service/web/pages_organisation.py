"""An organisation's page: how it stands, how that came, what moved, what ends, and every repository in a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, get_args

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.report._page import time_line
from bot.rollup import SharedEnd
from bot.service.model import Phase
from bot.service.reading import courses, ends, overview, repositories, sifting
from bot.service.reading.courses import Courses
from bot.service.reading.repositories import STATES, Listed, Organisation
from bot.service.reading.sifting import Letter, Sort, Wanted
from bot.service.web import _asked, _charts
from bot.service.web._links import to_organisation, with_query
from bot.service.web._names import ORGANISATION
from bot.service.web._words import WORDS
from bot.service.web.model import web_of
from bot.service.web.rendering import page
from bot.service.web.viewer import signed_in

_MOST_MOVED: Final = 10
_MOST_ENDS: Final = 200
_MOST_LEFT: Final = 200
_FIRST_ENDS: Final = 12
_SORTS: Final[Mapping[Sort, str]] = {
    "name": "Repository",
    "score": "Score",
    "findings": "Findings",
    "work": "Work",
    "scanned": "Scanned",
}
# What people look for first: the worst, the most, the newest.
_FALLING: Final[frozenset[Sort]] = frozenset({"findings", "work", "scanned"})


def _organisation(request: Request) -> Response:
    viewer, services = signed_in(request), web_of(request).services
    today = services.now().date()
    with services.engine.connect() as connection:
        found = repositories.organisation(connection, request.path_params["org"], viewer.repositories)
        if found is None:
            raise HTTPException(404)
        known = courses.courses(connection, found.ids, today)
        ending = ends.endings(connection, found.ids, most=ends.MOST_ROWS)
    names = {one.id: one.short for one in found.repositories}
    values = {
        "title": found.account,
        "organisation": found,
        "as_of": today,
        **_standing(found, known),
        **_ending(ends.shared(ending.rows, names, today), today),
        "ends_until": ending.rows[-1].day if ending.is_cut else None,
        **_listed(found, request.query_params),
    }
    return page(request, "organisation.html.j2", {**WORDS, **values})


def _standing(found: Organisation, known: Courses) -> dict[str, object]:
    members = found.repositories
    weeks = overview.trend(members, known)
    bins = overview.distribution(members)
    return {
        "figures": overview.figures(members),
        "letters": overview.LETTERS,
        "bins": bins,
        "weeks": weeks,
        "spread": _charts.distribution(bins),
        "course": _charts.trend(weeks),
        "chart_height": _charts.HEIGHT,
        "damaged": known.damaged,
        "since": overview.since(members, known),
        "month": overview.since(members, known, weeks=4),
        "worst": overview.worst(members),
        "most_moved": _MOST_MOVED,
    }


def _ending(found: Sequence[SharedEnd], today: date) -> dict[str, object]:
    shown = found[:_MOST_ENDS]
    return {
        "ends": shown,
        "more_ends": len(found) - len(shown),
        "first_ends": _FIRST_ENDS,
        "line": time_line(shown, today),
        "just_ended": tuple(one for one in found if -7 <= one.days < 0),  # noqa: PLR2004 - days of a week
    }


def _listed(found: Organisation, asked: QueryParams) -> dict[str, object]:
    wanted = _wanted(asked)
    rows = sifting.page(sifting.sifted(found.repositories, wanted), _asked.number(asked, "page"))
    query = _query(wanted)
    here = to_organisation(found.account)

    def to_page(number: int) -> str:
        return with_query(here, {**query, "page": number if number > 1 else None}) + "#repositories"

    def to_sort(sort: Sort) -> str:
        falling = not wanted.falling if sort == wanted.sort else sort in _FALLING
        return with_query(here, {**query, "sort": sort, "order": "falling" if falling else "rising"}) + "#repositories"

    return {
        "wanted": wanted,
        "query": query,
        "rows": rows,
        "sorts": _SORTS,
        "to_page": to_page,
        "to_sort": to_sort,
        "all_states": STATES,
        "all_phases": get_args(Phase),
        "left": _left(found.repositories),
        "most_left": _MOST_LEFT,
    }


def _wanted(asked: QueryParams) -> Wanted:
    sort: Sort = _asked.choice(asked, "sort", tuple(_SORTS)) or "score"
    letters: tuple[Letter, ...] = (*overview.LETTERS, "-")
    return Wanted(
        text=_asked.text(asked, "q"),
        grade=_asked.choice(asked, "grade", letters),
        state=_asked.choice(asked, "state", STATES),
        phase=_asked.choice(asked, "phase", get_args(Phase)),
        sort=sort,
        falling=(_asked.choice(asked, "order", ("rising", "falling")) == "falling"),
    )


def _query(wanted: Wanted) -> dict[str, str | int | None]:
    return {
        "q": wanted.text,
        "grade": wanted.grade,
        "state": wanted.state,
        "phase": wanted.phase,
        "sort": wanted.sort if (wanted.sort, wanted.falling) != ("score", False) else None,
        "order": "falling" if wanted.falling else None,
    }


def _left(members: Sequence[Listed]) -> tuple[Listed, ...]:
    """Return what has no current scan, the failed ones first."""
    ranks = {"failed": 0, "waiting": 1, "unjudged": 2, "skipped": 3}
    return tuple(sorted((one for one in members if one.state in ranks), key=lambda one: (ranks[one.state], one.name)))


ROUTES: Final[Sequence[BaseRoute]] = (Route(ORGANISATION, _organisation),)
