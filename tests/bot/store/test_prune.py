from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from analyzers.config import History
from bot.store.model import Entry
from bot.store.prune import kept_entries, kept_facts
from tests.support.entries import entry_of

TODAY = date(2026, 11, 23)
KEEP = History()
# Several a day, from runs of one day on several commits, are possible.
_AGES = st.lists(st.integers(-2, 1500), max_size=120).map(lambda ages: sorted(ages, reverse=True))


def _entries(ages: list[int]) -> list[Entry]:
    return [entry_of(TODAY - timedelta(days=age), commit=f"{number:040}") for number, age in enumerate(ages)]


def test_a_daily_run_over_three_years() -> None:
    entries = _entries(list(range(1094, -1, -1)))
    kept = kept_entries(entries, KEEP, TODAY)
    ages = [(TODAY - entry.as_of).days for entry in kept]
    assert [age for age in ages if age <= 90] == list(range(90, -1, -1))
    weekly = [entry.as_of for entry in kept if 90 < (TODAY - entry.as_of).days <= 365]
    mondays = [day for day in weekly if day.weekday() == 0]
    assert mondays == [date(2025, 11, 24) + timedelta(weeks=week) for week in range(40)]
    # What is left is the first of a month.
    assert {day.day for day in weekly if day not in mondays} == {1}
    monthly = Counter((entry.as_of.year, entry.as_of.month) for entry in kept if (TODAY - entry.as_of).days > 365)
    assert set(monthly.values()) == {1}
    assert len(monthly) == 25


def test_facts_are_kept_of_the_newest_two_and_of_each_quarters_first() -> None:
    entries = _entries(list(range(1094, -1, -1)))
    kept = kept_facts(entries, KEEP, TODAY)
    assert [entry.as_of.isoformat() for entry in entries if entry.facts in kept] == [
        "2026-01-01",
        "2026-04-01",
        "2026-07-01",
        "2026-10-01",
        "2026-11-22",
        "2026-11-23",
    ]


def test_the_newest_two_are_kept_however_old() -> None:
    """A scan that is repeated tells the same change again: it needs what it was compared with."""
    entries = _entries([2000, 1999, 1998, 1997])
    kept = (entries[0], entries[2], entries[3])
    assert kept_entries(entries, History(all_days=0, weekly_days=0, facts_days=0), TODAY) == kept
    assert kept_facts(entries, History(facts_days=0), TODAY) == {entries[2].facts, entries[3].facts}


@given(_AGES, st.integers(0, 600))
def test_pruning_often_keeps_the_same_as_pruning_once(ages: list[int], days: int) -> None:
    entries, later = _entries(ages), TODAY + timedelta(days=days)
    often = kept_entries(kept_entries(entries, KEEP, TODAY), KEEP, later)
    assert often == kept_entries(entries, KEEP, later)
    assert kept_facts(often, KEEP, later) == kept_facts(entries, KEEP, later)
    assert kept_facts(often, KEEP, later) <= {entry.facts for entry in often}
