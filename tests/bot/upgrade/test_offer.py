"""What can be chosen in a work tree, what is taken where nobody chooses, and what names mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from analyzers.config import Upgrades
from bot.upgrade.model import LeftOut, Move
from bot.upgrade.offer import Offer, offer, take, together
from tests.support.plans import NOW, TODAY, move


def offered(*moves: Move, left_out: Sequence[LeftOut] = (), **settings: Any) -> Offer:  # noqa: ANN401 - of [upgrades]
    return offer(moves, left_out, msgspec.convert(settings, Upgrades), NOW)


def names(found: Offer) -> list[str]:
    return [" ".join(one.name for one in choice.moves) for choice in found.choices]


@pytest.mark.parametrize(
    ("text", "is_default"),
    [
        ("a 1.0.0 1.0.1 patch", True),
        ("a 1.0.0 1.1.0 minor", True),
        ("a 1.0.0 2.0.0 major", False),
        ("a 0.1.0 0.1.1 patch", True),
        ("a 0.1.0 0.2.0 minor", False),
        ("a v0.1.0 v0.2.0 minor", False),
        ("a 0.1.0 0.2.0 minor CVE-2026-1", True),
        ("a 1.0.0 1.1.0 minor CVE-2026-1", True),
        ("a 1.0.0 2.0.0 major CVE-2026-1", False),
        ("a 1.0.0 1.0.0 pin", True),
        ("a 1.0.0 1.0.0 digest", True),
        ("a 1.0.0 2.0.0 replace", False),
    ],
)
def test_safe_steps_are_taken_by_default(text: str, *, is_default: bool) -> None:
    (choice,) = offered(move(text)).choices
    assert choice.is_default is is_default


def test_limits_and_schedules_are_for_pull_requests_alone() -> None:
    moves = [move(f"lib{number} 1.0 2.0 major") for number in range(30)]
    none: dict[str, Any] = {"open-limit": 0, "weekly-limit": 0, "major-limit": 0, "schedule": ["weekends"]}
    found = offered(*moves, **none)
    assert len(found.choices) == 30
    assert found.waiting == ()


def test_worth_comes_first_and_what_mends_a_flaw_before_all() -> None:
    few, many = move("few 1.0 1.1 minor", points=5), move("many 1.0 2.0 major", points=500)
    assert names(offered(few, many, move("flawed 1.0 1.1 minor CVE-2026-1", points=0))) == ["flawed", "many", "few"]


def test_what_cannot_be_parted_is_one_choice() -> None:
    found = offered(
        move("@babel/core 7.1.0 7.2.0 minor", "npm"),
        move("@babel/cli 7.1.0 8.0.0 major", "npm"),
        move("x 1.0 1.1 minor"),
    )
    assert sorted(names(found)) == ["@babel/cli @babel/core", "x"]
    assert [choice.is_default for choice in found.choices if len(choice.moves) > 1] == [False]


def test_majors_that_are_switched_off_are_there_for_who_names_them() -> None:
    found = offered(move("a 1.0.0 2.0.0 major"), majors="never")
    assert [choice.held for choice in found.choices] == ["[upgrades] majors is never"]
    assert not found.choices[0].is_default
    assert len(take(found, ["a"], ()).choices) == 1


YOUNG = replace(move("young 1.0 1.1 minor"), published=TODAY - timedelta(days=1))
DENIED = move("denied 1.0 1.1 minor")
MOVES = [
    move("Django 1.0 1.1 minor"),
    move("@scope/x 1.0.0 1.1.0 minor", "npm"),
    move("redis 1.0.0 2.0.0 major", "npm"),
    move("redis 1.0 2.0 major", "docker"),
    YOUNG,
    DENIED,
]
LATER = LeftOut(name="Later", target="3.0", reason="later", detail="2.0 goes first, a smaller step")


@pytest.mark.parametrize(
    ("asked", "chosen", "missing"),
    [
        (["django"], ["Django"], []),
        (["DJANGO", "Django"], ["Django"], []),
        (["@scope/x"], ["@scope/x"], []),
        (["@scope/*"], ["@scope/x"], []),
        (["redis"], ["redis", "redis"], []),
        (["npm:redis"], ["redis"], []),
        (["pypi-minor"], ["Django"], []),
        (["npm-redis-2"], ["redis"], []),
        (["mine"], ["Django"], []),
        (["group-mine"], ["Django"], []),
        (["young"], [], [("young", "young 1.1: younger than 3 days until 2026-11-27")]),
        (["denied"], [], [("denied", "1.1: [upgrades] deny names it: denied")]),
        (["later"], [], [("later", "3.0: 2.0 goes first, a smaller step")]),
        (["nobody", "Django"], ["Django"], [("nobody", "nothing was found that names it")]),
        (["-rf"], [], [("-rf", "nothing was found that names it")]),
    ],
)
def test_names(asked: list[str], chosen: list[str], missing: list[tuple[str, str]]) -> None:
    group: dict[str, Any] = {"deny": ["denied"]}
    if "mine" in asked[0]:
        group["group"] = [{"name": "mine", "match": ["djan*"]}]
    taken = take(offered(*MOVES, left_out=[LATER], **group), asked, ())
    assert [one.name for choice in taken.choices for one in choice.moves] == chosen
    assert list(taken.missing) == missing


def test_what_is_judged_and_has_no_fix_is_said_to_have_none() -> None:
    taken = take(offered(), ["Django"], MOVES[0].findings)
    assert taken.missing == (("Django", "there is no ready fix"),)


def test_what_was_chosen_is_written_as_one() -> None:
    found = offered(move("a 1.0 1.1 minor"), move("b 1.0 2.0 major"))
    made = together(found.choices, NOW)
    assert [one.name for one in made.moves] == names(found)
    assert made.kind == "major"
    assert together((), NOW).moves == ()
