"""Endpoints on one repository."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from analyzers.model.finding import Group, Severity
from bot.posts.model import UpgradeLine
from bot.report._document import Document, FindingPart
from bot.report._encoded import same
from bot.report._hotspot_document import HotspotDocument
from bot.report._scorecard_part import HistoryPart
from bot.service.api.model import Asked, Endpoint, NotThereError, Paged, Parameters
from bot.service.api.paging import page
from bot.service.api.parts import FindingList, HistoryList, RepositoryRow, UpgradeList, UpgradeRow
from bot.service.api.rows import repository_row
from bot.service.reading import one, repositories, sifting
from bot.service.reading.one import Stored
from bot.service.reading.repositories import Listed
from bot.service.reading.sifting import Sought

_PATH: Final = "/repositories/{org}/{repo}"
_MOST_ENTRIES: Final = 10_000
Text = Annotated[str, Meta(max_length=200)]


class FindingsWanted(Paged, frozen=True, kw_only=True):
    """Which findings are asked for."""

    q: Annotated[Text, Meta(description="words that stand in title, message, path, rule, name or owners")] = ""
    group: Group | None = None
    severity: Annotated[Severity | None, Meta(description="that one and worse ones")] = None
    rule: Text = ""


def _one(asked: Asked[Parameters]) -> RepositoryRow:
    return repository_row(_listed(asked), asked.url)


def _report(asked: Asked[Parameters]) -> bytes:
    return _stored(asked).whole()


def _hotspots(asked: Asked[Parameters]) -> bytes:
    return _stored(asked).whole_hotspots()


def _findings(asked: Asked[FindingsWanted]) -> FindingList:
    by, found = asked.parameters, _stored(asked).found()
    sought = Sought(text=by.q, group=by.group or "", severity=by.severity or "", rule=by.rule)
    rows = sifting.sought(found.findings, sought)
    shown = page(rows, lambda row: row.fingerprint, by)
    return FindingList(as_of=found.as_of, items=shown.rows, total=len(rows), next=shown.next)


def _history(asked: Asked[Paged]) -> HistoryList:
    found = one.history(asked.connection, _listed(asked).id, most=_MOST_ENTRIES)
    shown = page(tuple(reversed(found.entries)), lambda entry: entry.id, asked.parameters)
    items = tuple(same(entry, HistoryPart) for entry in shown.rows)
    return HistoryList(items=items, total=len(found.entries), next=shown.next, damaged=found.damaged)


def _upgrades(asked: Asked[Paged]) -> UpgradeList:
    lines = _stored(asked).lines()
    numbered = tuple(enumerate(lines))
    shown = page(numbered, lambda pair: str(pair[0]), asked.parameters)
    return UpgradeList(items=tuple(_upgrade(line) for _at, line in shown.rows), total=len(lines), next=shown.next)


def _upgrade(line: UpgradeLine) -> UpgradeRow:
    return same(line, UpgradeRow)


def _listed(asked: Asked[Parameters]) -> Listed:
    name = f"{asked.names['org']}/{asked.names['repo']}"
    found = repositories.repository(asked.connection, name, asked.visible)
    if found is None:
        raise NotThereError("There is no such repository, or you may not see it.")
    return found[1]


def _stored(asked: Asked[Parameters]) -> Stored:
    found = one.stored(asked.connection, _listed(asked).id)
    if found is None:
        raise NotThereError("It was not scanned yet.")
    return found


ENDPOINTS: Final = (
    Endpoint(
        path=_PATH,
        name="getRepository",
        summary="One repository",
        answer=RepositoryRow,
        act=_one,
    ),
    Endpoint(
        path=f"{_PATH}/report",
        name="getReport",
        summary="The whole report of its last scan, as `debtscan scan --format json` writes it",
        answer=Document,
        act=_report,
    ),
    Endpoint(
        path=f"{_PATH}/hotspots",
        name="getHotspots",
        summary="Its hotspots, as `debtscan hotspots --format json` writes them",
        answer=HotspotDocument,
        act=_hotspots,
    ),
    Endpoint(
        path=f"{_PATH}/findings",
        name="listFindings",
        summary="The findings of its last scan",
        answer=FindingList,
        rows=FindingPart,
        parameters=FindingsWanted,
        act=_findings,
    ),
    Endpoint(
        path=f"{_PATH}/history",
        name="listHistory",
        summary="Its scorecards over time, the newest first",
        answer=HistoryList,
        rows=HistoryPart,
        parameters=Paged,
        act=_history,
    ),
    Endpoint(
        path=f"{_PATH}/upgrades",
        name="listUpgrades",
        summary="How its upgrades stand",
        answer=UpgradeList,
        rows=UpgradeRow,
        parameters=Paged,
        act=_upgrades,
    ),
)
