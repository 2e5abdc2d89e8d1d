from __future__ import annotations

import pytest
from starlette.datastructures import QueryParams

from bot.service.web import _asked


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("q=shop", "shop"),
        ("q=+two+words+", "two words"),
        ("", ""),
        ("q=%00", "\\x00"),
        ("q=%E2%80%AEevil", "\\u202eevil"),
        ("q=a&q=b", "b"),
        (f"q={'x' * 999}", "x" * 200),
    ],
)
def test_text_is_short_and_can_be_seen(query: str, text: str) -> None:
    assert _asked.text(QueryParams(query), "q") == text


@pytest.mark.parametrize(("query", "found"), [("sort=name", "name"), ("sort=else", None), ("", None), ("sort=", None)])
def test_a_choice_is_one_of_several(query: str, found: str | None) -> None:
    assert _asked.choice(QueryParams(query), "sort", ("name", "score")) == found


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("page=3", 3),
        ("page=-3", 1),
        ("page=1e9", 1),
        ("page=9999999999", 1),
        ("page=%D9%A3", 1),
        ("", 1),
        ("page=0", 0),
    ],
)
def test_what_is_no_number_counts_for_nothing(query: str, number: int) -> None:
    assert _asked.number(QueryParams(query), "page") == number
