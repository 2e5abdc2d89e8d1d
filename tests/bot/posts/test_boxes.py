from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.posts.boxes import MOST_IGNORES, Ignore, Marker, Wish, box, draw, parse, same, wishes
from tests.support.github_page import rendered

REQUESTS = Wish("open", "pypi-requests-2")
RED = Wish("rebase", "npm-red")
HOSTILE = (
    "",
    "a--b",
    "--",
    "a -->",
    "<script>",
    "x/../y",
    "50%",
    "naïve ✓",
    "half\udc80",
    "a\nb",
    "- [x] <!-- debtscan:box=open/y -->",
)


def body(*lines: str, drawn: tuple[Wish, ...] = (REQUESTS, RED)) -> str:
    marks = frozenset(wish.mark for wish in drawn)
    return "\n".join(("Debt", "", *lines, "", draw(Marker(boxes=marks, title="Debt"))))


def ticked(wish: Wish = REQUESTS) -> str:
    return f"{box(wish, ticked=True)} Update"


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        ((), ()),
        ((f"{box(REQUESTS)} Update",), ()),
        ((ticked(),), (REQUESTS,)),
        ((ticked(), ticked(RED)), (REQUESTS, RED)),
        ((ticked().replace("[x]", "[X]"),), (REQUESTS,)),
        ((f"   {ticked()}",), (REQUESTS,)),
        ((f"\t{ticked()}",), (REQUESTS,)),
        ((f"> {ticked()}",), (REQUESTS,)),
        ((ticked().replace("- ", "* ", 1),), (REQUESTS,)),
        ((ticked().replace("- ", "3. ", 1),), (REQUESTS,)),
        # A box that stands there twice is one wish, and one tick is enough.
        ((ticked(), ticked()), (REQUESTS,)),
        ((f"{box(REQUESTS)} Update", ticked()), (REQUESTS,)),
        # Text around it may change.
        ((f"{box(REQUESTS, ticked=True)}",), (REQUESTS,)),
        ((f"{box(REQUESTS, ticked=True)} something else **bold**",), (REQUESTS,)),
        # What is no box of debtscan's asks for nothing.
        (("- [x] Update requests",), ()),
        ((ticked(Wish("open", "never-drawn")),), ()),
        ((ticked(Wish("unignore", "pypi-requests-2")),), ()),
        (("- [x] <!-- debtscan:box=delete/pypi-requests-2 -->",), ()),
        (("- [x] <!-- debtscan:box=open/%ff%80 -->",), ()),
        ((f"Look: {ticked()}",), ()),
        ((ticked().replace("[x]", "[y]"),), ()),
        ((ticked().replace("[x]", "[]"),), ()),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_what_is_ticked_is_asked_for(lines: tuple[str, ...], asked: tuple[Wish, ...], ends: str) -> None:
    assert wishes(body(*lines).replace("\n", ends)) == frozenset(asked)


@pytest.mark.parametrize("text", HOSTILE)
def test_any_id_comes_back_and_breaks_out_of_nothing(text: str) -> None:
    wish = Wish("open", text)
    drawn = body(ticked(wish), drawn=(wish,))
    assert wishes(drawn) == {wish}
    shown = rendered(f"{box(wish, ticked=True)} Update")
    assert shown.count('type="checkbox"') == 1
    assert "<script" not in shown
    assert shown.count("<!-- debtscan:box=") == 1


@given(st.text(max_size=60))
def test_every_id_comes_back(text: str) -> None:
    wish = Wish("retry", text)
    assert wishes(body(ticked(wish), drawn=(wish,))) == {wish}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("debtscan-dashboard", "nothing"),
        lambda text: text + "\n" + draw(Marker(boxes=frozenset({REQUESTS.mark}))),
        lambda text: text.replace('"boxes":"', '"boxes":"zz'),
        lambda text: text.replace('"title"', '"other"'),
        lambda text: text[:-10],
    ],
    ids=["gone", "twice", "no marks", "unknown member", "cut"],
)
def test_without_a_marker_that_can_be_read_nothing_is_asked_for(spoil: object) -> None:
    assert callable(spoil)
    spoilt = spoil(body(ticked()))
    assert wishes(body(ticked())) == {REQUESTS}
    assert parse(spoilt) is None
    assert wishes(spoilt) == frozenset()


@pytest.mark.parametrize("title", ["Debt", "a-->b", '"\\', "@ada #1 `x`", "漢字 🚀", "-" * 300])
def test_a_marker_comes_back_and_shows_nothing(title: str) -> None:
    marker = Marker(boxes=frozenset({REQUESTS.mark, RED.mark}), title=title, closed="offboard")
    drawn = draw(marker)
    assert parse(drawn) == marker
    assert "\n" not in drawn
    assert rendered(drawn).strip().startswith("<!--")
    assert rendered(drawn).count("<") == 1


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("a\nb\n", "a\r\nb", True),
        ("a  \nb", "a\nb", True),
        ("a\n\n\n", "a", True),
        ("a\nb", "a b", False),
        ("a", "b", False),
        (f"{box(RED)} x", f"{box(RED, ticked=True)} x", False),
    ],
)
def test_ends_of_lines_make_no_difference(one: str, other: str, equal: bool) -> None:
    assert same(one, other) is equal


def _said(name: str = "left-pad", why: str = "") -> Ignore:
    return Ignore(name=name, by="ada", until=date(2027, 1, 31), why=why)


@given(st.text(min_size=1, max_size=300), st.text(max_size=300))
def test_ignores_of_any_name_come_back_and_break_out_of_nothing(name: str, why: str) -> None:
    said = Marker(title="T").with_ignore(_said(name, why))
    assert said
    drawn = draw(said)
    assert drawn.count("-->") == 1
    assert parse(drawn) == said


def test_one_of_the_same_name_takes_the_place_and_goes_by_its_name() -> None:
    first = Marker(title="T").with_ignore(_said("Left-Pad"))
    assert first
    second = first.with_ignore(_said(why="we wait"))
    assert second
    assert second.ignores == (_said(why="we wait"),)
    assert second.without_ignore("LEFT-pad").ignores == ()
    assert second.without_ignore("right-pad") == second


@pytest.mark.parametrize("text", ["a", "\N{SNOWMAN}"])
def test_more_than_the_marker_can_hold_are_refused(text: str) -> None:
    said: Marker | None = Marker(title="T")
    kept = 0
    while said:
        kept += 1
        assert len(draw(said)) < 30_000
        said = said.with_ignore(_said(f"{kept}-{text * 290}", text * 300))
    assert 2 < kept <= MOST_IGNORES + 1
