"""The dashboard's text: the score, what changed it, what to mend first, and the upgrades with a box each. Pure.

Names and reasons come from strangers: everything goes through the Markdown environment of `bot.markup`. What is longer
than GitHub takes is shortened from its least important end; neither the marker nor a box that was drawn is ever cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from analyzers.model.skipped import Skipped
from bot import change_words, remedies, standing, wording
from bot.markup import Raw, insist, render
from bot.posts import _upgrades, boxes
from bot.posts.boxes import Ignore, Marker, Wish
from bot.posts.model import EndLine, Told, UpgradeLine
from bot.posts.template_values import Causes, DashboardValues, Part
from bot.template_words import Example, Shortened, given

T = TypeVar("T")

TEMPLATE: Final = "dashboard.md.j2"
MOST: Final = 65_536
"""The characters that GitHub takes."""
# Should GitHub count in some other way than `length`.
_MARGIN: Final = 1_000
REFRESH: Final = Wish("refresh")
# Sections that are not there leave their blank lines behind.
_BLANK: Final = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """How many rows each list has at most, and how many letters a name."""

    upgrades: _upgrades.Rows
    ends: int
    notes: int
    items: int
    causes: int
    letters: int


_FULL: Final = _Level(
    upgrades=_upgrades.Rows(open=100, waiting=100, stuck=40, ignored=60),
    ends=20,
    notes=20,
    items=15,
    causes=20,
    letters=100,
)
# The least important first; each takes up where the one before it ended.
_STEPS: Final[tuple[dict[str, Any], ...]] = (
    {"causes": 8, "items": 8},
    {"causes": 4, "items": 5, "ends": 10, "upgrades": _upgrades.Rows(open=100, waiting=60, stuck=20, ignored=20)},
    {"letters": 60, "upgrades": _upgrades.Rows(open=80, waiting=40, stuck=10, ignored=10)},
    {"ends": 5, "notes": 10, "upgrades": _upgrades.Rows(open=50, waiting=20, stuck=5, ignored=5)},
    {"causes": 2, "letters": 40, "upgrades": _upgrades.Rows(open=25, waiting=10, stuck=3, ignored=3)},
    {"items": 3, "notes": 4, "letters": 20, "upgrades": _upgrades.Rows(open=8, waiting=5, stuck=2, ignored=2)},
)


def body(
    told: Told,
    title: str,
    ticked: frozenset[Wish] = frozenset(),
    most: int = MOST,
    ignores: Sequence[Ignore] = (),
) -> str:
    """Return the body in at most ``most`` characters, its marker at the end.

    ``title`` is the configured one. The boxes of ``ticked`` are drawn ticked: they were not obeyed yet. ``ignores``
    are those that the dashboard itself keeps; they stand in its list as long as they count.
    """
    counted = tuple(ignore for ignore in ignores if ignore.until is None or ignore.until >= told.as_of)
    told = replace(told, upgrades=(*map(_ignored, counted), *told.upgrades))
    text, level = "", _FULL
    for step in ({}, *_STEPS):
        level = replace(level, **step)
        text = _drawn(told, Marker(title=title, ignores=counted), ticked, level)
        if length(text) <= most - _MARGIN:
            break
    insist(TEMPLATE, length(text), most)
    return text


def length(text: str) -> int:
    """Return how many characters GitHub may count at most.

    Whether it counts signs, their halves or bytes is not written down. Its editor makes two characters of the end of
    each line, so that a body that only just fits could not be edited any more.
    """
    return len(text.encode(errors="surrogatepass")) + text.count("\n")


def _ignored(ignore: Ignore) -> UpgradeLine:
    line = UpgradeLine(id=ignore.name, title=ignore.name, state="ignored", by=ignore.by, until=ignore.until, here=True)
    return replace(line, why=ignore.why or "said so in a comment")


def _drawn(told: Told, said: Marker, ticked: frozenset[Wish], level: _Level) -> str:
    sections = _upgrades.sections(told.upgrades, told.branch, level.upgrades, ticked)
    text = _BLANK.sub("\n\n", render(TEMPLATE, given(_values(told, level, sections, ticked))))
    # An installation's own template may leave some out.
    wishes = (REFRESH, *(wish for section in sections for wish in section.wishes))
    drawn = {wish.mark for wish in wishes if boxes.box(wish, ticked=wish in ticked) in text}
    return f"{text}{boxes.draw(replace(said, boxes=frozenset(drawn)))}\n"


def _refresh(ticked: frozenset[Wish]) -> Raw:
    return boxes.box(REFRESH, ticked=REFRESH in ticked)


def _values(
    told: Told, level: _Level, sections: Sequence[_upgrades.Section], ticked: frozenset[Wish]
) -> DashboardValues:
    report = told.report
    card = report.scorecard
    shares = sorted((share for share in card.groups if share.findings), key=lambda share: -share.score_lost)
    name = Shortened(level.letters)
    return DashboardValues(
        report=report,
        card=card,
        judged=standing.standing(report) in {"clean", "debt"},
        claim=standing.claim(report),
        accepted=standing.accepted(report),
        moved=change_words.headline(report.change) if report.change else "",
        items=_part(change_words.largest(report.change), level.items) if report.change else None,
        notes=_part(told.notes, level.notes),
        promise=standing.promise(card),
        ends=_part(_ahead(told), level.ends),
        groups=shares,
        losses=standing.group_losses(card),
        causes=_causes(standing.not_judged(report), level.causes),
        place=f"{name(told.branch)} @ {told.commit[:7]}",
        as_of=told.as_of,
        shortened=level != _FULL,
        name=name,
        prose=Shortened(level.letters * 4),
        example=Example(level.letters),
        sections=sections,
        refresh=_refresh(ticked),
    )


def _part(rows: Sequence[T], most: int) -> Part[T] | None:
    return Part(rows[:most], len(rows) - most) if rows else None


def _ahead(told: Told) -> Sequence[EndLine]:
    """Return what is still to come, the nearest first, and then what has ended, the last first."""
    ahead = sorted((end for end in told.ends if end.day >= told.as_of), key=lambda end: (end.day, end.what))
    ended = sorted((end for end in told.ends if end.day < told.as_of), key=lambda end: (-end.day.toordinal(), end.what))
    return (*ahead, *ended)


def _causes(skipped: Sequence[Skipped], most: int) -> Causes | None:
    found = remedies.causes(skipped)
    summary = f"Not judged: {wording.count(len(skipped), 'entry', 'entries')}, and how to mend that"
    return Causes(found[:most], len(found) - most, summary) if found else None
