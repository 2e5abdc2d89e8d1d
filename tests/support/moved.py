"""The change since an earlier scan, for tests of what shows it: every part, every kind of item, hostile names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import cycle
from typing import get_args

from bot import score
from bot.change import Change
from bot.change_items import PARTS, How, Item
from bot.ruleset import grade
from bot.scorecard import Report
from tests.support.entries import entry_of
from tests.support.reports import HOSTILE_NAMES, sample_report

SINCE = date(2026, 11, 19)


def sample_change(after: float = 61.2) -> Change:
    """Return a change that lost 1.4: the parts sum to it, and the items to the parts."""
    items = tuple(_items())
    moved = {part: score.summed(item.score for item in items if item.part == part) for part in PARTS}
    points = {part: sum(item.points for item in items if item.part == part) for part in PARTS}
    return Change(
        since=entry_of(SINCE),
        score_before=score.summed((after, *(-value for value in moved.values()))),
        score_after=after,
        grade_before="B",
        grade_after="C",
        points_before=4000,
        points_after=4000 + sum(points.values()),
        own=moved["own"],
        world=moved["world"],
        rules=moved["rules"],
        own_points=points["own"],
        world_points=points["world"],
        rules_points=points["rules"],
        items=items,
    )


def changed_report() -> Report:
    """Return the sample report with what changed since an earlier scan."""
    report = sample_report()
    change = sample_change(report.scorecard.score)
    change = replace(change, grade_before=grade(change.score_before), grade_after=report.scorecard.grade)
    return replace(report, change=change)


def assert_sums(change: Change) -> None:
    """Fail unless the parts sum exactly to the change, and the items to their part."""
    assert score.summed((change.own, change.world, change.rules)) == change.score
    assert change.own_points + change.world_points + change.rules_points == change.points_after - change.points_before
    for part in PARTS:
        items = [item for item in change.items if item.part == part]
        assert score.summed(item.score for item in items) == getattr(change, part)
        assert sum(item.points for item in items) == getattr(change, f"{part}_points")
        assert all(item.points or item.score for item in items)


def _items() -> Iterator[Item]:
    yield Item(
        part="own", how="went", title="flask 3.0.0 has a known vulnerability", points=-60, score=0.9, path="a.txt"
    )
    yield Item(part="own", how="size", title="the code counts with size 2.00 in place of 1.00", points=0, score=0.02)
    title = "requests 2.31.0 is a minor release behind 2.32.0"
    yield Item(part="world", how="came", title=title, points=20, score=-0.3, path="b.txt", since=date(2026, 11, 20))
    names = cycle(HOSTILE_NAMES)
    for number, how in enumerate((*get_args(How), *get_args(How))):
        name = next(names)
        yield Item(part="world", how=how, title=f"{name} ended", points=5 + number, score=-0.08, path=name, rule="r")
    yield Item(part="rules", how="group", title="docker: 10 points in place of 0", points=10, score=-0.2)
