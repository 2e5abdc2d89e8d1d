"""Packages that are released in one step go to one version, the newest that each of them has and that is old enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from analyzers.config import Config
from analyzers.model.facts import Answer
from analyzers.model.question import Question
from analyzers.read import ecosystems
from analyzers.scan import judge
from bot.upgrade.model import LeftOut, Move
from bot.upgrade.moves import moves
from tests.support.dependencies import TODAY, evidence, package, requirement
from tests.support.plans import settings

A, B = "django-stubs", "django-stubs-ext"
OLD = ("5.0 2025-01-01", "5.1 2025-02-01", "5.2 2025-03-01", "5.3 2025-04-01", "5.4 2025-05-01")
YOUNG = TODAY - timedelta(days=1)


class Row(NamedTuple):
    """What each package is at and has after `OLD`; and what comes of it: targets, what is left out, the note."""

    what: str
    at: Mapping[str, str]
    new: Mapping[str, Sequence[str]]
    targets: Mapping[str, str]
    left_out: Mapping[str, str] = {}
    note: str = ""


TABLE = [
    Row("each has it", {A: "5.3", B: "5.3"}, {A: ["5.5 2026-01-01"], B: ["5.5 2026-01-01"]}, {A: "5.5", B: "5.5"}),
    Row(
        "one is a day too young: both take the one before",
        {A: "5.3", B: "5.3"},
        {A: ["5.5 2026-11-01"], B: [f"5.5 {YOUNG}"]},
        {A: "5.4", B: "5.4"},
        note="5.5 waits for django-stubs-ext, which moves together with it",
    ),
    Row(
        "one has none yet: both take the one before",
        {A: "5.3", B: "5.3"},
        {A: ["5.5 2026-11-01"], B: []},
        {A: "5.4", B: "5.4"},
        note="5.5 waits for django-stubs-ext, which moves together with it",
    ),
    Row(
        "one is at the newest that it has: the other stays with it",
        {A: "5.4", B: "5.4"},
        {A: ["5.5 2026-11-01"], B: []},
        {},
        {A: "5.5 waits for django-stubs-ext, which moves together with it"},
    ),
    Row(
        "one lags: it comes to the other, and no further",
        {A: "5.4", B: "5.2"},
        {A: ["5.5 2026-11-01"], B: [f"5.5 {YOUNG}"]},
        {B: "5.4"},
        {A: "5.5 waits for django-stubs-ext, which moves together with it"},
    ),
    Row(
        "all that both have is young: both wait for the same",
        {A: "5.4", B: "5.4"},
        {A: ["5.5 2026-11-01"], B: [f"5.5 {YOUNG}"]},
        {A: "5.5", B: "5.5"},
    ),
    Row(
        "one was withdrawn",
        {A: "5.3", B: "5.3"},
        {A: ["5.5 2026-11-01"], B: ["5.5 2026-11-01 yanked", "5.6 2026-11-01"]},
        {A: "5.4", B: "5.4"},
    ),
    Row(
        "not released in one step: each goes its own way",
        {A: "5.3", B: "5.3"},
        {A: [f"5.4.{number} 2026-01-0{number}" for number in range(1, 6)], B: ["5.5 2026-11-01"]},
        {A: "5.4.5", B: "5.5"},
    ),
    Row(
        "at two versions, with nothing in common ahead: each goes its own way",
        {A: "5.5", B: "5.3"},
        {A: [f"5.5 {YOUNG}"], B: []},
        {B: "5.4"},
    ),
    Row(
        "one is not released any more: the other goes on",
        {A: "5.4", B: "5.4"},
        {A: ["5.5 2026-01-01", "5.6 2026-02-01"], B: []},
        {A: "5.6"},
    ),
]


def _made(
    at: Mapping[str, str], new: Mapping[str, Sequence[str]], **keys: object
) -> tuple[tuple[Move, ...], tuple[LeftOut, ...]]:
    rows = [requirement(name, f"=={version}", line=number) for number, (name, version) in enumerate(at.items(), 1)]
    answers: dict[Question | str, Answer] = {name: package(name, *OLD, *more) for name, more in new.items()}
    found = evidence(rows, answers, config=Config(upgrades=settings(**keys)))
    return moves(judge(found.inventory, found.facts, found.config, as_of=TODAY), ecosystems())


@pytest.mark.parametrize("row", TABLE, ids=[row.what for row in TABLE])
def test_members_of_a_family_go_to_one_version(row: Row) -> None:
    made, left_out = _made(row.at, row.new)
    assert {move.name: move.target for move in made} == row.targets
    assert {one.name: one.detail for one in left_out} == row.left_out
    assert {one.reason for one in left_out} <= {"later"}
    assert row.note in {"", *(move.note for move in made)}


def test_without_families_each_goes_alone() -> None:
    made, _ = _made({A: "5.3", B: "5.3"}, {A: ["5.5 2026-11-01"], B: []}, families=False)
    assert {move.name: move.target for move in made} == {A: "5.5", B: "5.4"}


# The last day on which what is released is old enough.
_AGED = TODAY - timedelta(days=3)


def _listed(found: Mapping[str, date]) -> list[str]:
    return [f"{version} {day}" for version, day in sorted(found.items())]


# One that is ahead by more than a release that is old enough is not released in one step with the other.
_RELEASES = (
    st.dictionaries(st.sampled_from(["5.5", "5.6", "5.7"]), st.dates(date(2026, 11, 1), TODAY))
    .filter(lambda found: sum(day <= _AGED for day in found.values()) <= 1)
    .map(_listed)
)


@given(st.sampled_from(["5.1", "5.3", "5.4"]), _RELEASES, _RELEASES)
@effort(max_examples=150, deadline=None)
def test_one_family_is_never_split(at: str, first: list[str], second: list[str]) -> None:
    made, left_out = _made({A: at, B: at}, {A: first, B: second})
    reached = {move.name: move.target for move in made}
    assert len({reached.get(A, at), reached.get(B, at)}) == 1
    behind = {name for name, has in ((A, first), (B, second)) if has or at != "5.4"}
    assert {*reached, *(one.name for one in left_out)} == behind
    # The newest that both have for long enough, if that is a step.
    aged = [{text.split()[0] for text in has if text.split()[1] <= _AGED.isoformat()} for has in (first, second)]
    best = max((*(aged[0] & aged[1]), "5.4"))
    if best > at:
        assert set(reached.values()) == {best}
