"""Who changed a file since it exists: the main author, how many others, and who of them is gone."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.model.history import Ownership
from analyzers.repository.counted import Lifetime
from analyzers.repository.ownership import ownership, shown_name
from tests.support.pace import allowed

TODAY = date(2026, 11, 22)
PEOPLE = ("Ann", "Bob", "Cho", "Dee")


def lifetime(by_path: dict[str, dict[int, int]], *last_days: date) -> Lifetime:
    return Lifetime(authors=PEOPLE, last_days=last_days or (TODAY,) * len(PEOPLE), by_path=by_path)


def only(found: tuple[Ownership, ...]) -> Ownership:
    (entry,) = found
    return entry


def test_a_name_without_end_is_shown_in_no_time() -> None:
    start = time.process_time()
    assert len(shown_name("x" * 1_000_000)) == 100
    assert time.process_time() - start < allowed(1.0)


def test_the_main_author_has_most_commits_and_their_share() -> None:
    entry = only(ownership(lifetime({"a.py": {0: 3, 1: 12, 2: 1}}), TODAY, {"a.py"}))
    assert entry == Ownership(
        path="a.py",
        main_author="Bob",
        main_share=0.75,
        authors=3,
        gone=0,
        revisions=16,
        present_author="Bob",
        present_share=0.75,
    )


def test_of_those_who_are_still_here_the_one_with_most_commits_is_named() -> None:
    commits = {"a.py": {0: 3, 1: 12, 2: 1}}
    entry = only(ownership(lifetime(commits, TODAY, date.min, TODAY, TODAY), TODAY, {"a.py"}))
    assert (entry.main_author, entry.gone) == ("Bob", 1)
    assert (entry.present_author, entry.present_share) == ("Ann", 0.1875)
    nobody = only(ownership(lifetime(commits, *(date.min,) * 4), TODAY, {"a.py"}))
    assert (nobody.main_author, nobody.gone, nobody.present_author, nobody.present_share) == ("Bob", 3, None, 0.0)


def test_of_two_with_as_many_commits_the_name_decides() -> None:
    assert only(ownership(lifetime({"a.py": {3: 2, 1: 2, 2: 1}}), TODAY, {"a.py"})).main_author == "Bob"


@pytest.mark.parametrize(("last", "gone"), [(date(2025, 11, 22), 1), (date(2025, 11, 23), 0), (date(2027, 1, 1), 0)])
def test_who_made_no_commit_anywhere_for_a_year_is_gone(last: date, gone: int) -> None:
    history = lifetime({"a.py": {0: 1, 1: 1}}, TODAY, last, date.min, date.min)
    assert only(ownership(history, TODAY, {"a.py"})).gone == gone


def test_only_code_is_told_and_sorted_by_path() -> None:
    history = lifetime({"b.py": {0: 1}, "a.py": {0: 1}, "README.md": {0: 1}, "deleted.py": {0: 1}})
    assert [entry.path for entry in ownership(history, TODAY, {"b.py", "a.py", "new.py"})] == ["a.py", "b.py"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ann Miller", "Ann Miller"),
        ("ann@example.org", "ann"),
        ("Ann <ann@example.org>", "Ann ann"),
        ("@octocat", "unknown"),
        ("Ann @ home", "Ann home"),
        ("", "unknown"),
        (" \t\n", "unknown"),
        ("Ann\n  Miller", "Ann Miller"),
        ("<ann@example.org>, bob@example.org", "ann, bob"),
        ("अभि", "अभि"),
        ("x" * 500, "x" * 100),
    ],
)
def test_a_name_is_shown_without_an_address(name: str, shown: str) -> None:
    assert shown_name(name) == shown


@given(st.text())
def test_no_name_holds_an_address_or_a_second_line(name: str) -> None:
    shown = shown_name(name)
    assert "@" not in shown
    assert shown == " ".join(shown.split())
    assert 0 < len(shown) <= 100


@given(st.dictionaries(st.integers(0, 3), st.integers(1, 30), min_size=1))
def test_a_share_is_that_of_the_commits_in_whatever_order(commits: dict[int, int]) -> None:
    entry = only(ownership(lifetime({"a.py": commits}), TODAY, {"a.py"}))
    assert entry.main_share == pytest.approx(max(commits.values()) / sum(commits.values()), abs=0.00005)
    assert len(str(entry.main_share)) <= len("0.1234")
    assert 0 < entry.main_share <= 1
    turned = dict(reversed(commits.items()))
    assert entry == only(ownership(lifetime({"a.py": turned}), TODAY, {"a.py"}))
