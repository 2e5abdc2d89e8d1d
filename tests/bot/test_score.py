from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.model.finding import GROUPS, Confidence, Finding
from analyzers.model.inventory import SourceFile
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.model.subject import SubjectKey
from analyzers.scan import ScanResult
from bot import score
from bot.assemble import build
from bot.ruleset import SUBJECT_CAP, grade
from tests.support.reports import SCANNED_AT, finding, sample_result

modest = settings(deadline=None, max_examples=60)
EXPOSURES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
findings_lists = st.lists(
    st.builds(
        lambda group, subject, minutes, exposure, confidence: finding(
            "outdated-dependency",
            group,
            subject,
            minutes=minutes,
            exposure=exposure,
            confidence=confidence,
        ),
        st.sampled_from(GROUPS),
        st.sampled_from("abcdef"),
        st.integers(0, 480),
        st.sampled_from(EXPOSURES),
        st.sampled_from(Confidence),
    ),
    max_size=12,
)
sizes = st.floats(1, 40)


def _score(findings: Sequence[Finding], size: float) -> float:
    return score.score(score.total_points(findings), size)


# Promise 1


@modest
@given(findings_lists, st.data(), sizes)
def test_removing_any_subset_never_lowers_score_or_bounds(
    findings: list[Finding], data: st.DataObject, size: float
) -> None:
    kept = data.draw(st.lists(st.sampled_from(findings), unique_by=id)) if findings else []
    assert _score(kept, size) >= _score(findings, size)
    assert score.low_points(kept, ()) <= score.low_points(findings, ())
    assert score.high_points(kept) <= score.high_points(findings)


@modest
@given(st.lists(st.integers(1, 480), min_size=2, max_size=6), st.permutations(GROUPS), sizes)
def test_equal_points_gained_mean_equal_score_whatever_the_group(
    points: list[int], groups: Sequence[str], size: float
) -> None:
    """Two subjects of equal points, of different groups: paying either back gains the same."""
    twins = [finding("r", group, f"twin-{group}", minutes=points[0]) for group in GROUPS if group in groups[:2]]
    others = [finding("r", "docker", f"other-{index}", minutes=value) for index, value in enumerate(points)]
    first, second = ([*others, twins[0]], [*others, twins[1]])
    assert _score(first, size) == _score(second, size)


@pytest.mark.parametrize(
    ("minutes", "exposure", "points"), [(5, 0.5, 3), (10, 1.0, 10), (0, 4.0, 0), (15, 0.25, 4), (120, 4.0, 480)]
)
def test_points_are_minutes_times_exposure_rounded_up(minutes: int, exposure: float, points: int) -> None:
    assert score.raw_points(finding("r", "docker", "a", minutes=minutes, exposure=exposure)) == points


def test_a_subject_counts_480_at_most_and_its_findings_share_that_in_proportion() -> None:
    heavy = finding("a", "docker", "node", minutes=480, exposure=2.0)
    light = finding("b", "dependencies", "node", minutes=240, exposure=1.0)
    other = finding("c", "docker", "other", minutes=30)
    assert [priced.points for priced in score.price([heavy, other, light])] == [384, 30, 96]
    assert score.total_points([heavy, other, light]) == SUBJECT_CAP + 30


def test_work_is_limited_by_subject_too() -> None:
    everywhere = [finding("a", "dependencies", "django", path=f"{index}/r.txt", minutes=120) for index in range(40)]
    assert sum(priced.effort for priced in score.price(everywhere)) == SUBJECT_CAP


@modest
@given(findings_lists)
def test_prices_sum_to_the_total_and_stay_under_the_limit(findings: list[Finding]) -> None:
    priced = score.price(findings)
    assert sum(entry.points for entry in priced) == score.total_points(findings)
    for key in {entry.key for entry in findings}:
        own = [price.points for entry, price in zip(findings, priced, strict=True) if entry.key == key]
        assert sum(own) <= SUBJECT_CAP


# The formula


@pytest.mark.parametrize(
    ("points", "size", "expected"),
    [(0, 1.0, 100.0), (2400, 1.0, 50.0), (800, 1.0, 75.0), (2400, 3.0, 75.0), (1, 1.0, 99.9583), (7200, 1.0, 25.0)],
)
def test_the_score_is_100_over_1_plus_debt_over_40_hours_times_size(points: int, size: float, expected: float) -> None:
    assert score.score(points, size) == expected


@given(st.integers(1, 10**7), st.floats(1, 1000))
@modest
def test_only_a_repository_without_debt_has_100(points: int, size: float) -> None:
    assert score.score(points, size) < 100


@pytest.mark.parametrize(
    ("lines", "size"), [(0, 1.0), (9_999, 1.0), (10_000, 1.0), (40_000, 2.0), (90_000, 3.0), (1_000_000, 10.0)]
)
def test_size_grows_with_the_root_of_the_lines(lines: int, size: float) -> None:
    assert score.size([SourceFile(path="a", language="python", lines=lines)]) == size


@pytest.mark.parametrize(
    ("value", "letter"),
    [
        (100, "A"),
        (90, "A"),
        (89.9999, "B"),
        (75, "B"),
        (74.9999, "C"),
        (55, "C"),
        (54.9, "D"),
        (35, "D"),
        (34.9, "E"),
        (20, "E"),
        (19.9999, "F"),
        (0, "F"),
    ],
)
def test_grades(value: float, letter: str) -> None:
    assert grade(value) == letter


# Bounds


def test_high_leaves_out_what_is_unsure() -> None:
    sure = finding("r", "docker", "a", minutes=60)
    unsure = finding("r", "docker", "b", minutes=60, confidence=Confidence.MEDIUM)
    assert score.high_points([sure, unsure]) == 60


def test_low_charges_an_unknown_subject_in_full_and_once() -> None:
    known = finding("r", "docker", "a", minutes=60)
    unknown = {SubjectKey("pypi", "a"), SubjectKey("pypi", "lost")}
    assert score.low_points([known], unknown) == 2 * SUBJECT_CAP


@pytest.mark.parametrize(
    ("reason", "charged"),
    [
        ("invalid-syntax", True),
        ("too-large", True),
        ("unreadable", True),
        ("missing-file", True),
        ("reader-failed", True),
        ("vendored", False),
        ("not-rendered", False),
        ("generated", False),
        ("ignored", False),
        ("submodule", False),
        ("git-lfs-pointer", False),
        ("outside-repository", False),
    ],
)
def test_a_file_that_could_not_be_read_is_unknown_and_one_left_out_is_not(reason: SkipReason, charged: bool) -> None:
    skipped = [Skipped(what="file", path="a/package.json", source="package-json", reason=reason) for _twice in "12"]
    assert score.unknown_subjects(skipped) == ({SubjectKey("file", "a/package.json")} if charged else frozenset())


def test_a_rule_that_failed_is_unknown_and_what_nobody_tried_to_read_is_not() -> None:
    skipped = [
        Skipped(what="rule", source="outdated-action", reason="rule-failed"),
        Skipped(what="rule", source="yanked-release", reason="not-dated"),
        Skipped(what="history", source="git", reason="no-history"),
        Skipped(what="file", path="link", source="git", reason="missing-file"),
        Skipped(what="file", source="metrics", reason="not-measured", detail="2 Shell files are not measured"),
    ]
    assert score.unknown_subjects(skipped) == {SubjectKey("rule", "outdated-action")}


@modest
@given(findings_lists, st.sets(st.sampled_from("abcxyz")), sizes)
def test_the_score_lies_between_its_bounds(findings: list[Finding], unknown: set[str], size: float) -> None:
    low = score.score(score.low_points(findings, {SubjectKey("pypi", name) for name in unknown}), 1.0)
    high = score.score(score.high_points(findings), size)
    assert 0 <= low <= _score(findings, size) <= high <= 100


# Promise 2: what one scan can know of it


def _with_clean_lines(result: ScanResult) -> ScanResult:
    more = SourceFile(path="padding.py", language="python", lines=10_000)
    return replace(result, inventory=replace(result.inventory, sources=(*result.inventory.sources, more)))


def _with_fresh_dependencies(result: ScanResult) -> ScanResult:
    first = result.inventory.dependencies[0]
    fresh = tuple(replace(first, name=f"fresh-{index}") for index in range(50))
    return replace(result, inventory=replace(result.inventory, dependencies=result.inventory.dependencies + fresh))


def _unasked(result: ScanResult, reason: SkipReason, ecosystem: str) -> ScanResult:
    lost = {entry.key for entry in result.findings if entry.key.ecosystem == ecosystem}
    skipped = tuple(
        Skipped(what="look-up", source=ecosystem, reason=reason, subject=key) for key in sorted(lost, key=str)
    )
    kept = tuple(entry for entry in result.findings if entry.key not in lost)
    return replace(result, findings=kept, skipped=result.skipped + skipped)


def _with_a_lost_token(result: ScanResult) -> ScanResult:
    return _unasked(result, "refused", "githubactions")


def _without_network(result: ScanResult) -> ScanResult:
    for ecosystem in ("githubactions", "pypi", "npm", "docker"):
        result = _unasked(result, "offline", ecosystem)
    return replace(result, offline=True)


def _with_a_broken_manifest(result: ScanResult) -> ScanResult:
    path = "services/worker/requirements.txt"
    kept = tuple(entry for entry in result.findings if entry.path != path)
    broken = Skipped(what="file", path=path, source="requirements", reason="invalid-syntax")
    return replace(result, findings=kept, skipped=(*result.skipped, broken))


def _with_a_failing_rule(result: ScanResult) -> ScanResult:
    kept = tuple(entry for entry in result.findings if entry.rule != "retired-runner")
    failed = Skipped(what="rule", source="retired-runner", reason="rule-failed")
    return replace(result, findings=kept, skipped=(*result.skipped, failed))


@pytest.mark.parametrize(
    "game",
    [
        _with_clean_lines,
        _with_fresh_dependencies,
        _with_a_lost_token,
        _without_network,
        _with_a_broken_manifest,
        _with_a_failing_rule,
    ],
)
def test_no_game_raises_the_lower_bound(game: Callable[[ScanResult], ScanResult]) -> None:
    result = sample_result()
    before = build(result, scanned_at=SCANNED_AT).scorecard
    after = build(game(result), scanned_at=SCANNED_AT).scorecard
    assert after.low <= before.low


# Promise 3


@modest
@given(findings_lists, sizes)
def test_shares_sum_to_the_loss_exactly(findings: list[Finding], size: float) -> None:
    points = [price.points for price in score.price(findings)]
    groups = [entry.group for entry in findings]
    lost = score.losses(points, groups, size)
    assert sum(map(_exact, lost)) == 100 - _exact(_score(findings, size))
    assert all(part >= 0 for part in lost)
    for group in GROUPS:
        own = [part for part, name in zip(lost, groups, strict=True) if name == group]
        assert _exact(score.summed(own)) == sum(map(_exact, own))


def _exact(value: float) -> Fraction:
    return Fraction(round(value * score.UNIT), score.UNIT)


@modest
@given(st.integers(0, 10**6), st.lists(st.integers(0, 1000), max_size=20))
def test_a_split_sums_to_the_total_and_strays_less_than_one(total: int, weights: list[int]) -> None:
    parts = score.split(total, weights)
    assert sum(parts) == (total if sum(weights) else 0)
    for part, weight in zip(parts, weights, strict=True):
        assert not weight or abs(part - Fraction(total * weight, sum(weights))) < 1


def test_equal_weights_get_their_remainder_in_order() -> None:
    assert score.split(5, [1, 1, 1]) == [2, 2, 1]
    assert score.split(1, [0, 0]) == [0, 0]


@modest
@given(st.lists(st.floats(-500, 500), max_size=20), st.floats(-0.999, 0.999))
def test_rounded_parts_sum_to_a_total_that_is_near_and_stray_less_than_one(exact: list[float], off: float) -> None:
    total = round(sum(exact) + off) if any(exact) else 0
    if abs(total - sum(exact)) >= 1:
        return
    parts = score.rounded(exact, total)
    assert sum(parts) == total
    for part, wanted in zip(parts, exact, strict=True):
        assert abs(part - wanted) <= 1
        assert part == 0 or wanted != 0


def test_the_largest_fraction_is_rounded_up_and_nothing_stays_nothing() -> None:
    assert score.rounded([3.2, 0.0, -17.3], -14) == [3, 0, -17]
    assert score.rounded([3.2, 0.0, -17.3], -15) == [3, 0, -18]
    assert score.rounded([0.5, 0.0, 0.5], 1) == [1, 0, 0]


@modest
@given(st.integers(0, 10**5), st.integers(0, 10**5), sizes)
def test_the_slope_leads_from_one_score_to_the_other(before: int, after: int, size: float) -> None:
    gained = score.slope(before, after, size) * (after - before)
    assert abs(gained - (score.score_units(after, size) - score.score_units(before, size))) < 1.001
    # Where nothing lies between, it is what the next point costs.
    assert score.slope(before, before, size) == pytest.approx(score.slope(before, before + 1, size), rel=1e-3)


# Promise 4


def test_a_replay_a_year_later_gives_the_same_score() -> None:
    now = build(sample_result(), scanned_at=SCANNED_AT)
    later = build(sample_result(), scanned_at=SCANNED_AT.replace(year=2027))
    assert later.scorecard == now.scorecard
    assert later.findings == now.findings


def test_the_order_of_findings_does_not_change_the_score() -> None:
    findings = sample_result().findings[:5]
    assert len({_score(order, 1.0) for order in itertools.permutations(findings)}) == 1
