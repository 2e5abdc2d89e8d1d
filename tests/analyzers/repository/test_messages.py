"""What a commit's message makes of it: a fix, or a program's work."""

from __future__ import annotations

from typing import Any

import pytest

from analyzers.config import Hotspots
from analyzers.repository.messages import IS_BOT, IS_FIX, Messages


def is_fix(message: str, **hotspots: Any) -> bool:  # noqa: ANN401 - any field of Hotspots
    return bool(Messages(Hotspots(**hotspots)).judge(message.encode()) & IS_FIX)


def is_bot(message: str, **hotspots: Any) -> bool:  # noqa: ANN401 - as above
    return bool(Messages(Hotspots(**hotspots)).judge(message.encode()) & IS_BOT)


@pytest.mark.parametrize(
    "message",
    [
        "Fix the total",
        "fix: round up",
        "fix(core)!: round up",
        "Bugfix for rounding",
        "hot-fix: rounding",
        "A regression in rounding\nand its cause",
        "Round up\n\nFixes #12",
        "Round up\r\n\r\nCloses: owner/repo.js#12",
        "Round up (resolved GH-7)",
        "Round up\n\nclose https://github.com/owner/repo/issues/12",
    ],
)
def test_fixes_are_told_by_words_and_by_closed_issues(message: str) -> None:
    assert is_fix(message)


@pytest.mark.parametrize(
    "message",
    [
        "Add a fixture",
        "prefix: names",
        "Debug output",
        "Round up\n\nThis does not fix the bug of rounding down.",
        "Round up (#12)",
        "Round up\n\nSee #12; foreclosed #13; fix12",
        "docs: tell of the bug",
        "feat(ui): round up\n\nCloses #12",
        "chore!: fix the build",
        "TEST(x): fixed flakiness",
        "",
        "\n\n",
    ],
)
def test_other_commits_are_none(message: str) -> None:
    assert not is_fix(message)


def test_patterns_of_ones_own_take_the_place_of_the_bundled_ones() -> None:
    own = ("^Mend\\b", "^chore\\(security\\)")
    assert [is_fix(text, fix_patterns=own) for text in ("Mend it", "chore(security): x", "Fix it", "x Mend")] == [
        True,
        True,
        False,
        False,
    ]
    assert is_fix("Round up\n\nBug-Url: http://tracker/12", issue_patterns=("(?m)^Bug-Url: ",))
    assert not is_fix("Round up\n\nFixes #12", issue_patterns=())


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Bump x\n\nSigned-off-by: dependabot[bot] <support@dependabot.com>", True),
        ("Bump x\n\nsigned-off-by: renovate[bot] <x@y>\nSigned-off-by: mergify <m@y>", True),
        ("Bump x\n\nSigned-off-by: dependabot[bot] <support@dependabot.com>\nSigned-off-by: Ada <ada@x>", False),
        ("Work\n\nCo-authored-by: pre-commit-ci[bot] <66853113+pre-commit-ci[bot]@users.noreply.github.com>", False),
        ("Work\n\nSigned-off-by: Ada <ada@x>\nCo-authored-by: dependabot[bot] <support@dependabot.com>", False),
        ("Work\n\nSigned-off-by:", False),
    ],
)
def test_who_signs_off_tells_programs_from_people(message: str, expected: bool) -> None:
    assert is_bot(message) is expected


def test_further_names_and_trailers_can_be_stated() -> None:
    message = "Work\n\nsome: thing\n\nChange-Id: 12\nMade-By: release machine"
    assert is_bot(message, bot_trailers=("made-by: *machine",))
    assert not is_bot(message, bot_trailers=("some: *",))
    assert is_bot("Work\n\nSigned-off-by: Robby <r@x>", bots=("robby",))


def test_a_huge_message_takes_no_longer_than_the_part_that_is_read() -> None:
    assert not is_fix("x " * 50_000 + "fixes #12")
    assert not is_fix("fix" * 20_000 + " " * 50_000)
