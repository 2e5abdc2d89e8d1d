from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from analyzers.config import Config, Gate
from analyzers.model.facts import Facts
from analyzers.model.finding import Severity
from analyzers.model.inventory import Repository
from analyzers.scan import ScanResult
from bot.assemble import build
from bot.store.entries import entry_of
from bot.store.model import Entry
from tests.support.reports import AS_OF, REPOSITORY, SCANNED_AT, sample_result


def _entry(result: ScanResult) -> Entry:
    return entry_of(build(result, scanned_at=SCANNED_AT), result)


def _with_repository(result: ScanResult, repository: Repository) -> ScanResult:
    return replace(result, inventory=replace(result.inventory, repository=repository))


def test_an_entry_says_what_the_scorecard_says() -> None:
    result = sample_result()
    report = build(result, scanned_at=SCANNED_AT)
    entry, card = entry_of(report, result), report.scorecard
    assert (entry.score, entry.low, entry.high, entry.grade) == (card.score, card.low, card.high, card.grade)
    assert (entry.points, entry.unknown, entry.size) == (card.points, card.unknown, card.size)
    assert (entry.commit, entry.branch, entry.as_of) == (REPOSITORY.commit, "main", AS_OF)
    assert [group.score_lost for group in entry.groups] == [group.score_lost for group in card.groups]
    assert list(entry.findings) == list(reversed(Severity))
    assert sum(entry.findings.values()) == len(report.findings)
    assert entry.findings[Severity.HIGH] == sum(row.finding.severity == "high" for row in report.findings)


def test_the_same_scan_is_the_same_entry_whenever_it_runs() -> None:
    result = sample_result()
    later = entry_of(build(result, scanned_at=SCANNED_AT + timedelta(hours=3)), result)
    assert later == _entry(sample_result())
    assert len(later.id) == 16


@pytest.mark.parametrize(
    "changed",
    [
        _with_repository(sample_result(), replace(REPOSITORY, commit="f" * 40)),
        replace(sample_result(), as_of=AS_OF - timedelta(days=1)),
        replace(sample_result(), facts=Facts(looked_up=date(2026, 1, 1))),
        replace(sample_result(), config=Config(gate=Gate(fail_under="B"))),
    ],
    ids=["commit", "as-of", "facts", "config"],
)
def test_another_scan_is_another_entry(changed: ScanResult) -> None:
    assert _entry(changed).id != _entry(sample_result()).id


def test_a_folder_without_commits_has_an_entry_too() -> None:
    entry = _entry(_with_repository(sample_result(), Repository("example/new")))
    assert (entry.commit, entry.branch) == ("", "")


def test_a_branch_that_is_no_text_is_written_out() -> None:
    entry = _entry(_with_repository(sample_result(), replace(REPOSITORY, branch="half\udc80")))
    assert entry.branch == "half\\udc80"
