from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.service.api.model import MistakenError, Paged
from bot.service.api.paging import Place, cursor_of, page, place_of

ROWS = tuple(f"row-{at}" for at in range(10))


def walk(rows: tuple[str, ...], limit: int) -> list[str]:
    """Return all rows, a page at a time."""
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        shown = page(rows, str, Paged(cursor=cursor, limit=limit))
        found += shown.rows
        cursor = shown.next
    return found


@pytest.mark.parametrize("limit", [1, 3, 5, 9, 10, 11, 500])
def test_pages_together_are_the_whole(limit: int) -> None:
    assert walk(ROWS, limit) == list(ROWS)


def test_an_empty_list_has_one_page() -> None:
    shown = page((), str, Paged())
    assert (shown.rows, shown.next) == ((), None)


def test_csv_is_whole_whatever_the_limit() -> None:
    shown = page(ROWS, str, Paged(limit=2, format="csv"))
    assert (shown.rows, shown.next) == (ROWS, None)


def test_a_list_that_grew_before_goes_on_after_the_same_row() -> None:
    first = page(ROWS, str, Paged(limit=4))
    grown = ("new-0", "new-1", *ROWS)
    assert page(grown, str, Paged(limit=2, cursor=first.next or "")).rows == ("row-4", "row-5")


def test_where_the_row_is_gone_it_goes_on_at_its_number() -> None:
    first = page(ROWS, str, Paged(limit=4))
    shrunk = tuple(row for row in ROWS if row != "row-3")
    assert page(shrunk, str, Paged(limit=2, cursor=first.next or "")).rows == ("row-5", "row-6")
    assert page((), str, Paged(cursor=first.next or "")).rows == ()


@given(st.integers(0, 999_999_999), st.text(st.characters(exclude_categories=["Cs"]), max_size=100))
def test_a_cursor_is_read_as_it_was_written(at: int, name: str) -> None:
    assert place_of(cursor_of(Place(at, name))) == Place(at, name)


@given(st.text(max_size=300))
def test_what_is_no_cursor_is_said_to_be_none(text: str) -> None:
    try:
        place = place_of(text)
    except MistakenError:
        return
    assert (place is None) == (not text)


@pytest.mark.parametrize("cursor", ["%%%", "OTk5OTk5OTk5OTk6eA", "LTE6eA", "é", "2aM6eA"])
def test_a_wrong_cursor_is_told(cursor: str) -> None:
    with pytest.raises(MistakenError, match="begin without one"):
        place_of(cursor)
