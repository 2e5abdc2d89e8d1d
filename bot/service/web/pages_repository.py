"""A repository's page: its scorecard and what moved it, its findings, its upgrades, and how the last scans went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from analyzers.model.finding import GROUPS
from analyzers.model.skipped import Skipped
from bot import change_words, remedies, standing
from bot.posts.model import UpgradeState
from bot.report import _history_chart, _page, _scale
from bot.report._document import FindingPart
from bot.ruleset import HALVING_MINUTES, grade
from bot.service.reading import one, repositories, sifting
from bot.service.reading.cards import card_of, change_of
from bot.service.reading.documents import Scanned, Upgrades
from bot.service.reading.one import History, PastScan, Stored
from bot.service.reading.repositories import Listed, Organisation
from bot.service.reading.sifting import Sought
from bot.service.web import _asked
from bot.service.web._links import to_repository, with_query
from bot.service.web._names import REPOSITORY
from bot.service.web._words import WORDS
from bot.service.web.badges import badge_of
from bot.service.web.model import web_of
from bot.service.web.rendering import page
from bot.service.web.viewer import signed_in

_SEVERITIES: Final = ("critical", "high", "medium", "low")
_UPGRADES: Final[Sequence[UpgradeState]] = ("open", "waiting", "stuck", "ignored")
_MOST_UPGRADES: Final = 50
_MOST_CAUSES: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All that is known of one repository."""

    owner: Organisation
    listed: Listed
    stored: Stored | None
    history: History
    scans: tuple[PastScan, ...]


def find(request: Request) -> Shown:
    """Return the repository that a path names. Raises HTTPException: unknown and invisible are alike."""
    viewer, services = signed_in(request), web_of(request).services
    name = f"{request.path_params['org']}/{request.path_params['repo']}"
    with services.engine.connect() as connection:
        found = repositories.repository(connection, name, viewer.repositories)
        if found is None:
            raise HTTPException(404)
        owner, listed = found
        return Shown(
            owner=owner,
            listed=listed,
            stored=one.stored(connection, listed.id),
            history=one.history(connection, listed.id),
            scans=one.scans(connection, listed.id),
        )


def _repository(request: Request) -> Response:
    shown = find(request)
    scanned, damage = one.read_or_say(shown.stored.scanned) if shown.stored else (None, "")
    lines, no_lines = one.read_or_say(shown.stored.lines) if shown.stored else ((), "")
    listed = shown.listed
    values = {
        "title": listed.name,
        "owner": shown.owner,
        "listed": listed,
        "scans": shown.scans,
        "damage": tuple(filter(None, (damage, no_lines))),
        "damaged": shown.history.damaged,
        "is_behind": bool(listed.head and listed.commit and listed.head != listed.commit),
        "scanned": scanned,
        "past": _history_chart.of_entries(shown.history.entries),
        "course_height": _history_chart.HEIGHT,
        "newest_rows": _history_chart.NEWEST,
        "upgrades": _upgrades(lines or ()),
        "badge": badge_of(web_of(request), listed),
        "most_upgrades": _MOST_UPGRADES,
        **(_judged(scanned, shown, request.query_params) if scanned else {}),
    }
    return page(request, "repository.html.j2", {**WORDS, **values})


def _judged(scanned: Scanned, shown: Shown, asked: QueryParams) -> dict[str, object]:
    card = card_of(scanned.scorecard)
    missing, shares = _page.shares(card)
    change = change_of(scanned.scorecard.change, shown.history.entries)
    causes = change_words.largest(change) if change else ()
    # Parts of a document have the same fields as what they were made of.
    skipped = cast("Sequence[Skipped]", scanned.skipped)
    return {
        "card": card,
        "bands": tuple(_scale.bands()),
        "halving": round(HALVING_MINUTES * card.size),
        "worst": grade(card.low),
        "best": card.best,
        "promise": standing.promise(card),
        "missing": missing,
        "shares": shares,
        "most_lost": max((share.score_lost for share in card.groups), default=0) or 1,
        "report": {"change": change},
        "causes_of_change": causes[:_MOST_CAUSES],
        "more_causes": max(0, len(causes) - _MOST_CAUSES),
        "causes": remedies.causes(skipped),
        **_findings(scanned.findings, shown.listed, asked),
    }


def _findings(findings: Sequence[FindingPart], listed: Listed, asked: QueryParams) -> dict[str, object]:
    rules = sorted({found.rule for found in findings})
    by = Sought(
        text=_asked.text(asked, "q"),
        group=_asked.choice(asked, "group", GROUPS) or "",
        severity=_asked.choice(asked, "severity", _SEVERITIES) or "",
        rule=_asked.choice(asked, "rule", rules) or "",
    )
    query = {"q": by.text, "group": by.group, "severity": by.severity, "rule": by.rule}
    here = to_repository(listed.name)

    def to_page(number: int) -> str:
        return with_query(here, {**query, "page": number if number > 1 else None}) + "#findings"

    return {
        "by": by,
        "query": query,
        "rules": rules,
        "groups": GROUPS,
        "severities": _SEVERITIES[:-1],
        "rows": sifting.page(sifting.sought(findings, by), _asked.number(asked, "page")),
        "to_page": to_page,
    }


def _upgrades(lines: Upgrades) -> tuple[tuple[UpgradeState, Upgrades], ...]:
    by_state = ((state, tuple(line for line in lines if line.state == state)) for state in _UPGRADES)
    return tuple((state, found) for state, found in by_state if found)


ROUTES: Final[Sequence[BaseRoute]] = (Route(REPOSITORY, _repository),)
