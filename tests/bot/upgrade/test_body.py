"""Bodies: what they say, how they are shortened, and that nothing of strangers is more than text in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey
from analyzers.read import ecosystems
from bot.upgrade.body import MOST, Background, body
from bot.upgrade.marker import marker_of, parse
from bot.upgrade.model import LeftOut, LockProblem, OtherMove, Written
from bot.upgrade.notes import Notes, notes_of
from bot.upgrade.preview import compare
from bot.upgrade.usage import Usage, UsedIn
from tests.support.harmless import assert_harmless
from tests.support.snapshots import assert_snapshot
from tests.support.upgrades import (
    AS_OF,
    FLAW,
    NOTES,
    OTHERS,
    PROBLEM,
    REFUSED,
    background,
    finding,
    move,
    note_facts,
    previewed,
    result,
    upgrade,
    written,
)

FIXTURES = Path(__file__).parent / "fixtures" / "body"


def _notes(text: str = NOTES) -> Mapping[str, Notes]:
    return notes_of([move()], note_facts({"v2.32.3": text, "v2.19.0": "old"}), ecosystems())


def test_a_body_says_what_moves_what_that_wins_and_what_was_checked() -> None:
    text = body(written(others=OTHERS, tools=("uv 0.9.2",)), background(notes=_notes()))
    for said in (
        "**C 55.1 → C 57.1** Merging it pays back 150 of 1,950 points of debt and mends 2 findings",
        "<code>requests</code><br>minor | <code>2.19.0</code><br>2018&#8209;06&#8209;12 · 8.4&nbsp;years old |",
        "[CVE-2023-32681](<https://osv.dev/vulnerability/GHSA-j8r2-6x86-q33q>), medium, <code>requests</code>: Proxy-",
        "Drop support for Python 3.7",
        "<code>shop/api.py</code> (31 changes)",
        "[all changes](<https://github.com/psf/requests/compare/v2.19.0...v2.32.3>)",
        "<code>urllib3</code> | 1.24.3 | 2.2.1 | required by requests 2.32.3",
        "<code>requirements.txt</code> made anew by its own tool: uv 0.9.2",
        "the merged tree scanned on <code>01234567</code> as of 2026-11-22",
        "- alone, because it is a security update",
        "Close this pull request",
    ):
        assert said in text
    assert parse(text) == marker_of(written(others=OTHERS, tools=("uv 0.9.2",)))


def test_both_versions_are_spelled_alike_and_the_marker_holds_the_exact_one() -> None:
    text = body(written(upgrade(move(target="v2.32.3"))), background())
    assert "<code>v2.19.0</code>" in text
    assert "<code>v2.32.3</code>" in text
    assert parse(text) == marker_of(written(upgrade(move(target="v2.32.3"))))


def test_a_draft_says_first_why_it_is_one() -> None:
    text = body(written(problems=(PROBLEM,), refused=(REFUSED,)), background())
    assert text.startswith(
        "> **Draft: this cannot be merged as it is.**\n>\n> - <code>poetry.lock</code> could not be made anew"
    )
    assert "<code>flask</code> is left as it is: its hashes are not known" in text


def test_a_lock_that_was_made_and_is_doubted_is_not_called_missing() -> None:
    doubted = LockProblem(lock="requirements.txt", tool="uv", detail="it goes back to an older version of idna")
    text = body(written(problems=(doubted,), tools=("uv 0.9.2",)), background())
    assert "> - <code>requirements.txt</code> needs a look as made anew by uv: it goes back" in text
    assert "<code>requirements.txt</code> made anew by its own tool: uv 0.9.2" in text
    assert "1 file edited and read again" in text
    assert "lockfiles that are missing" not in text
    assert "lockfiles that are missing" in body(written(problems=(PROBLEM,)), background())


def test_what_was_not_judged_is_told_in_words_and_once() -> None:
    skipped = tuple(
        Skipped(
            what="dependency", source="osv", subject=SubjectKey("pypi", name), reason="unreachable",
            detail=f"{name}: api.osv.dev has no known address",
        )
        for name in ("requests", "idna")
    )  # fmt: skip
    moves = (move(), move("idna"))
    notes = {one.mark: Notes(missing="GitHub gave none: unreachable") for one in moves}
    made = replace(background(preview=replace(previewed(), unjudged=skipped)), notes=notes)
    text = body(written(upgrade(*moves)), made)
    assert (
        "- <code>requests</code> and <code>idna</code>: the source could not be reached "
        "&#40;api.osv.dev has no known address&#41;" in text
    )
    assert "- release notes of <code>requests</code> and <code>idna</code>: GitHub gave none&#58; unreachable" in text


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


@pytest.mark.parametrize("other_debt", range(300, 3000, 300))
def test_the_gain_is_that_of_the_scores_as_they_are_shown(other_debt: int) -> None:
    text = body(written(), background(preview=previewed(other_debt=other_debt)))
    found = re.search(r"\*\*\w ([\d.]+) → \w ([\d.]+)\*\*.* the score gains ([\d.]+)\.", text)
    assert found
    before, after, gained = map(float, found.groups())
    assert round(after - before, 1) == gained


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


HOSTILE = (
    "a|b`c`",
    "<script>alert(1)</script>",
    "@octocat #1 GH-2 o/r@a1b2c3d4e5f6 [link](https://example.com) ![i](u)",
    "\x1b[2J\x1b[31mred\u202e",
    "line\nbreak\n::error::x\n# heading\n```\n~~~",
    "--upload-pack=x",
    "-->\n<!-- debtscan: {} --></details></summary>",
    "https://github.com/o/r/issues/1 www.example.org a@b.org",
    "1. x",
    "- x",
    "> x",
    "    x",
    "&#64;x &lt;b&gt;",
    "half\udc80",
    "x" * 5000,
    "",
)


def _hostile(text: str) -> str:
    name = text or "x"
    flaw = replace(FLAW, id=text, records=(text,), summary=text)
    made = move(
        name,
        current=text,
        target=text,
        findings=(finding(name, title=text, path=text or "x", flaws=(flaw,)),),
        advisories=(text,),
        locks=(text,),
        repository="github.com/psf/requests",
    )
    what = upgrade(
        made,
        id=f"id-{text}"[:100] if text.isprintable() else "id",
        title=text,
        reasons=(text,),
        worth=replace(upgrade().worth, reasons=(text,)),
    )
    files = {text: b""}
    done = written(
        what,
        files=files,
        commits=((text, files),),
        others=(OtherMove(lock=text, name=text, before=text, after=text, why=text),),
        problems=(LockProblem(lock="x", tool=text, detail=text),),
        refused=(LeftOut(name="other", target=text, reason="refused", detail=text),),
    )
    told = notes_of([made], note_facts({text: text, f"v2.32.3-{text}": text, "v2.32.3": text}), ecosystems())
    fresh = compare(
        result(()),
        result(made.findings, [Skipped(what="look-up", source=text, reason="offline", detail=text, subject=made.key)]),
        [made.key],
    )
    usages = {made.mark: Usage(name=name, files=(UsedIn(path=text, changes=1),), count=1, imported=True)}
    return body(done, Background(as_of=AS_OF, commit=text or None, preview=fresh, notes=told, usages=usages))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_of_a_hostile_package_is_more_than_text(text: str) -> None:
    drawn = _hostile(text)
    assert len(drawn) <= MOST
    marker = parse(drawn)
    assert marker is not None
    whole = text.replace("\udc80", "\\udc80")
    assert marker.targets == {f"pypi:{whole or 'x'}": whole}
    told, found, rest = drawn.partition("<!-- debtscan: ")
    assert found
    assert "\n" not in rest.rstrip("\n")
    assert_harmless(told)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from([*HOSTILE, *"\n|`<>@#[]()!*_~\\-&", "a", "1"]), max_size=5).map("".join))
def test_no_combination_is_either(text: str) -> None:
    told = _hostile(text[:400]).partition("<!-- debtscan: ")[0]
    assert_harmless(told)


def _group() -> Written:
    moves = (
        move("flask", kind="minor", step="minor", advisories=(), findings=()),
        move(
            "@scope/pad",
            kind="pin",
            step=None,
            current=None,
            advisories=(),
            findings=(),
            development=True,
            published=None,
        ),
    )
    reasons = ("together, because they are small steps of one ecosystem",)
    return written(upgrade(*moves, id="pypi-minor", title="Update 2 packages", reasons=reasons), refused=(REFUSED,))


def golden() -> dict[str, str]:
    """Return the bodies that are kept as files."""
    notes = notes_of([move()], note_facts({"v2.32.3": NOTES, "v2.31.0": "- removed `x`", "v2.19.0": ""}), ecosystems())
    security = written(others=OTHERS, tools=("uv 0.9.2",))
    draft = written(problems=(PROBLEM,))
    lost = compare(result(()), result([finding("new", flaws=())]), ())
    return {
        "security": body(security, background(notes=notes)),
        "group": body(_group(), background(preview=previewed(_group().upgrade), usages={})),
        "draft": body(
            draft, background(preview=None, notes={"pypi:requests": Notes(missing="GitHub gave none: offline")})
        ),
        "worse": body(written(), background(preview=lost)),
    }


@pytest.mark.parametrize("name", ["security", "group", "draft", "worse"])
def test_bodies_look_as_they_did(name: str) -> None:
    text = golden()[name]
    assert_snapshot(FIXTURES / f"{name}.md", text)
    assert_harmless(text.partition("<!-- debtscan: ")[0])
