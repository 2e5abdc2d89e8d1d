"""The parts of a change sum to it, and the items of a part to the part, whatever moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.model.finding import GROUPS, Finding
from analyzers.model.inventory import SourceFile
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.scan import ScanResult
from analyzers.set_aside import Ignored
from bot import score
from bot.assemble import build
from bot.change import last_before, split, whole
from bot.change_items import Item, between
from bot.ruleset import HALVING_MINUTES
from bot.store.entries import entry_of
from bot.store.model import Entry
from tests.support.moved import assert_sums
from tests.support.reports import SCANNED_AT, finding, sample_result

EMPTY = replace(sample_result(), findings=(), ignored=(), skipped=())
modest = settings(deadline=None, max_examples=60)
findings_lists = st.lists(
    st.builds(
        lambda group, subject, path, minutes: finding(
            "outdated-dependency", group, subject, path=path, minutes=minutes
        ),
        st.sampled_from(GROUPS),
        st.sampled_from("abcd"),
        st.sampled_from(("x.py", "y.py")),
        st.integers(0, 480),
    ),
    max_size=12,
)


def judged(findings: Sequence[Finding] = (), lines: int = 0) -> ScanResult:
    sources = (SourceFile(path="a.py", language="python", lines=lines),)
    return replace(EMPTY, findings=tuple(findings), inventory=replace(EMPTY.inventory, sources=sources))


judgements = st.builds(judged, findings_lists, st.integers(0, 2_000_000))


def entry(result: ScanResult) -> Entry:
    return entry_of(build(result, scanned_at=SCANNED_AT), result)


@modest
@given(judgements, judgements, judgements, judgements, st.integers(600, 9000))
def test_parts_and_items_sum_exactly_whatever_moved(
    then: ScanResult, old: ScanResult, world: ScanResult, today: ScanResult, halving: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(score, "HALVING_MINUTES", halving)
        since = entry(then)
    assert_sums(split(since, old, world, today))


@modest
@given(judgements)
def test_nothing_is_told_of_what_stayed(result: ScanResult) -> None:
    change = split(entry(result), result, result, result)
    assert (change.own, change.world, change.rules, change.items) == (0, 0, 0, ())


@modest
@given(findings_lists, findings_lists, st.integers(1, 200))
def test_an_item_costs_what_its_points_do_and_no_sign_turns(
    old: list[Finding], new: list[Finding], thousands: int
) -> None:
    """However small the sum is of what came and what went, each item keeps its own weight."""
    for item in between("own", judged(old, thousands * 1000), judged(new, thousands * 1000)):
        assert item.score * item.points <= 0
        assert abs(item.score) <= abs(item.points) * 100 / HALVING_MINUTES + 1 / score.UNIT


def test_losses_and_gains_that_cancel_keep_their_weight() -> None:
    one, other = (finding("r", "docker", name, minutes=480) for name in "ab")
    items = between("own", judged([one]), judged([other]))
    assert {(item.how, item.points, item.score) for item in items} == {("came", 480, -13.8889), ("went", -480, 13.8889)}


def _only(before: ScanResult, after: ScanResult) -> Item:
    (item,) = between("world", before, after)
    return item


def test_what_only_stands_in_another_file_now_is_no_cause() -> None:
    old = [finding("r", "docker", "a", path="one"), finding("r", "docker", "a", path="two")]
    new = [finding("r", "docker", "a", path="three")]
    assert [(item.how, item.path) for item in between("own", judged(old), judged(new))] == [("went", "two")]


def test_an_ignore_accepts_a_finding_and_its_end_exposes_it() -> None:
    one = finding("r", "docker", "a")
    aside = replace(judged(), ignored=(Ignored(finding=one, reason="later", until=date(2026, 12, 1)),))
    assert _only(judged([one]), aside).how == "accepted"
    assert _only(aside, judged([one])).how == "exposed"


@pytest.mark.parametrize(
    ("what", "source", "path", "reason"),
    [
        ("look-up", "pypi", "pyproject.toml", "time-out"),
        ("file", "pyproject", "pyproject.toml", "invalid-syntax"),
        ("rule", "outdated-dependency", "", "rule-failed"),
    ],
)
def test_what_cannot_be_judged_any_more_is_not_mended(what: str, source: str, path: str, reason: SkipReason) -> None:
    one = finding("outdated-dependency", "dependencies", "a")
    subject = one.key if what == "look-up" else None
    lost = Skipped(what=what, source=source, path=path, reason=reason, subject=subject)  # type: ignore[arg-type] # a word
    assert _only(judged([one]), replace(judged(), skipped=(lost,))).how == "unknown"
    assert _only(replace(judged(), skipped=(lost,)), judged([one])).how == "known"
    # What could not be judged before either is no reason for anything.
    assert _only(replace(judged([one]), skipped=(lost,)), replace(judged(), skipped=(lost,))).how == "went"


@pytest.mark.parametrize(
    ("details", "title", "since"),
    [
        ({"released": "2026-11-20"}, "a is behind", date(2026, 11, 20)),
        ({"released": "2026-11-19"}, "a is behind", None),
        ({"released": "2026-11-23"}, "a is behind", None),
        ({"end_of_life": "2026-11-20"}, "a ended on 2026-11-20", None),
        ({"released": None, "since": "soon"}, "a is behind", None),
    ],
)
def test_a_day_between_the_two_judgements_is_told_once(
    details: dict[str, str | int | float | bool | None], title: str, since: date | None
) -> None:
    one = finding("r", "dependencies", "a", title=title, details=details)
    before, after = replace(judged(), as_of=date(2026, 11, 19)), replace(judged([one]), as_of=date(2026, 11, 22))
    assert _only(before, after).since == since


def test_the_rules_part_names_groups_formula_and_size() -> None:
    one = [finding("r", "docker", "a", minutes=100), finding("r", "actions", "b", minutes=60)]
    then = judged(one[:1], 40_000)
    since = replace(entry(then), score=90.0, size=1.0)
    change = split(since, judged(one, 40_000), judged(one, 40_000), judged(one, 40_000))
    assert_sums(change)
    assert [(item.how, item.points, item.title) for item in change.items] == [
        ("group", 60, "actions: 60 points in place of 0"),
        ("formula", 0, "the formula of ruleset 1 on the same points"),
        ("size", 0, "the code counts with size 2.00 in place of 1.00"),
    ]


def test_a_change_that_cannot_be_split_says_why_and_still_sums_up() -> None:
    since = entry(judged())
    change = whole(since, judged([finding("r", "docker", "a", minutes=480)]), "the Facts of then are not kept any more")
    assert (change.score, change.grade_before, change.grade_after) == (-16.6667, "A", "B")
    assert (change.points_before, change.points_after) == (0, 480)
    assert (change.own, change.world, change.rules, change.items) == (0, 0, 0, ())


def test_a_repeated_scan_is_compared_with_what_came_before_it() -> None:
    one, two, three = (replace(entry(judged()), id=name) for name in "abc")
    assert last_before((), "a") is None
    assert last_before((one,), "a") is None
    assert last_before((one, two), "c") == two
    assert last_before((one, two, three), "c") == two
