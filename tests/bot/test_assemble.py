from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from analyzers.scan import ScanResult
from bot.assemble import build, fingerprints
from tests.support.reports import (
    HOSTILE_NAMES,
    SCANNED_AT,
    empty_report,
    finding,
    perfect_report,
    sample_report,
    sample_result,
    unjudged_report,
)


def test_a_fingerprint_survives_line_moves() -> None:
    result = sample_result()
    moved = [replace(entry, line=entry.line + 100, end_line=entry.end_line + 100) for entry in result.findings]
    assert fingerprints(moved) == fingerprints(result.findings)


def test_a_fingerprint_survives_the_rename_of_another_file() -> None:
    one, other = (finding("r", "docker", "node", path=path) for path in ("a", "b"))
    renamed = replace(other, path="c")
    assert fingerprints([one, other])[0] == fingerprints([one, renamed])[0]
    assert fingerprints([one, other])[1] != fingerprints([one, renamed])[1]


def test_like_findings_have_fingerprints_of_their_own() -> None:
    same = [finding("r", "docker", "node", line=line) for line in (1, 2, 3)]
    assert len(set(fingerprints(same))) == 3


def test_every_name_has_a_fingerprint() -> None:
    made = fingerprints([finding("r", "docker", "a", path=path) for path in HOSTILE_NAMES])
    assert len(set(made)) == len(HOSTILE_NAMES)
    assert all(len(name) == 20 for name in made)


def test_what_is_set_aside_leaves_the_score_and_is_shown() -> None:
    report = sample_report()
    nose, six = sorted(report.ignored, key=lambda entry: entry.charged.finding.subject.name)
    assert (nose.charged.points, nose.charged.score_lost, nose.false_positive) == (240, 0.0, False)
    assert six.false_positive
    assert report.scorecard.accepted_minutes == 240
    assert report.scorecard.accepted_until == date(2027, 1, 31)
    without = build(replace(sample_result(), ignored=()), scanned_at=SCANNED_AT).scorecard
    assert (without.score, without.low) == (report.scorecard.score, report.scorecard.low)


def test_libyears_count_a_package_once() -> None:
    # django, flask and numpy stand in two files each.
    python = 6.9 + 5.1 + 4.0 + 3.7 + 0.1 + 1.7
    node = sum(0.5 + index / 4 for index in range(12))
    assert sample_report().scorecard.libyears == pytest.approx(python + node)


def test_findings_come_worst_first() -> None:
    points = [charged.points for charged in sample_report().findings]
    assert points == sorted(points, reverse=True)


def test_group_shares_hold_every_finding() -> None:
    report = sample_report()
    groups = report.scorecard.groups
    assert sum(share.findings for share in groups) == len(report.findings)
    assert sum(share.points for share in groups) == report.scorecard.points
    assert sum(share.effort_minutes for share in groups) == report.scorecard.effort_minutes


def test_hotspots_carry_what_their_findings_say() -> None:
    first = sample_report().hotspots[0]
    assert (first.function, first.complexity, first.revisions) == ("Checkout.step_0", 60, 40)
    assert first.reasons == ("complexity 60", "30 revisions in 12 months", "4 authors")
    assert len(first.trend) == 12


def test_every_source_file_is_on_the_map() -> None:
    report = sample_report()
    assert len(report.files) == len(report.inventory.sources) == 300
    busy = next(size for size in report.files if size.path == "services/api/module_001.py")
    assert (busy.revisions, busy.complexity) == (39, 59)
    assert busy.points > 0


def test_owners_come_from_codeowners() -> None:
    owners = {charged.finding.path: charged.owners for charged in sample_report().findings}
    assert owners["web/package.json"] == ("@example/web", "@alice")
    assert owners["compose.yaml"] == ("@example/core",)


def test_an_empty_and_a_perfect_repository_have_100() -> None:
    for report in (empty_report(), perfect_report()):
        assert (report.scorecard.low, report.scorecard.score, report.scorecard.grade) == (100.0, 100.0, "A")


def test_what_was_not_judged_lowers_the_lower_bound() -> None:
    card = unjudged_report().scorecard
    assert card.unknown == 5
    assert card.low == 50.0


@pytest.mark.parametrize("result", [sample_result()])
def test_the_same_result_gives_the_same_report(result: ScanResult) -> None:
    assert build(result, scanned_at=SCANNED_AT) == build(sample_result(), scanned_at=SCANNED_AT)
