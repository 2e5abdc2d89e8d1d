"""Bodies: what they say, how they are shortened, and that nothing of strangers is more than text in them."""

from __future__ import annotations

import re

import pytest

from analyzers.read import ecosystems
from bot.upgrade.body import MOST, body
from bot.upgrade.marker import marker_of, parse
from bot.upgrade.notes import notes_of
from tests.support.upgrades import (
    NOTES,
    OTHERS,
    PROBLEM,
    REFUSED,
    background,
    move,
    note_facts,
    previewed,
    upgrade,
    written,
)


def _notes(text: str = NOTES) -> dict[str, object]:
    return {"notes": notes_of([move()], note_facts({"v2.32.3": text, "v2.19.0": "old"}), ecosystems())}


def test_a_body_says_what_moves_what_that_wins_and_what_was_checked() -> None:
    text = body(written(others=OTHERS), background(**_notes()))
    for said in (
        "**C 55.1 → C 57.1** Merging it pays back 150 of 1,950 points of debt and mends 2 findings",
        "<code>2.19.0</code> 2018-06-12, 8.4 years old | <code>2.32.3</code> 2024-05-29, 2.5 years old | minor |",
        "[CVE-2023-32681](<https://osv.dev/vulnerability/GHSA-j8r2-6x86-q33q>) | medium",
        "Drop support for Python 3.7",
        "<code>shop/api.py</code> (31 changes)",
        "[all changes](<https://github.com/psf/requests/compare/v2.19.0...v2.32.3>)",
        "<code>urllib3</code> | 1.24.3 | 2.2.1 | required by requests 2.32.3",
        "<code>requirements.txt</code> remade by its own tool",
        "the merged tree scanned on <code>01234567</code> as of 2026-11-22",
        "- alone, because it is a security update",
        "Close this pull request",
    ):
        assert said in text
    assert parse(text) == marker_of(written(others=OTHERS))


def test_a_draft_says_first_why_it_is_one() -> None:
    text = body(written(problems=(PROBLEM,), refused=(REFUSED,)), background())
    assert text.startswith(
        "> **Draft: this cannot be merged as it is.**\n> <code>poetry.lock</code> could not be remade"
    )
    assert "<code>flask</code> is left as it is: its hashes are not known" in text


@pytest.mark.parametrize(
    ("other_debt", "said"),
    [
        (1800, "**C 55.1 → C 57.1**"),
        (0, "**B 94.1 → A 100**"),
    ],
)
def test_the_headline_says_the_grade_before_and_after(other_debt: int, said: str) -> None:
    text = body(written(), background(preview=previewed(other_debt=other_debt)))
    assert said.replace("B 94.1", "A 94.1") in text


def test_a_gain_too_small_to_show_is_never_none() -> None:
    text = body(written(), background(preview=previewed(other_debt=3_000_000)))
    assert "(+ < 0.1)" in re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), text)


def test_without_a_preview_nothing_is_claimed() -> None:
    text = body(written(), background(preview=None))
    assert "What it wins was not computed." in text
    assert "scanned" not in text


def test_a_long_body_is_shortened_from_its_least_important_end_and_says_so() -> None:
    moves = tuple(move(f"package-{number}", advisories=()) for number in range(300))
    long = note_facts({"v2.32.3": "- a sentence of @notes\n" * 3000, "v2.19.0": ""}, "psf/package-1")
    text = body(written(upgrade(*moves), others=OTHERS * 300), background(notes=notes_of(moves, long, ecosystems())))
    assert len(text) <= MOST
    assert "This text was shortened" in text
    assert "<code>package-9</code>" in text
    assert parse(text)
