"""Endpoints on organisations."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from msgspec import Meta

from bot.service.api.model import Asked, Endpoint, MistakenError, NotThereError, Paged, Parameters
from bot.service.api.paging import Place, cursor_of, page, place_of
from bot.service.api.parts import (
    EndList,
    EndRow,
    OrganizationDetail,
    OrganizationList,
    OrganizationPart,
    RepositoryList,
    RepositoryRow,
    UseList,
    UseRow,
    WeekPart,
)
from bot.service.api.rows import repository_row
from bot.service.model import Phase
from bot.service.reading import courses, ends, overview, repositories, sifting, uses
from bot.service.reading.overview import LETTERS, Week
from bot.service.reading.repositories import Organisation, State
from bot.service.reading.sifting import Letter, Wanted

MOST_ROWS: Final = 200_000
"""Of longer lists nothing is given as a whole."""
Text = Annotated[str, Meta(max_length=200)]


class RepositoriesWanted(Paged, frozen=True, kw_only=True):
    """Which repositories are asked for."""

    q: Annotated[Text, Meta(description="a part of the name")] = ""
    grade: Annotated[Letter | None, Meta(description="`-` for those without one")] = None
    state: State | None = None
    phase: Phase | None = None


class UsesWanted(Paged, frozen=True, kw_only=True):
    """Whose uses are asked for; with nothing, those of everything."""

    q: Annotated[Text, Meta(description="a part of the name of what is used")] = ""
    name: Annotated[Text, Meta(description="the whole name of what is used")] = ""
    ecosystem: Annotated[Text, Meta(description="its purl type")] = ""


class EndsWanted(Paged, frozen=True, kw_only=True):
    """Which ends are asked for."""

    after: Annotated[date | None, Meta(description="the first day")] = None
    before: Annotated[date | None, Meta(description="the day after the last")] = None


def _organizations(asked: Asked[Paged]) -> OrganizationList:
    found = repositories.organisations(asked.connection, asked.visible)
    shown = page(found, lambda one: str(one.installation), asked.parameters)
    items = tuple(_organization(asked, one) for one in shown.rows)
    return OrganizationList(items=items, total=len(found), next=shown.next)


def _one(asked: Asked[Parameters]) -> OrganizationDetail:
    found = organisation(asked)
    known = courses.courses(asked.connection, found.ids, asked.today)
    part = _organization(asked, found)
    return OrganizationDetail(
        **{field: getattr(part, field) for field in part.__struct_fields__},
        configuration_error=found.configuration_error,
        weeks=tuple(_week(week) for week in overview.trend(found.repositories, known)),
    )


def _repositories(asked: Asked[RepositoriesWanted]) -> RepositoryList:
    by = asked.parameters
    wanted = Wanted(text=by.q, grade=by.grade, state=by.state, phase=by.phase)
    found = sorted(sifting.sifted(organisation(asked).repositories, wanted), key=lambda one: one.id)
    shown = page(found, lambda one: str(one.id), by)
    items = tuple(repository_row(one, asked.url) for one in shown.rows)
    return RepositoryList(items=items, total=len(found), next=shown.next)


def _uses(asked: Asked[UsesWanted]) -> UseList:
    by, found = asked.parameters, organisation(asked)
    place = place_of(by.cursor)
    start = place.at if place else 0
    limit = MOST_ROWS if by.is_whole else by.limit
    rows = uses.rows(
        asked.connection,
        found.ids,
        query=by.q,
        name=by.name,
        ecosystem=by.ecosystem,
        start=0 if by.is_whole else start,
        most=limit + 1,
    )
    more = len(rows) > limit
    if more and by.is_whole:
        raise MistakenError(
            f"format: there are more than {MOST_ROWS:,} uses; narrow them by name, q or ecosystem, or take JSON, a page"
            " at a time"
        )
    names = {one.id: one.name for one in found.repositories}
    return UseList(
        items=tuple(_use(row, names[row.repository]) for row in rows[:limit]),
        next=cursor_of(Place(start + limit, "")) if more else None,
    )


def _ends(asked: Asked[EndsWanted]) -> EndList:
    by, found = asked.parameters, organisation(asked)
    ending = ends.endings(asked.connection, found.ids, after=by.after, before=by.before, most=MOST_ROWS)
    if ending.is_cut:
        raise MistakenError(f"there are more than {MOST_ROWS:,} ends; narrow them by after and before")
    rows, names = ending.rows, {one.id: one.name for one in found.repositories}
    shown = page(rows, lambda row: f"{row.day}/{row.repository}/{row.subject}", by)
    return EndList(
        items=tuple(
            EndRow(
                subject=row.subject,
                ends_on=row.day,
                days=(row.day - asked.today).days,
                repository=names[row.repository],
                path=row.path,
            )
            for row in shown.rows
        ),
        total=len(rows),
        next=shown.next,
    )


def organisation(asked: Asked[Parameters]) -> Organisation:
    """Return the organisation that a path names. Raises NotThereError."""
    found = repositories.organisation(asked.connection, asked.names["org"], asked.visible)
    if found is None:
        raise NotThereError("There is no such organisation, or you may not see it.")
    return found


def _organization(asked: Asked[Parameters], one: Organisation) -> OrganizationPart:
    figures = overview.figures(one.repositories)
    return OrganizationPart(
        account=one.account,
        url=f"{asked.url}/{one.account}",
        repositories=figures.repositories,
        judged=figures.judged,
        median=figures.median,
        grade=figures.grade,
        grades=dict(zip(LETTERS, figures.grades, strict=True)),
        findings=figures.findings,
        effort_minutes=figures.minutes,
        states=figures.states,
    )


def _week(week: Week) -> WeekPart:
    return WeekPart(
        until=week.day,
        judged=week.judged,
        median=week.median,
        grades=dict(zip(LETTERS, week.grades, strict=True)),
        findings=week.findings,
        effort_minutes=week.minutes,
    )


def _use(row: uses.Row, repository: str) -> UseRow:
    return UseRow(
        ecosystem=row.ecosystem,
        name=row.name,
        version=row.version,
        value=row.place.value,
        kind=row.place.kind,
        repository=repository,
        path=row.place.path,
        line=max(1, row.place.line),
        direct=row.place.direct,
    )


ENDPOINTS: Final = (
    Endpoint(
        path="/organizations",
        name="listOrganizations",
        summary="The organisations of which you see a repository",
        answer=OrganizationList,
        rows=OrganizationPart,
        parameters=Paged,
        act=_organizations,
    ),
    Endpoint(
        path="/organizations/{org}",
        name="getOrganization",
        summary="One organisation, with its course over the last weeks",
        answer=OrganizationDetail,
        act=_one,
    ),
    Endpoint(
        path="/organizations/{org}/repositories",
        name="listRepositories",
        summary="Its repositories that you see",
        answer=RepositoryList,
        rows=RepositoryRow,
        parameters=RepositoriesWanted,
        act=_repositories,
    ),
    Endpoint(
        path="/organizations/{org}/uses",
        name="listUses",
        summary="Who uses which version of a package, an image, an action or a runtime, and where it is written",
        answer=UseList,
        rows=UseRow,
        parameters=UsesWanted,
        act=_uses,
    ),
    Endpoint(
        path="/organizations/{org}/ends",
        name="listEnds",
        summary="What is no longer supported, or soon will not be, and which repositories rest on it",
        answer=EndList,
        rows=EndRow,
        parameters=EndsWanted,
        act=_ends,
    ),
)
