from __future__ import annotations

import gzip
import json
from datetime import date, timedelta

import pytest

from analyzers.config import History
from analyzers.facts_json import facts_to_json
from bot.store import files
from bot.store.errors import DamagedHistoryError, HistoryError
from bot.store.files import Book, pack_facts, pack_plain, read_book, unpack_facts
from tests.support.entries import entry_of, facts_of

DAY = date(2026, 11, 23)


def _book(*days: date) -> Book:
    book = Book()
    for day in days:
        book = book.with_entry(entry_of(day))
    return book


def test_a_book_is_read_back_as_it_was_written() -> None:
    book = _book(DAY, DAY + timedelta(days=1))
    assert read_book(book.render(), "x") == book
    assert read_book(book.render(), "x").render() == book.render()


def test_what_a_newer_debtscan_adds_to_a_line_survives() -> None:
    head, line = _book(DAY).render().splitlines()
    added = json.dumps({**json.loads(line), "mood": "good"}).encode()
    old = DAY - timedelta(days=40)
    book = read_book(head + b"\n" + added + b"\n", "x").with_entry(entry_of(old)).with_entry(entry_of(DAY))
    assert added in book.render().splitlines()
    pruned, _gone, _count = book.pruned(History(), DAY)
    assert json.loads(pruned.lines[0].text)["mood"] == "good"


def test_of_an_entry_that_stands_twice_the_first_counts() -> None:
    book = _book(DAY, DAY, DAY - timedelta(days=1))
    assert book.entries() == (entry_of(DAY - timedelta(days=1)), entry_of(DAY))
    assert len(book.pruned(History(), DAY)[0].lines) == 2


def test_facts_that_went_are_counted_once() -> None:
    book = _book(*(DAY - timedelta(days=age) for age in (20, 10, 5, 1, 0)))
    pruned, gone, count = book.pruned(History(), DAY)
    assert gone == tuple(sorted(entry_of(DAY - timedelta(days=age)).facts for age in (10, 5)))
    assert count == 2
    again = read_book(pruned.render(), "x")
    assert [line.has_facts for line in again.lines] == [True, False, False, True, True]
    assert again.pruned(History(), DAY) == (again, (), 0)
    assert again.entries() == book.entries()


@pytest.mark.parametrize(
    "changes",
    [
        {"score": 1e9},
        {"facts": "../../README.md"},
        {"grade": "\u001b[31mA"},
        {"as_of": "yesterday"},
        {"id": "x"},
        {"commit": "--upload-pack=x"},
        {"points": -1},
        {"points": 10**13},
        {"size": 0.0},
        {"size": 1e300},
        {"groups": [{"group": "<b>", "score_lost": 0, "findings": 0, "points": 0}]},
    ],
    ids=str,
)
def test_a_line_that_says_impossible_things_is_no_entry(changes: dict[str, object]) -> None:
    head, line = _book(DAY).render().splitlines()
    changed = json.dumps({**json.loads(line), **changes}).encode()
    with pytest.raises(DamagedHistoryError, match="x:2: is no entry"):
        read_book(head + b"\n" + changed, "x")


def test_a_file_of_endless_length_is_not_read() -> None:
    with pytest.raises(DamagedHistoryError, match="larger than"):
        read_book(_book(DAY).render() + b"\n" * files.LARGEST, "x")


def test_facts_are_packed_the_same_every_time() -> None:
    digest = entry_of(DAY).facts
    assert pack_facts(facts_of(DAY), digest) == pack_facts(facts_of(DAY), digest)
    assert pack_plain(facts_to_json(facts_of(DAY)), digest) == pack_facts(facts_of(DAY), digest)
    assert unpack_facts(pack_facts(facts_of(DAY), digest), digest, "x") == facts_of(DAY)


@pytest.mark.parametrize("bound", ["LARGEST", "_LARGEST_FACTS"])
def test_facts_that_could_not_be_read_back_are_not_kept(monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    monkeypatch.setattr(files, bound, 20)
    with pytest.raises(HistoryError, match="a history keeps up to 20"):
        pack_facts(facts_of(DAY), entry_of(DAY).facts)


def test_facts_that_are_not_what_the_name_says_are_refused() -> None:
    other = DAY - timedelta(days=1)
    packed = pack_facts(facts_of(other), entry_of(other).facts)
    with pytest.raises(DamagedHistoryError, match="x does not hold what its name says"):
        unpack_facts(packed, entry_of(DAY).facts, "x")


@pytest.mark.parametrize("content", [b"", b"no gzip", gzip.compress(b"x" * 100)[:20]], ids=["empty", "other", "cut"])
def test_facts_that_cannot_be_unpacked_are_named(content: bytes) -> None:
    with pytest.raises(DamagedHistoryError, match=r"^x .*earlier commit"):
        unpack_facts(content, entry_of(DAY).facts, "x")


def test_facts_that_unpack_to_more_than_anybody_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_LARGEST_FACTS", 1000)
    with pytest.raises(DamagedHistoryError, match="holds more than 1,000 bytes"):
        unpack_facts(gzip.compress(b"x" * 1_000_000), entry_of(DAY).facts, "x")
