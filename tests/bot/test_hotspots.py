from __future__ import annotations

from dataclasses import replace

from bot.hotspots import hotspot_report, ranked, weight
from bot.scorecard import FileSize
from tests.support.hotspots import BASE, SHELL, WORKER, empty_hotspots, quiet_hotspots, sample_hotspots
from tests.support.reports import sample_report


def size(path: str, *, lines: int = 60, revisions: int = 6, complexity: int = 0, points: int = 0) -> FileSize:
    return FileSize(path=path, lines=lines, revisions=revisions, complexity=complexity, points=points)


def test_functions_come_dearest_first_with_what_measuring_says() -> None:
    first, second, *_rest = sample_hotspots().functions
    assert (first.path, first.function, first.line, first.end_line) == (BASE, "App.send", 120, 243)
    assert (first.language, first.nesting, first.parameters, first.effort_minutes) == ("python", 6, 9, 330)
    assert (first.revisions, first.fixes, first.followed) == (30, 9, True)
    assert first.complexities[2:] == (21, 21, 24, 24, 26, 31, 31, 34, 38, 41)
    assert (second.path, second.revisions, second.followed) == (WORKER, 31, False)


def test_functions_of_one_name_are_told_apart() -> None:
    lines = {spot.line: spot.complexity for spot in sample_hotspots().functions if spot.path == BASE}
    assert lines == {120: 41, 400: 12}


def test_files_come_by_points_and_then_by_weight() -> None:
    files = ranked(
        [
            size("calm.py", complexity=90, revisions=5),
            size("script.sh", lines=400),
            size("busy.py", complexity=30, revisions=24),
            size("charged.py", points=1),
            size("once.py", complexity=400, revisions=2),
        ]
    )
    assert [found.path for found in files] == ["charged.py", "busy.py", "script.sh", "calm.py"]


def test_a_file_weighs_the_same_whatever_stands_beside_it() -> None:
    one, other = size("a.py", complexity=30), size("b.py", complexity=99)
    assert ranked([one, other]) == (other, one)
    assert weight(one) == weight(replace(one, path="c.py")) == 30.0


def test_files_that_nobody_changed_are_on_the_map_alone() -> None:
    assert [found.path for found in ranked([size("still.py", revisions=0, points=9)])] == []


def test_a_language_without_functions_is_ranked_by_file() -> None:
    report = sample_hotspots()
    assert SHELL in {found.path for found in report.files}
    assert SHELL not in {spot.path for spot in report.functions}


def test_the_report_says_which_commits_it_rests_on() -> None:
    history = sample_hotspots().history
    assert history is not None
    assert (history.commits, dict(history.left_out)["bot"], history.complete) == (812, 120, True)


def test_what_was_set_aside_is_counted() -> None:
    report = sample_report()
    aside = report.ignored[0]
    spot = replace(aside, charged=report.findings[0])
    assert {entry.charged.finding.group for entry in report.ignored} == {"dependencies"}
    assert spot.charged.finding.group == "hotspots"
    assert hotspot_report(replace(report, ignored=(spot, aside))).accepted == 1


def test_without_history_nothing_is_a_hotspot() -> None:
    report = empty_hotspots()
    assert (report.functions, report.files, report.history) == ((), (), None)
    assert quiet_hotspots().functions == ()
    assert quiet_hotspots().history is not None
