from __future__ import annotations

from dataclasses import replace
from datetime import date

from analyzers.model.finding import Finding
from analyzers.model.skipped import Skipped
from analyzers.scan import ScanResult
from analyzers.set_aside import Ignored
from bot.comparison import Comparison, compare
from tests.support.reports import SCANNED_AT, finding, sample_result

SAMPLE = sample_result()


def _found(name: str, *, path: str = "requirements.txt", points: int = 30) -> Finding:
    return replace(
        finding("outdated-dependency", "dependencies", name, path=path, line=1), minutes=points, exposure=1.0
    )


ANT, BEE, CAT = _found("ant"), _found("bee"), _found("cat")


def _result(*findings: Finding, skipped: tuple[Skipped, ...] = (), ignored: tuple[Finding, ...] = ()) -> ScanResult:
    aside = tuple(Ignored(finding=one, reason="later", until=date(2027, 1, 1), false_positive=False) for one in ignored)
    return replace(SAMPLE, findings=findings, ignored=aside, skipped=skipped)


def _compare(base: ScanResult, head: ScanResult) -> Comparison:
    return compare(base, head, scanned_at=SCANNED_AT)


def _names(charged: object) -> list[str]:
    assert isinstance(charged, tuple)
    return [one.finding.subject.name for one in charged]


def test_what_is_new_and_what_is_mended_is_told_apart_from_what_stays() -> None:
    found = _compare(_result(ANT, BEE), _result(BEE, CAT))
    assert (_names(found.fresh), _names(found.mended)) == (["cat"], ["ant"])
    assert not found.is_silent
    assert [one.finding.subject.name for one in found.after.findings if one.new] == ["cat"]


def test_the_same_on_both_sides_is_silent() -> None:
    found = _compare(_result(ANT), _result(replace(ANT, line=9, end_line=9)))
    assert found.is_silent
    assert found.score_won == 0


def test_a_finding_that_only_moves_to_another_file_is_neither_new_nor_mended() -> None:
    found = _compare(_result(ANT), _result(_found("ant", path="other/requirements.txt")))
    assert found.is_silent
    assert found.moved == 1
    assert not any(one.new for one in found.after.findings)


def test_one_more_of_the_same_in_another_file_is_new() -> None:
    found = _compare(_result(ANT), _result(ANT, _found("ant", path="other/requirements.txt")))
    assert (_names(found.fresh), found.moved) == (["ant"], 0)


def test_what_counts_otherwise_is_told_with_the_difference() -> None:
    found = _compare(_result(ANT, BEE), _result(_found("ant", points=50), _found("bee", points=10)))
    assert [(one.after.finding.subject.name, one.points) for one in found.worse] == [("ant", 20)]
    assert [(one.after.finding.subject.name, one.points) for one in found.better] == [("bee", -20)]


def test_what_the_change_itself_sets_aside_is_not_mended() -> None:
    found = _compare(_result(ANT), _result(ignored=(ANT, BEE)))
    assert found.mended == ()
    assert [one.charged.finding.subject.name for one in found.accepted] == ["ant", "bee"]
    assert _compare(_result(ignored=(ANT,)), _result(ignored=(ANT,))).is_silent


def test_what_cannot_be_read_any_more_is_not_mended() -> None:
    broken = Skipped(what="file", path="requirements.txt", reason="invalid-syntax", detail="line 1")
    found = _compare(_result(ANT), _result(skipped=(broken,)))
    assert (_names(found.unseen), found.mended, found.unjudged) == (["ant"], (), (broken,))
    other = Skipped(what="file", path="other.txt", reason="invalid-syntax", detail="line 1")
    assert _names(_compare(_result(ANT), _result(skipped=(other,))).mended) == ["ant"]


def test_what_could_not_be_looked_up_any_more_is_not_mended() -> None:
    silent = Skipped(what="look-up", source="pypi", reason="time-out", subject=ANT.key)
    found = _compare(_result(ANT), _result(skipped=(silent,)))
    assert (_names(found.unseen), found.unjudged) == (["ant"], (silent,))


def test_a_look_up_without_an_answer_is_named_and_is_no_reason_to_speak() -> None:
    silent = Skipped(what="look-up", source="pypi", reason="time-out", subject=BEE.key)
    found = _compare(_result(ANT), _result(ANT, skipped=(silent,)))
    assert found.unjudged == (silent,)
    assert found.is_silent


def test_a_file_that_the_change_breaks_is_a_reason_to_speak() -> None:
    broken = Skipped(what="file", path="new.txt", reason="invalid-syntax")
    assert not _compare(_result(ANT), _result(ANT, skipped=(broken,))).is_silent


def test_what_was_judged_by_a_bundled_table_was_judged() -> None:
    bundled = Skipped(what="look-up", source="endoflife", reason="bundled-table", subject=BEE.key)
    assert _compare(_result(ANT), _result(ANT, skipped=(bundled,))).unjudged == ()


def test_what_could_not_be_judged_before_either_is_no_news() -> None:
    broken = Skipped(what="file", path="x.txt", reason="invalid-syntax", detail="line 1")
    still = replace(broken, detail="line 7")
    assert _compare(_result(ANT, skipped=(broken,)), _result(ANT, skipped=(still,))).is_silent


def test_test_data_that_is_added_is_no_news() -> None:
    added = Skipped(what="file", path="tests/fixtures/requirements.txt", reason="test-data")
    assert _compare(_result(ANT), _result(ANT, skipped=(added,))).is_silent
