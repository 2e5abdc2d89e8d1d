from __future__ import annotations

import pytest

from bot.service.api.model import MistakenError, Paged, Parameters, parameters_of
from bot.service.api.organizations import EndsWanted, RepositoriesWanted


def test_a_query_string_is_read_by_its_types() -> None:
    found = parameters_of(EndsWanted, {"after": "2026-01-05", "limit": "7", "format": "csv"})
    assert (str(found.after), found.before, found.limit, found.is_whole) == ("2026-01-05", None, 7, True)
    assert parameters_of(RepositoriesWanted, {"grade": "-", "q": "x"}).grade == "-"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"limit": "0"}, "limit: Expected `int` >= 1"),
        ({"limit": "501"}, "limit: Expected `int` <= 500"),
        ({"limit": "many"}, "limit: Expected `int`, got `str`"),
        ({"format": "xml"}, "format: Invalid enum value 'xml'"),
        ({"cursor": "x" * 2001}, "cursor: Expected `str` of length <= 2000"),
        ({"page": "2"}, "page: is no parameter here; there are cursor, format, limit"),
        ({"\u202ex": "2"}, r"\\u202ex: is no parameter here"),
    ],
)
def test_what_is_wrong_is_told_by_name(query: dict[str, str], said: str) -> None:
    with pytest.raises(MistakenError, match=said.replace("(", "\\(")):
        parameters_of(Paged, query)


def test_where_nothing_can_be_asked_it_is_said() -> None:
    with pytest.raises(MistakenError, match="q: is no parameter here; there are none"):
        parameters_of(Parameters, {"q": "x"})
