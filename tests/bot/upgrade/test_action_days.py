"""How old versions of actions are, and what goes in place of one that is too young."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from analyzers.config import Config
from analyzers.model.facts import Facts, Known, Package, Release
from analyzers.model.question import Question
from analyzers.read import ecosystems
from analyzers.scan import ScanResult, judge
from bot.upgrade.further import further
from bot.upgrade.model import Move
from bot.upgrade.moves import moves
from bot.upgrade.plan import plan
from tests.support import workflows
from tests.support.plans import NOW, settings

TODAY = date.fromisoformat(workflows.TODAY)
SHAS = {letter: letter * 40 for letter in "abcdef"}


def _scan(*uses: str, tags: Mapping[str, str]) -> ScanResult:
    given = workflows.evidence(workflows.steps(*uses), workflows.refs("o/r", tags))
    config = Config(upgrades=settings(minimum_release_age_days=3))
    return judge(given.inventory, given.facts, config, as_of=given.as_of)


class GitHub:
    """Tells of releases, so many days old."""

    def __init__(self, **days: int) -> None:
        self.releases = tuple(
            Release(name.replace("_", "."), TODAY - timedelta(days=age)) for name, age in days.items()
        )
        self.asked: list[Question] = []

    def __call__(self, questions: Sequence[Question]) -> Facts:
        self.asked += questions
        return Facts(TODAY, {one: Known(Package(one.name, self.releases)) for one in questions})


def _move(*uses: str, tags: Mapping[str, str], **days: int) -> Move:
    (found,), left_out = moves(further(_scan(*uses, tags=tags), GitHub(**days)), ecosystems())
    assert left_out == ()
    return found


def _written(move: Move) -> list[tuple[str | None, str | None, str | None]]:
    return [(one.value, one.digest, one.comment) for one in (move.edit.changes if move.edit else ())]


A, B, C = SHAS["a"], SHAS["b"], SHAS["c"]
WHOLE = {"v1.0.0": A, "v1.1.0": B, "v1.2.0": C}
LINES = {"v3": A, "v4": B, "v4.2.0": B, "v5": C, "v5.0.0": C}


def test_the_newest_that_is_old_enough_takes_the_place_of_a_younger_one() -> None:
    move = _move(f"o/r@{A} # v1.0.0", tags=WHOLE, v1_1_0=30, v1_2_0=1)
    assert (move.target, move.step, move.published) == ("v1.1.0", "minor", TODAY - timedelta(days=30))
    assert _written(move) == [(B, B, "v1.1.0")]
    assert move.note == "v1.2.0 is 1 day old and waits"
    # It is behind the newest as it was before.
    assert move.points == 0


def test_one_that_is_pinned_on_the_way_gets_the_commit_of_that_version() -> None:
    move = _move("o/r@v1.0.0", tags=WHOLE, v1_1_0=30, v1_2_0=1)
    assert _written(move) == [(B, B, "v1.1.0")]


@pytest.mark.parametrize(
    ("days", "target"),
    [
        ({"v1_1_0": 30, "v1_2_0": 3}, "v1.2.0"),
        ({"v1_1_0": 2, "v1_2_0": 1}, "v1.2.0"),
        ({"v1_2_0": 1}, "v1.2.0"),
        ({"v1_1_0": 30}, "v1.2.0"),
        ({}, "v1.2.0"),
    ],
    ids=["old enough", "all too young", "nobody tells how old the other is", "nor the newest", "of none"],
)
def test_otherwise_the_newest_is_waited_for(days: Mapping[str, int], target: str) -> None:
    move = _move(f"o/r@{A} # v1.0.0", tags=WHOLE, **days)
    assert (move.target, move.note) == (target, "")


def test_what_is_waited_for_says_until_when() -> None:
    move = _move(f"o/r@{A} # v1.0.0", tags=WHOLE, v1_1_0=2, v1_2_0=1)
    (waiting,) = plan([move], (), settings(), (), NOW.replace(day=22)).waiting
    assert (waiting.reason, waiting.detail) == ("too-young", "o/r v1.2.0: younger than 3 days until 2026-11-24")


@pytest.mark.parametrize(
    ("days", "target", "age"),
    [
        ({"v4_2_0": 60, "v5_0_0": 1}, "v4", 60),
        ({"v4_2_0": 60, "v5_0_0": 9, "v5_0_1": 1}, "v5", 9),
        ({"v4_2_0": 60, "v5": 20, "v5_0_0": 1}, "v5", 20),
        ({"v4_2_0": 60, "other-v5": 1, "v5_0_0-beta": 1}, "v5", None),
    ],
    ids=["the line is new", "it began long ago", "it has a release itself", "others' days do not count"],
)
def test_a_tag_that_moves_is_as_old_as_its_line(days: Mapping[str, int], target: str, age: int | None) -> None:
    move = _move("o/r@v3", tags=LINES, **days)
    assert (move.target, move.published) == (target, TODAY - timedelta(days=age) if age else None)


def test_only_what_is_behind_is_asked_about_and_only_once() -> None:
    github = GitHub()
    behind = _scan("o/r@v3", "o/r@v4", tags=LINES)
    told = further(behind, github)
    assert github.asked == [Question("github-releases", "o/r")]
    assert further(told, github) is told
    newest = _scan("o/r@v5", tags=LINES)
    assert further(newest, github) is newest
    assert len(github.asked) == 1


def test_so_many_are_asked_and_no_more() -> None:
    github, one = GitHub(), _scan("o/r@v3", tags=LINES)
    (first, *_) = (finding for finding in one.findings if finding.rule == "outdated-action")
    many = tuple(replace(first, subject=replace(first.subject, name=f"o/r{number}")) for number in range(90))
    further(replace(one, findings=many), github)
    assert len(github.asked) == 40
