"""Which repositories are posted to: topics and lists at once, waves by their share, and nobody twice asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.organization import Organization, Wave
from bot.rollout import Candidate, asks_again, decide, phase, place

TODAY = date(2026, 10, 1)
IDS = range(900_000_000, 900_002_000)


def candidate(number: int = 1, *topics: str, name: str = "acme/shop", enabled: bool = False) -> Candidate:
    return Candidate(id=number, name=name, topics=topics, is_enabled=enabled)


def wave(share: int, days: int = 0) -> Wave:
    return Wave(after=TODAY + timedelta(days=days), share=share)


def test_without_a_file_all_are_silent_but_those_with_the_topic() -> None:
    assert decide(candidate(), Organization(), TODAY).why == "no topic, list or wave enables it"
    assert phase(candidate(), Organization(), TODAY) == "silent"
    assert decide(candidate(1, "python", "debtscan"), Organization(), TODAY).why == "it bears the topic debtscan"


def test_other_topics_take_the_place_of_the_usual_one() -> None:
    organization = Organization(topics=("tidy",))
    assert phase(candidate(1, "debtscan"), organization, TODAY) == "silent"
    assert phase(candidate(1, "tidy"), organization, TODAY) == "posting-wanted"


@pytest.mark.parametrize(("name", "wish"), [("acme/Web-Shop", "posting-wanted"), ("acme/shop", "silent")])
def test_a_list_names_repositories_without_their_owner(name: str, wish: str) -> None:
    assert phase(candidate(name=name), Organization(repositories=("web-*", "api")), TODAY) == wish


def test_all_means_all() -> None:
    assert phase(candidate(), Organization(enable="all"), TODAY) == "posting-wanted"


def test_a_wave_begins_on_its_day_with_its_share_of_the_repositories() -> None:
    organization = Organization(wave=(wave(25),))
    day_before = TODAY - timedelta(days=1)
    assert all(phase(candidate(number), organization, day_before) == "silent" for number in IDS)
    share = sum(phase(candidate(number), organization, TODAY) == "posting-wanted" for number in IDS)
    assert 0.2 < share / len(IDS) < 0.3


def test_who_waits_for_a_wave_is_told_its_day() -> None:
    organization = Organization(wave=(wave(100, days=30), wave(100, days=9)))
    assert decide(candidate(), organization, TODAY).why == "its wave begins on 2026-10-10"


@given(st.integers(0, 2**63), st.integers(1, 100), st.integers(1, 100))
def test_later_waves_hold_what_earlier_ones_held(number: int, one: int, other: int) -> None:
    small, large = sorted((one, other))
    organization = Organization(wave=(wave(small), wave(large, days=7)))
    early, late = (phase(candidate(number), organization, TODAY + timedelta(days=days)) for days in (0, 7))
    assert (early, late) != ("posting-wanted", "silent")
    assert 0 <= place(number) < 100


def test_the_place_of_a_repository_is_the_same_for_ever() -> None:
    assert [place(number) for number in (1, 2, 900_000_001)] == [72.64, 84.58, 47.05]


def test_a_smaller_share_switches_nobody_off() -> None:
    number = next(number for number in IDS if 10 < place(number) < 50)
    smaller = Organization(wave=(wave(10),))
    assert phase(candidate(number), smaller, TODAY) == "silent"
    kept = decide(candidate(number, enabled=True), smaller, TODAY)
    assert (kept.wish, kept.why) == ("posting-wanted", "it was enabled before, and waves only grow")


def test_nothing_that_enables_any_more_switches_off() -> None:
    assert phase(candidate(enabled=True), Organization(), TODAY) == "silent"
    assert phase(candidate(enabled=True), Organization(repositories=("other",)), TODAY) == "silent"


def test_a_topic_that_was_not_there_asks_again() -> None:
    organization = Organization()
    assert asks_again(["python"], ["python", "debtscan"], organization)
    assert not asks_again(["debtscan"], ["debtscan", "python"], organization)
    assert not asks_again([], ["python"], organization)
