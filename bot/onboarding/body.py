"""The text of the onboarding pull request: how the repository stands, what would happen, and how to answer. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from analyzers.config import Config
from analyzers.typed import from_json
from bot import standing, wording
from bot.hidden import HiddenNote
from bot.markup import Raw, markdown_code
from bot.onboarding.model import Outlook
from bot.onboarding.starter import PATH
from bot.onboarding.template_values import Acts, OnboardingValues, UpgradeRow
from bot.posts.links import page_link
from bot.posts.words import drawn
from bot.scorecard import Report
from bot.template_words import More, Shortened
from bot.upgrade.existing import ONBOARDING
from bot.upgrade.model import Upgrade

TITLE: Final = "Set up debtscan"
TEMPLATE: Final = "onboarding.md.j2"
MOST: Final = 65_536
_ROOM: Final = 400
_ROWS: Final = 25
_NOTE: Final = HiddenNote("debtscan-onboarding")
_DIGEST: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Marker:
    """What debtscan keeps in the text: the `digest` of what it says, and that it `closed` the pull request itself."""

    digest: str
    closed: bool = False


class _Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    digest: str
    closed: bool = False


def body(outlook: Outlook, most: int = MOST) -> str:
    """Return the text in at most ``most`` bytes, its marker at the end."""

    def values(rows: int, letters: int) -> OnboardingValues:
        return _values(outlook, rows, letters)

    text = drawn(TEMPLATE, values, most - _ROOM, most_rows=_ROWS)
    # Said again on another day it is no news.
    undated = text.replace(outlook.report.as_of.isoformat(), "")
    digest = hashlib.sha256(undated.encode()).hexdigest()[:16]
    return f"{text}\n{draw(Marker(digest))}\n"


def parse(text: str) -> Marker | None:
    """Return the marker of a text; None where there is none, several, or one that debtscan would not have drawn."""
    found = _NOTE.found(text)
    try:
        stored = from_json(found, _Stored) if found else None
    except ValueError:
        return None
    if stored is None or not _DIGEST.fullmatch(stored.digest):
        return None
    return Marker(stored.digest, stored.closed)


def draw(marker: Marker) -> str:
    """Return the marker as a hidden comment of one line."""
    stored: dict[str, object] = {"digest": marker.digest}
    if marker.closed:
        stored["closed"] = True
    return _NOTE.draw(stored)


def closed(text: str) -> str:
    """Return a text that says that debtscan closed it; one whose marker people took away is left as it is."""
    said = parse(text)
    return _NOTE.replaced(text, draw(Marker(said.digest, closed=True))) if said else text


def _values(outlook: Outlook, rows: int, letters: int) -> OnboardingValues:
    report, settings = outlook.report, outlook.settings
    upgrades = tuple(_upgrades(outlook))
    return OnboardingValues(
        report=report,
        card=report.scorecard,
        acts=_acts(settings.config),
        headline=_headline(report),
        why=outlook.why,
        page=page_link("The scorecard, its history and every finding", outlook.page) if outlook.page else Raw(""),
        path=PATH,
        branch=Raw(markdown_code(ONBOARDING)),
        edited=outlook.is_edited,
        problem=outlook.problem,
        overruled=[entry.sentence for entry in settings.overruled],
        upgrades=upgrades,
        first=len(outlook.plan.open) if settings.config.upgrades.enabled else 0,
        promise=standing.promise(report.scorecard) if report.scorecard.best else "",
        as_of=report.as_of,
        rows=rows,
        name=Shortened(letters),
        prose=Shortened(letters * 4),
        more=More(rows),
    )


def _acts(config: Config) -> Acts:
    upgrades, posts, gate = config.upgrades, config.posts, config.gate
    return Acts(
        offers=upgrades.enabled,
        open_limit=upgrades.open_limit,
        weekly_limit=upgrades.weekly_limit,
        merges=bool(upgrades.automerge),
        dashboard=posts.dashboard_title if posts.dashboard else "",
        check=posts.check_run,
        gated=gate.fail_under is not None or gate.fail_on is not None,
        comment=posts.comment,
        alerts=posts.code_scanning,
        history=config.history.branch if config.history.enabled else "",
    )


def _headline(report: Report) -> str:
    card = report.scorecard
    return standing.claim(report) or f"Grade {card.grade}: {wording.score(card.score)} of 100"


def _upgrades(outlook: Outlook) -> Iterator[UpgradeRow]:
    if not outlook.settings.config.upgrades.enabled:
        return
    for upgrade in outlook.plan.open:
        yield _row(upgrade, "at once")
    for entry in outlook.plan.waiting:
        yield _row(entry.upgrade, entry.detail or "later")


def _row(upgrade: Upgrade, when: str) -> UpgradeRow:
    return UpgradeRow(title=upgrade.title, points=upgrade.worth.points, when=when, security=upgrade.security)
