from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.syntax.spliced import Spliced

SOURCE = "abcdefghijklmnopqrstuvwxyz"
_SPANS = st.tuples(st.integers(0, 26), st.integers(0, 26)).map(sorted)


def _joined(spans: list[list[int]]) -> Spliced:
    return Spliced.join([Spliced.at(SOURCE[start:end], start) for start, end in spans])


@given(st.lists(_SPANS, max_size=6), _SPANS)
@settings(deadline=None)
def test_every_character_of_every_part_is_where_it_says(spans: list[list[int]], cut: list[int]) -> None:
    whole = _joined(spans)
    start, end = (min(bound, len(whole.text)) for bound in cut)
    part = whole.part(start, end)
    assert part.text == whole.text[start:end]
    assert [SOURCE[part.origin(index)] for index in range(len(part.text))] == list(part.text)
    assert [(text, SOURCE[origin : origin + len(text)]) for text, origin in part.runs() if text] == [
        (text, text) for text, _ in part.runs() if text
    ]
    assert "".join(text for text, _ in part.runs()) == part.text


def test_pieces_that_stand_together_are_one_run() -> None:
    joined = Spliced.join([Spliced.at("ab", 0), Spliced.at("cd", 2), Spliced.at("xy", 23)])
    assert list(joined.runs()) == [("abcd", 0), ("xy", 23)]
    assert joined.end() == 25


def test_gaps_move_with_the_part_that_is_cut_out() -> None:
    joined = Spliced.join([Spliced.at("ab", 0), Spliced.at("$V", 5).unknown(), Spliced.at("cd", 9)])
    assert joined.gaps == ((2, 4),)
    assert joined.part(1, 4).gaps == ((1, 3),)
    assert joined.part(0, 2).gaps == ()
    assert joined.part(4, 6).gaps == ()


def test_nothing_joined_is_an_empty_spot() -> None:
    empty = Spliced.join([], empty_at=7)
    assert (empty.text, empty.end(), list(empty.runs())) == ("", 7, [("", 7)])
