"""One contract for every place that keeps a history."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import pytest

from analyzers.config import History
from bot.store.branch import BranchStore
from bot.store.model import Store
from bot.store.prune import kept_entries, kept_facts
from bot.store.sql import open_database
from tests.support.entries import entry_of, facts_of
from tests.support.github_client import Opener

DAY = date(2026, 11, 23)
_NUMBERS = itertools.count(1)

Open = Callable[[], Store]
"""Opens the same store again, as the next run does."""


@pytest.fixture(params=["branch", "sqlite", "postgresql"])
def again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    with ExitStack() as stack:
        if request.param == "branch":
            opener: Opener = request.getfixturevalue("opener")
            opener.github.repository("acme/shop", {"app.py": "1\n"})
            yield lambda: BranchStore(opener("acme/shop"), "debtscan-history")
            return
        sqlite = f"sqlite:///{tmp_path / 'history.db'}"
        address = sqlite if request.param == "sqlite" else request.getfixturevalue("postgres")
        # One database for all tests of PostgreSQL: each has a repository of its own.
        name = f"acme/shop-{next(_NUMBERS)}"
        yield lambda: stack.enter_context(open_database(address)).store(name)


def test_before_the_first_run_there_is_nothing(again: Open) -> None:
    assert again().entries() == ()
    assert again().facts(entry_of(DAY)) is None
    assert again().prune(History(), DAY) == 0


def test_what_was_stored_is_read_back_as_it_was(again: Open) -> None:
    entry = entry_of(DAY, 61.2345)
    assert again().append(entry, facts_of(DAY))
    assert again().entries() == (entry,)
    assert again().facts(entry) == facts_of(DAY)


def test_the_same_entry_is_stored_once(again: Open) -> None:
    store = again()
    assert store.append(entry_of(DAY), facts_of(DAY))
    assert not store.append(entry_of(DAY), facts_of(DAY))
    assert not again().append(entry_of(DAY), facts_of(DAY))
    assert len(again().entries()) == 1


def test_entries_are_in_the_order_of_their_days_then_of_their_coming(again: Open) -> None:
    days = [DAY, DAY - timedelta(days=7), DAY]
    entries = [entry_of(day, commit=f"{number}" * 40) for number, day in enumerate(days)]
    for entry in entries:
        again().append(entry, facts_of(entry.as_of))
    assert again().entries() == (entries[1], entries[0], entries[2])


def test_facts_of_another_entry_are_refused(again: Open) -> None:
    with pytest.raises(ValueError, match="not the facts"):
        again().append(entry_of(DAY), facts_of(DAY - timedelta(days=1)))
    assert again().entries() == ()


def test_pruning_keeps_what_the_rule_says(again: Open) -> None:
    keep = History(all_days=10, weekly_days=60, facts_days=200)
    entries = [entry_of(DAY - timedelta(days=age), commit=f"{age:040}") for age in range(150, -1, -6)]
    store = again()
    for entry in entries:
        store.append(entry, facts_of(entry.as_of))
    stay, facts = kept_entries(entries, keep, DAY), kept_facts(entries, keep, DAY)
    assert again().prune(keep, DAY) == len(entries) - len(stay) + len(entries) - len(facts)
    assert again().entries() == stay
    assert {entry.facts for entry in stay if again().facts(entry)} == facts
    assert again().prune(keep, DAY) == 0
    assert not again().append(entries[-1], facts_of(DAY))
    newer = entry_of(DAY + timedelta(days=1))
    assert again().append(newer, facts_of(newer.as_of))
    assert again().entries() == (*stay, newer)
