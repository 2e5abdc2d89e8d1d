"""Dashboards: what they say, how they are shortened, and that nothing of strangers is more than text in them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.posts import boxes
from bot.posts.boxes import Ignore, Wish
from bot.posts.dashboard import MOST, REFRESH, body, length
from bot.posts.model import EndLine, Told
from tests.support.github_page import rendered
from tests.support.harmless import BOX, assert_harmless, undressed
from tests.support.posts import change, hostile, huge, item, line, monday, told
from tests.support.reports import HOSTILE_NAMES, empty_report, perfect_report, unjudged_report
from tests.support.snapshots import assert_snapshot

FIXTURES = Path(__file__).parent / "fixtures" / "dashboard"
TITLE = "Technical debt"
HOSTILE = (
    *HOSTILE_NAMES,
    "--> <script>alert(1)</script>",
    "<!-- debtscan:box=open/evil -->",
    "\n- [x] <!-- debtscan:box=open/evil --> tick",
    '<!-- debtscan-dashboard: {"boxes":"","title":""} -->',
    "</details></summary>",
    "|---|\n# heading",
    "@everyone #1 GH-1 0123456789abcdef",
    "https://evil.example/x www.evil.example",
    "- [ ] 1. > ```",
    "",
)


def _dashboard(what: Told) -> str:
    return body(what, TITLE)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (told(), "## Grade D: 44.1 of 100"),
        (told(), "Between 16.8 (low) and 44.5 (high). 60 findings, 127 h of work, 44 libyears behind. 10 subjects"),
        (told(), "4 h accepted in 1 finding, the first until 2027-01-31."),
        (told(), "**These five raise the score from 44.1 to 50.6.**"),
        (told(), "to 24-alpine in services/node/Dockerfile: **&#43;1.6**, 480 points, 2 h of work; then 45.7&nbsp;D"),
        (told(), "| hotspots | −24.7 | 8 | 63 h |"),
        (told(), "- 7 because the source did not answer in time: <code>web/package.json, npm, no answer within"),
        (told(), "Scan again later"),
        (told(), "main &#64;&#8203; 0123456 · as of 2026-11-22"),
        (told(empty_report()), "## Not judged\n\nThere is nothing here that debtscan reads"),
        (told(unjudged_report()), "## Not judged\n\nNothing could be judged, so there is no grade."),
        (told(perfect_report()), "## Grade A: 100 of 100"),
        (
            told(change=change(2.1, -1.25, 0, item("own", "x", 2.1))),
            "**&#43;0.8 since 2026-11-15&#58; own +2.1, world −1.3, rules 0**",
        ),
        (told(change=change(0.0, 0.0, 0.0)), "**unchanged since 2026-11-15**"),
        (told(change=change(16.0, 0.0, 0.0, grade_after="B")), "**&#43;16.0, C to B, since 2026-11-15**"),
        (
            told(change=replace(change(0, 0, 0), score_after=62.5, unsplit="the Facts of then are not kept")),
            "**&#43;2.5 since 2026-11-15, not split&#58; the Facts of then are not kept**",
        ),
        (told(change=change(1, 0, 0, item("own", "x", 1.0))), "| own | &#43;1.0 | mended&#58; x |"),
        (told(notes=("The permission Checks is missing",)), "### Not done\n\n- The permission Checks is missing"),
        (
            told(upgrades=(line("red", state="open", number=7),)),
            "made anew on <code>main</code>.\n\n- [ ] <!-- debtscan:box=rebase/pypi-red-2 --> [#7](https://git",
        ),
        (
            told(upgrades=(line("red", state="open", number=7, touched=True, why="commits of others", draft=True),)),
            " · a draft · commits of others · a tick has it made anew without them\n",
        ),
        (
            told(upgrades=(line("red", state="open", number=7, touched=True),)),
            "box=recreate/pypi-red-2 --> [#7](https://github.com/example/shop/pull/7) Update red from 1.4 to 2.1 ·",
        ),
        (
            told(upgrades=(line("red", why="2.1 is 1 day old", until=date(2026, 11, 25)),)),
            "box=open/pypi-red-2 --> Update red from 1.4 to 2.1 · 2.1 is 1 day old · not before 2026-11-25\n",
        ),
        (
            told(upgrades=(line("red", why="no permission", manual=True),)),
            "**1 waiting.**\n\n- Update red from 1.4 to 2.1 · no permission\n",
        ),
        (
            told(upgrades=(line("red", state="stuck", why="breaks the checks"),)),
            "tried again.\n\n- [ ] <!-- debtscan:box=retry/pypi-red-2 --> Update red from 1.4 to 2.1 · breaks the",
        ),
        (
            told(upgrades=(line("red", state="ignored", number=9, by="ada", why="closed it"),)),
            "<summary>1 upgrade ignored&#58; a tick takes an ignore back</summary>\n\n- [ ] <!-- debtscan:box=unig",
        ),
        (
            told(upgrades=(line("red", state="ignored", number=9, by="ada", why="closed it"),)),
            "[#9](https://github.com/example/shop/pull/9) Update red from 1.4 to 2.1 · ada&#58; closed it\n",
        ),
        (
            told(upgrades=(line("red", state="ignored", by="debtscan.toml", why="no", until=date(2027, 1, 31)),)),
            "<summary>1 upgrade ignored</summary>\n\n- Update red from 1.4 to 2.1 · debtscan.toml&#58; no · until",
        ),
        (
            told(ends=(EndLine(day=date(2026, 11, 30), what="Python 3.9", where="Dockerfile:1", more=3),)),
            "### Ends of life\n\n- 2026&#8209;11&#8209;30: Python 3.9, <code>Dockerfile&#58;1</code>&#32;and 3 more\n",
        ),
        (
            told(ends=(EndLine(day=date(2026, 11, 21), what="Python 3.9", where="Dockerfile:1"),)),
            "- 2026&#8209;11&#8209;21: Python 3.9&#32;has ended, <code>",
        ),
    ],
)  # fmt: skip
def test_what_is_told(what: Told, said: str) -> None:
    text = _dashboard(what)
    assert said in text
    assert_harmless(undressed(text))


@pytest.mark.parametrize(
    "section", ["### Upgrades", "### Mend first", "### Not done", "### Ends of life", "Not judged:"]
)
def test_what_there_is_not_takes_no_room(section: str) -> None:
    assert section not in _dashboard(told(replace(perfect_report(), skipped=(), inventory=empty_report().inventory)))


def test_the_most_important_stands_first() -> None:
    text = _dashboard(monday())
    places = [text.index(part) for part in ("## Grade", "2026-11-15", "### Mend first", "### Upgrades",
                                            "**4 open.", "**9 waiting.", "**1 could", "ignored", "### Ends of life",
                                            "### Not done", "Where the score is lost", "How to use",
                                            "box=refresh")]  # fmt: skip
    assert places == sorted(places)


def test_a_reason_that_many_share_is_told_once() -> None:
    limit, until = "3 are new this week", date(2026, 11, 25)
    lines = [line(f"p{index}", why=limit, until=until) for index in range(3)]
    other = line("django", why="majors wait")
    text = _dashboard(told(upgrades=(*lines, other)))
    assert text.count(limit) == 1
    assert f"whatever it waits for. Where nothing else is said: {limit} · not before 2026-11-25.\n" in text
    assert "box=open/pypi-p0-2 --> Update p0 from 1.4 to 2.1\n" in text
    assert "Update django from 1.4 to 2.1 · majors wait\n" in text
    two = _dashboard(told(upgrades=(*lines[:2], other)))
    assert two.count(limit) == 2
    assert "Where nothing else" not in two


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_reason_that_many_share_is_text_too(text: str) -> None:
    drawn = _dashboard(told(upgrades=tuple(line(f"p{index}", why=text * 9) for index in range(5))))
    assert_harmless(undressed(drawn))


def test_ends_ahead_stand_first_the_nearest_on_top() -> None:
    days = ("2026-11-01", "2028-01-01", "2026-11-22", "2020-01-01", "2027-01-01")
    ends = tuple(EndLine(day=date.fromisoformat(day), what=f"end-{day[:4]}-{day[5:7]}", where="x") for day in days)
    found = re.findall(r"end-\d{4}-\d\d", _dashboard(told(ends=ends)).replace("&#45;", "-"))
    assert found == ["end-2026-11", "end-2027-01", "end-2028-01", "end-2026-11", "end-2020-01"]


def test_long_lists_are_folded_and_their_boxes_are_there() -> None:
    text = _dashboard(told(upgrades=tuple(line(f"p{index}", state="open", number=index) for index in range(1, 15))))
    shown, folded = text.split("<details><summary>4 more open</summary>")
    assert shown.count("box=rebase/") == 10
    assert folded.count("box=rebase/") == 4


def test_a_pull_request_with_an_odd_address_is_named_by_its_number() -> None:
    odd = replace(line("red", state="open", number=7), url="https://github.com/x)[y](z")
    assert " --> #7 Update red" in _dashboard(told(upgrades=(odd,)))


def test_the_marker_names_the_boxes_that_are_drawn_and_no_other() -> None:
    text = _dashboard(monday())
    ticked = text.replace("- [ ]", "- [x]")
    asked = boxes.wishes(ticked)
    assert len(asked) == len(BOX.findall(text)) == 15
    assert {Wish("rebase", "pypi-requests-2"), Wish("recreate", "pypi-celery-2"), REFRESH} <= asked
    marker = boxes.parse(text)
    assert marker is not None
    assert marker.boxes == {wish.mark for wish in asked}
    assert marker.title == TITLE
    assert boxes.wishes(text) == frozenset()


def test_what_was_not_obeyed_yet_stays_ticked() -> None:
    late = frozenset({Wish("open", "pypi-django-2"), Wish("open", "gone"), REFRESH})
    text = body(monday(), TITLE, late)
    assert boxes.wishes(text) == late - {Wish("open", "gone")}


def test_what_people_ignored_here_stands_there_with_a_box_as_long_as_it_counts() -> None:
    what = monday()
    last, over = what.as_of, what.as_of - timedelta(days=1)
    ignores = (
        Ignore(name="left-pad", by="ada", until=last, why="we wait"),
        Ignore(name="@types/*", by="bob"),
        Ignore(name="old", by="bob", until=over),
    )
    text = body(what, TITLE, ignores=ignores)
    assert f"box=allow/left-pad --> left-pad · ada&#58; we wait · until {last}\n" in text
    assert "· bob&#58; said so in a comment\n" in text
    assert "old" not in text.partition("ignored")[2].partition("</details>")[0]
    said = boxes.parse(text)
    assert said
    assert said.ignores == ignores[:2]
    assert Wish("allow", "@types/*") in boxes.wishes(text.replace("- [ ]", "- [x]"))


@pytest.mark.parametrize("text", [*HOSTILE_NAMES, "--> <script>", "<!-- debtscan:box=open/evil -->"])
def test_a_hostile_ignore_is_text_and_fits(text: str) -> None:
    # No comment on GitHub holds half a character, nor a command more than so many.
    shown = text.encode(errors="replace").decode()[:280]
    ignores = tuple(Ignore(name=f"{shown} {index}", by=shown[:100], why=shown) for index in range(8))
    made = body(huge(2_000), TITLE, ignores=ignores)
    assert length(made) <= MOST
    said = boxes.parse(made)
    assert said
    assert said.ignores == ignores
    assert_harmless(undressed(made))


def test_equal_facts_give_equal_bytes() -> None:
    assert _dashboard(monday()) == _dashboard(monday())


def test_no_clock_time_and_no_address_of_a_run_is_told() -> None:
    one = _dashboard(monday())
    moved = replace(monday().report, scanned_at=monday().report.scanned_at.replace(hour=3))
    other = replace(monday(), report=moved, urls=replace(monday().urls, run="https://github.com/x/actions/runs/1"))
    assert _dashboard(other) == one


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_of_a_hostile_repository_is_more_than_text(text: str) -> None:
    drawn = _dashboard(hostile(text))
    assert_harmless(undressed(drawn))
    assert len(BOX.findall(drawn)) == 5
    marker = boxes.parse(drawn)
    assert marker is not None
    assert boxes.wishes(drawn.replace("- [ ]", "- [x]")) == {
        *(Wish(action, text) for action in ("rebase", "open", "retry", "unignore")),
        REFRESH,
    }


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from([*HOSTILE, *"\n|`<>@#[]()!*_~\\-&", "a", "1"]), max_size=5).map("".join))
def test_no_combination_is_either(text: str) -> None:
    assert_harmless(undressed(_dashboard(hostile(text[:400]))))


@pytest.mark.parametrize("count", [1, 30, 300, 3000])
@pytest.mark.parametrize(
    "text", ["package", "@#|<>" * 60, "🚀" * 200, "漢" * 200], ids=["plain", "signs", "wide", "far"]
)
def test_a_body_fits_and_loses_neither_the_marker_nor_part_of_a_box(count: int, text: str) -> None:
    drawn = _dashboard(huge(count, text))
    assert length(drawn) <= MOST - 1000
    assert length(drawn.replace("\n", "\r\n").replace("- [ ]", "- [x]")) <= MOST + drawn.count("\n")
    marker = boxes.parse(drawn)
    assert marker is not None
    assert {wish.mark for wish in boxes.wishes(drawn.replace("- [ ]", "- [x]"))} == marker.boxes
    assert drawn.count("<details>") == drawn.count("</details>")
    assert REFRESH.mark in marker.boxes
    shown = len(re.findall(r"box=rebase/", drawn))
    assert shown
    if count == 3000:
        assert f"… and {count // 4 - shown:,} more, in the report." in drawn
        assert ("This text was shortened" in drawn) == (shown < 100)
        assert f"**{count // 4:,} open.**" in drawn


def test_lists_render_as_lists_tables_as_tables_and_boxes_as_boxes() -> None:
    page = rendered(_dashboard(monday()))
    assert page.count('type="checkbox"') == 15
    assert page.count("<table>") == 2
    assert page.count("<details>") == page.count("<summary>") == 6
    assert "<ol>" in page
    assert not re.search(r"\| ?-{3}|\[ \]|&lt;(details|summary|br|code)", page)
    # Lists are tight: no paragraph around each box.
    assert not re.search(r"<li>\s*<p>", page)


@pytest.mark.parametrize("name", ["monday", "perfect", "unjudged"])
def test_dashboards_look_as_they_did(name: str) -> None:
    made = {"monday": monday(), "perfect": told(perfect_report()), "unjudged": told(unjudged_report())}
    text = _dashboard(made[name])
    assert_snapshot(FIXTURES / f"{name}.md", text)
    assert_harmless(undressed(text))
