"""The change since an earlier scan: real git, a copy made anew for each scan, Facts of the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

import msgspec
import pytest

from analyzers.model.facts import Facts, Unknown
from analyzers.model.question import Question
from analyzers.scan import judge
from bot import score
from bot.change import Change
from bot.change_items import PARTS, How, Part
from tests.support.moved import assert_sums
from tests.support.past import Past
from tests.support.year import FIRST, Year, begun, world

Said: TypeAlias = tuple[How, int, str]
"""How a finding counts otherwise, by how many points, and its title."""


@pytest.fixture
def past(tmp_path: Path) -> Past:
    return begun(tmp_path)


# What each part says in the weeks in which anything happens: points and words of its items.
EXPECTED: dict[str, dict[Part, list[Said]]] = {
    "01-19": {"own": [("came", 20, "jinja2 3.0.0 is a minor release behind 3.1.0")]},
    "02-02": {"own": [("went", -20, "jinja2 3.0.0 is a minor release behind 3.1.0")]},
    "02-16": {"world": [("came", 20, "requests 2.31.0 is a minor release behind 2.32.0")]},
    "03-02": {"world": [("went", -35, "f has complexity 15 and 3 recent changes")]},
    "03-23": {"own": [("came", 35, "f has complexity 15 and 3 recent changes")]},
    "04-06": {"world": [("went", -35, "f has complexity 15 and 3 recent changes")]},
    "06-08": {
        "own": [("went", -20, "requests 2.31.0 is a minor release behind 2.32.0")],
        "world": [
            ("came", 60, "flask 3.0.0 has a known vulnerability"),
            ("came", 10, "flask 3.0.0 is a patch release behind 3.0.1"),
        ],
    },
    "06-22": {"own": [("accepted", -60, "flask 3.0.0 has a known vulnerability")]},
    "07-06": {"rules": [("formula", 0, "the formula of ruleset 2 on the same points")]},
    "08-03": {"world": [("came", 60, "Python 3.10 ends on 2026-10-31")]},
    "08-17": {
        "world": [
            ("exposed", 90, "flask 3.0.0 has a known vulnerability"),
            ("came", 5, "Ignore of vulnerable-dependency expired on 2026-08-16"),
        ]
    },
    "11-02": {"world": [("heavier", 60, "Python 3.10 ended on 2026-10-31")]},
    "11-16": {"own": [("size", 0, "the code counts with size 1.42 in place of 1.00")]},
    "12-07": {
        "own": [("went", -120, "Python 3.10 ended on 2026-10-31")],
        "world": [("came", 10, "jinja2 3.1.0 is a patch release behind 3.1.1")],
        "rules": [("formula", 0, "the formula of ruleset 3 on the same points")],
    },
}


def test_every_week_of_a_year_is_split_exactly_and_says_its_causes(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    year, before = Year(past.repository, monkeypatch), past.scan(FIRST - timedelta(days=7))
    told: dict[str, dict[Part, list[Said]]] = {}
    for week in range(52):
        day = FIRST + timedelta(days=7 * week)
        year.play(day)
        after = past.scan(day)
        change = past.change(before, after)
        assert (change.score_before, change.score_after) == (before.entry.score, after.entry.score)
        assert (change.points_before, change.points_after) == (before.entry.points, after.entry.points)
        if f"{day:%m-%d}" == "09-14":
            gone = f"commit {before.entry.commit[:7]} is not here any more"
            assert change.unsplit == f"{gone}: the branch was rewritten, or this copy is shallow"
            assert (change.own, change.world, change.rules, change.items) == (0, 0, 0, ())
        else:
            assert not change.unsplit
            told |= {f"{day:%m-%d}": said} if (said := _said(change)) else {}
            assert_sums(change)
        before = after
    assert told == EXPECTED
    # The old commit was asked about only where it is another one; one that rules or nothing changed needs nobody.
    assert len(past.asked) == sum("own" in parts for parts in EXPECTED.values()) + len(["README", "the move"])


def _said(change: Change) -> dict[Part, list[Said]]:
    moved = {part: getattr(change, part) or getattr(change, f"{part}_points") for part in PARTS}
    items = {part: [(i.how, i.points, i.title) for i in change.items if i.part == part] for part in PARTS}
    # A part without items did nothing, and one with items did something.
    assert {part for part in PARTS if moved[part]} == {part for part in PARTS if items[part]}
    return {part: items[part] for part in PARTS if items[part]}


def test_what_went_while_the_world_moved_is_told_twice(past: Past) -> None:
    """The old commit is asked about what it alone needs: the release costs, and dropping the package wins it back."""
    before = past.scan(date(2026, 2, 2))
    past.repository.write("requirements.txt", "flask==3.0.0\n").commit("Drop requests", date="2026-02-12")
    change = past.change(before, past.scan(date(2026, 2, 16)))
    assert [(item.part, item.how, item.points) for item in change.items] == [
        ("own", "went", -20),
        ("world", "came", 20),
    ]
    assert change.items[1].since == date(2026, 2, 10)
    assert (change.own, change.world, change.score) == (0.803, -0.803, 0.0)


def test_what_a_rule_of_today_asks_for_the_first_time_is_no_change_of_the_world(past: Past) -> None:
    """The debtscan of then knew no advisories: it neither asked for them nor judged them."""
    before = past.scan(date(2026, 6, 8))
    asked = {name: answer for name, answer in before.result.facts.answers.items() if not name.source.startswith("osv")}
    config = msgspec.structs.replace(before.result.config, disabled_rules=("vulnerable-dependency",))
    facts = Facts(before.result.as_of, asked)
    older = past.kept(before.opened, judge(before.result.inventory, facts, config, as_of=before.result.as_of))
    change = past.change(older, past.scan(date(2026, 6, 15)))
    assert_sums(change)
    assert [(item.part, item.title) for item in change.items] == [("rules", "dependencies: 90 points in place of 30")]


def test_a_look_up_without_an_answer_mends_nothing(past: Past) -> None:
    before = past.scan(date(2026, 2, 16))
    silent = {Question("pypi", "requests"): Unknown("time-out", "no answer")}
    lost = replace(past, world=lambda day: {**world(day), **silent})
    change = lost.change(before, lost.scan(date(2026, 2, 23)))
    assert [(item.part, item.how, item.points) for item in change.items] == [("world", "unknown", -20)]
    back = past.change(lost.scan(date(2026, 2, 23)), past.scan(date(2026, 2, 28)))
    assert [(item.part, item.how, item.points) for item in back.items] == [("world", "known", 20)]


def test_the_old_commit_is_judged_under_its_own_configuration(past: Past) -> None:
    """Who switches a rule off did that, and neither the world nor debtscan."""
    before = past.scan(date(2026, 2, 16))
    past.repository.write("debtscan.toml", 'disabled-rules = ["outdated-dependency"]\n').commit(date="2026-02-17")
    off = past.scan(date(2026, 2, 23))
    assert [(item.part, item.how, item.points) for item in past.change(before, off).items] == [("own", "went", -20)]
    past.repository.remove("debtscan.toml").commit("Judge it all", date="2026-02-24")
    on = past.change(off, past.scan(date(2026, 2, 28)))
    assert [(item.part, item.how, item.points) for item in on.items] == [("own", "came", 20)]


def test_work_that_is_not_committed_is_ones_own(past: Past) -> None:
    before = past.scan(date(2026, 2, 16))
    after = past.scan_work_tree(date(2026, 2, 16))
    assert not past.change(before, after).items
    past.repository.write("requirements.txt", "requests==2.32.0\nflask==3.0.0\n")
    change = past.change(before, past.scan_work_tree(date(2026, 2, 16)))
    assert [(item.part, item.how, item.points) for item in change.items] == [("own", "went", -20)]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (None, "the Facts of then are not kept any more"),
        (b"[", "the Facts of then cannot be read: the stored facts are damaged: "),
        (
            b'{"version":1,"looked_up":"2026-01-05","answers":[{"source":"crates","name":"a","known":{"value":{}}}]}',
            "the Facts of then cannot be read: no installed source is called 'crates'",
        ),
    ],
)
def test_without_its_facts_a_change_is_told_as_a_whole(past: Past, facts: bytes | None, reason: str) -> None:
    before = past.scan(date(2026, 2, 2))
    after = past.scan(date(2026, 2, 16))
    change = past.change(replace(before, facts=facts), after)
    assert change.unsplit.startswith(reason)
    assert change.score == score.summed((after.entry.score, -before.entry.score)) != 0
    assert (change.own, change.world, change.rules, change.items) == (0, 0, 0, ())


@pytest.mark.parametrize("name", ["", "HEAD~1", "main", "--all", "0123456"])
def test_only_a_whole_hash_is_a_commit(past: Past, name: str) -> None:
    before = past.scan(FIRST)
    past.repository.commit("Nothing", date="2026-01-06")
    other = replace(before, entry=replace(before.entry, commit=name))
    assert past.change(other, past.scan(FIRST)).unsplit == "the scan of then was of no commit"


def test_a_configuration_that_is_not_valid_any_more_is_named(past: Past) -> None:
    past.repository.write("debtscan.toml", "nonsense = 1\n").commit("Write nonsense", date="2026-01-02")
    wrong = past.repository.head
    past.repository.remove("debtscan.toml").commit("Remove it", date="2026-01-03")
    after = past.scan(FIRST)
    before = replace(after, entry=replace(after.entry, commit=wrong))
    reason = past.change(before, after).unsplit
    assert reason.startswith(f"the configuration of commit {wrong[:7]} is not valid: debtscan.toml")


def test_a_shallow_copy_has_no_old_commit_or_no_old_changes(past: Past) -> None:
    before = past.scan(FIRST)
    past.repository.write("README", "Shop\n").commit("Describe", date="2026-01-06")
    gone = past.change(before, past.scan(FIRST, "--depth=1")).unsplit
    assert gone.startswith(f"commit {before.entry.commit[:7]} is not here any more")
    cut = past.change(before, past.scan(FIRST, "--depth=2")).unsplit
    assert cut == "this copy is shallow, so the changes of then cannot be counted as they were"
    assert not past.change(before, past.scan(FIRST)).unsplit


def test_a_scorecard_whose_groups_are_not_its_points_explains_nothing(past: Past) -> None:
    before = past.scan(FIRST)
    other = replace(before, entry=replace(before.entry, points=before.entry.points + 1))
    assert past.change(other, past.scan(FIRST)).unsplit == "the scorecard of then contradicts itself"
    twice = replace(before.entry, groups=before.entry.groups * 2, points=before.entry.points * 2)
    assert past.change(replace(before, entry=twice), past.scan(FIRST)).unsplit
