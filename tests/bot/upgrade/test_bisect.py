"""Which member of a group breaks the checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.upgrade.bisect import Culprit, Interaction, Run, Step, Try, most_runs, next_step


def _played(members: Sequence[str], passes: Callable[[frozenset[str]], bool]) -> tuple[Step, list[Run]]:
    runs: list[Run] = []
    while True:
        step = next_step(members, runs)
        if not isinstance(step, Try):
            return step, runs
        assert frozenset(step.members) not in {run.members for run in runs}, "the same is never tried twice"
        tried = frozenset(step.members)
        runs.append(Run(tried, passes(tried)))
        assert len(runs) <= len(members) * 2


@given(count=st.integers(2, 60), data=st.data())
def test_one_culprit_is_found_within_the_bound(count: int, data: st.DataObject) -> None:
    members = [f"m{number}" for number in range(count)]
    guilty = data.draw(st.sampled_from(members))
    step, runs = _played(members, lambda tried: guilty not in tried)
    assert step == Culprit(guilty, tuple(member for member in members if member != guilty))
    assert len(runs) <= most_runs(count) == 2 * ceil(log2(count))


@given(count=st.integers(2, 40), data=st.data())
def test_two_that_break_only_together_are_named_with_both_parts(count: int, data: st.DataObject) -> None:
    members = [f"m{number}" for number in range(count)]
    pair = data.draw(st.lists(st.sampled_from(members), min_size=2, max_size=2, unique=True))
    step, runs = _played(members, lambda tried: not tried.issuperset(pair))
    assert isinstance(step, Interaction)
    assert set(pair) <= set(step.members)
    left, right = step.parts
    assert set(left) | set(right) == set(step.members)
    assert not set(left) & set(right)
    assert {Run(frozenset(left), passed=True), Run(frozenset(right), passed=True)} <= set(runs)


@pytest.mark.parametrize("guilty", [{"a", "c"}, {"a", "b", "c", "d"}, {"d"}])
def test_of_several_culprits_one_is_found_at_a_time(guilty: set[str]) -> None:
    step, _runs = _played("abcd", lambda tried: not guilty & tried)
    assert isinstance(step, Culprit)
    assert step.member in guilty


def test_a_single_member_is_the_culprit_without_a_run() -> None:
    assert next_step(["a"], ()) == Culprit("a", ())


def test_a_group_without_members_cannot_fail() -> None:
    with pytest.raises(ValueError, match="without members"):
        next_step([], ())
