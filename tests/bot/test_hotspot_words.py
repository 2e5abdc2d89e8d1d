from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from analyzers.model.history import Coupling
from analyzers.model.language import Branch
from analyzers.model.target import Target
from bot import hotspot_words as words
from bot import wording
from bot.hotspots import Counted
from bot.scorecard import FileSize
from tests.support.hotspots import empty_hotspots, quiet_hotspots, sample_hotspots

SPOT = sample_hotspots().functions[0]
SIZE = FileSize(path="a.py", lines=10, revisions=3, complexity=4, points=0)
TARGET = Target(path="a.py", name="f", line=1, end_line=90, complexity=40)


def known(main: str, share: float, *, ever: int, gone: int, present: tuple[str, float] | None) -> FileSize:
    """Return a file with what is known of its authors."""
    author, part = present or (None, None)
    return replace(
        SIZE,
        main_author=main,
        main_share=share,
        authors_ever=ever,
        authors_gone=gone,
        present_author=author,
        present_share=part,
    )


def history(*left_out: tuple[str, int], commits: int = 12, complete: bool = True) -> Counted:
    since, until = date(2025, 11, 23), date(2026, 11, 22)
    return Counted(since=since, until=until, commits=commits, left_out=left_out, complete=complete)


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        (history(), "12 commits from 2025-11-23 to 2026-11-22 count"),
        (history(commits=1), "1 commit from 2025-11-23 to 2026-11-22 counts"),
        (
            history(("bot", 1), ("merge", 1200), ("new|filter", 3)),
            "12 commits from 2025-11-23 to 2026-11-22 count; left out: 1,200 merges, 3 new|filter and 1 by a bot",
        ),
        (
            history(complete=False),
            "12 commits from 2025-11-23 to 2026-11-22 count. The clone ends there, so all counts are lower bounds",
        ),
    ],
)
def test_which_commits_count(counted: Counted, said: str) -> None:
    assert words.commits(counted) == said


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (None, ""),
        (SIZE, ""),
        (
            known("Ada", 0.625, ever=23, gone=15, present=("Ada", 0.625)),
            "Ada, 62 % of its commits; 15 of 23 authors gone for a year",
        ),
        (
            known("Ada", 0.5, ever=2, gone=0, present=("Ada", 0.5)),
            "Ada, 50 % of its commits; none of its authors is gone",
        ),
        (
            known("A\x1b[31m", 1.0, ever=1, gone=0, present=("A\x1b[31m", 1.0)),
            "A\\x1b[31m, 100 % of its commits; nobody else",
        ),
        (
            known("Ada", 0.58, ever=9, gone=4, present=("Bob", 0.08)),
            "Bob, 8 % of its commits; Ada, 58 %, is gone for a year, as are 3 others of 9",
        ),
        (
            known("Ada", 0.58, ever=2, gone=1, present=("Bob", 0.42)),
            "Bob, 42 % of its commits; Ada, 58 %, is gone for a year",
        ),
        (
            known("Ada", 0.58, ever=2, gone=2, present=None),
            "nobody who is still here; Ada, 58 % of its commits, is gone for a year, as is 1 other",
        ),
    ],
)
def test_who_knows_a_file(size: FileSize | None, said: str) -> None:
    assert words.known_by(size) == said


def test_what_changes_with_a_file() -> None:
    pairs = [
        Coupling(one="a.py", other=f"b{at}.py", together=9 - at, one_revisions=10, other_revisions=20)
        for at in range(5)
    ]
    pairs.append(Coupling(one="A.py", other="a.py", together=2, one_revisions=7, other_revisions=10))
    assert words.changes_with("a.py", pairs) == (
        "b0.py, in 9 of 10 commits",
        "b1.py, in 8 of 10 commits",
        "b2.py, in 7 of 10 commits",
        "and 3 more",
    )
    assert words.changes_with("A.py", pairs) == ("a.py, in 2 of 7 commits",)
    assert words.changes_with("c.py", pairs) == ()


@pytest.mark.parametrize(
    ("complexities", "said"),
    [((), ""), ((None, None), ""), ((4, 4, None), ""), ((None, 4, 9, 7), "4 → 7"), ((9, None, 4), "9 → 4")],
)
def test_how_a_function_grew(complexities: tuple[int | None, ...], said: str) -> None:
    assert words.growth(replace(SPOT, complexities=complexities)) == said


def test_what_to_take_out() -> None:
    parts = tuple(Branch(line=at, end_line=at + 5 * (at > 10), kind="if", complexity=at, nesting=0) for at in (10, 20))
    assert words.take_out(replace(TARGET, branches=parts)) == "lines 10 (if, complexity 10) and 20–25 (if, 20)"
    assert words.take_out(replace(TARGET, branches=parts * 3)).endswith("and 2 more")
    assert words.take_out(replace(TARGET, reason="it has \x1b no branches")) == "it has \\x1b no branches"
    assert words.take_out(None) == ""


def test_which_tests_mention_it() -> None:
    assert words.tests(None) == ""
    assert words.tests(TARGET) == "none was seen"
    assert words.tests(replace(TARGET, tests_complete=False)) == "none was seen; not every test was looked at"
    assert words.tests(replace(TARGET, tests=("t/a.py", "t/b.py"), tests_seen=2)) == "t/a.py and t/b.py"
    some = replace(TARGET, tests=("t/a.py",), tests_seen=8)
    assert words.tests(some) == "t/a.py and 7 more"
    assert words.tests(replace(some, tests_complete=False)) == "t/a.py and 7 more; not every test was looked at"


def test_what_is_said_without_hotspots() -> None:
    quiet = quiet_hotspots()
    assert words.nothing(sample_hotspots()) == ""
    assert words.nothing(empty_hotspots()) == "There is no code here that debtscan reads."
    assert words.nothing(quiet) == "No hotspot: no function is both complicated and often changed."
    assert words.nothing(replace(quiet, accepted=2)).endswith("often changed. 2 hotspots set aside.")
    assert words.nothing(replace(quiet, history=None)).startswith("Nothing is known of changes here")
    unmeasured = replace(quiet, files=tuple(replace(size, complexity=0) for size in quiet.files))
    assert words.nothing(unmeasured).startswith("No function was measured in the languages")


def test_a_long_window_is_drawn_in_columns_of_several_months() -> None:
    assert words.commits_over_time([0] * 11 + [7]) == "▁" * 11 + "█"
    assert words.commits_over_time(list(range(24))) == wording.steps(list(range(24)))
    assert words.commits_over_time([1] * 25) == wording.steps([1, *[2] * 12])
    assert len(words.commits_over_time([1] * 600)) == 24
    assert words.commits_over_time([]) == ""
    assert words.complexity_over_time([None] * 24 + [4, None]) == " " * 12 + "█"
    assert [words.months_a_column([0] * months) for months in (0, 1, 24, 25, 120)] == [1, 1, 1, 2, 5]


def test_hotspots_of_a_small_part_of_the_code_are_told_as_that() -> None:
    report = sample_hotspots()
    assert words.caveat(report) == ""
    script = replace(report.elsewhere[0], lines=9000)
    assert words.caveat(replace(report, files=(*report.files, script))).startswith("Most of the code that changed here")
    assert words.caveat(replace(report, files=(script,), functions=())) == ""
