"""A group whose checks fail: halves are tried, one culprit is left out, and what breaks together stops."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest

from analyzers.config import Upgrades
from analyzers.model.subject import SubjectKey
from bot.upgrade.bisect import most_runs
from bot.upgrade.groups import units
from bot.upgrade.model import Move, Upgrade
from bot.upgrade.trial import Course, course_of, kept
from tests.support.upgrades import move, upgrade

Passes = Callable[[frozenset[str]], bool]


def _move(name: str, target: str = "2.0") -> Move:
    return move(name, key=SubjectKey("pypi", name), target=target, line="2", advisories=(), kind="minor", locks=())


def _group(*moves: Move) -> Upgrade:
    return upgrade(*moves, id="pypi-minor", branch="debtscan/pypi-minor", title=f"Update {len(moves)} Python packages")


def _course(made: Upgrade, state: str = "") -> Course:
    return course_of(made, units(made.moves, Upgrades()), state)


def _on_branch(course: Course) -> frozenset[str]:
    return frozenset(one.name for one in course.upgrade.moves) if course.upgrade else frozenset()


def _play(made: Upgrade, passes: Passes, state: str = "") -> tuple[Course, int]:
    """Let every round begin from what the marker keeps; return where it ends and how many runs the search took."""
    course, runs = _course(made, state), 0
    for _round in range(200):
        before = _on_branch(course)
        went = course.after(passed=passes(before), failed=("test",))
        runs += course.is_searching
        if went == course:
            return course, runs
        course = _course(made, kept(went))
        assert kept(course) == kept(went)
    raise AssertionError("it never ends")


@pytest.mark.parametrize("count", [2, 3, 5, 8, 13])
def test_one_culprit_is_found_in_at_most_twice_the_logarithm_and_the_rest_goes_on(count: int) -> None:
    names = [f"package-{number:02}" for number in range(count)]
    for bad in names:
        made = _group(*map(_move, names))
        course, runs = _play(made, lambda there, bad=bad: bad not in there)  # type: ignore[misc]
        assert runs <= most_runs(count)
        assert _on_branch(course) == set(names) - {bad}
        assert [(entry.name, entry.reason) for entry in course.left_out] == [(bad, "breaks-checks")]
        assert "test" in course.left_out[0].detail


def test_two_culprits_are_left_out_one_after_the_other() -> None:
    names = [f"package-{number}" for number in range(6)]
    for bad in combinations(names, 2):
        course, _runs = _play(_group(*map(_move, names)), lambda there, bad=bad: not there & set(bad))  # type: ignore[misc]
        assert _on_branch(course) == set(names) - set(bad)


def test_members_that_break_only_together_stop_it_with_the_evidence() -> None:
    made = _group(*map(_move, ("a", "b", "c", "d")))
    course, _runs = _play(made, lambda there: not {"a", "d"} <= there)
    assert course.is_stopped
    assert course.upgrade == made
    (told,) = course.told()
    assert told.startswith("Draft: these break the checks only together")
    assert "a 2.0, b 2.0 alone" in told


def test_what_stopped_goes_on_once_the_checks_pass() -> None:
    made = _group(*map(_move, ("a", "b")))
    stopped, _runs = _play(made, lambda there: len(there) < 2)
    assert stopped.is_stopped
    assert kept(stopped.after(passed=True)) == ""


def test_a_culprit_comes_back_with_another_version_only() -> None:
    names = ("a", "b", "c")
    course, _runs = _play(_group(*map(_move, names)), lambda there: "b" not in there)
    state = kept(course)
    assert _on_branch(_course(_group(*map(_move, names)), state)) == {"a", "c"}
    assert _on_branch(_course(_group(_move("a"), _move("b", "2.1"), _move("c")), state)) == {"a", "b", "c"}
    # Whatever comes of the others, what broke the checks stays out.
    assert _on_branch(_course(_group(_move("a", "2.9"), _move("b"), _move("d")), state)) == {"a", "d"}


def test_a_search_begins_anew_when_its_members_move_on() -> None:
    made = _group(*map(_move, ("a", "b", "c", "d")))
    begun = _course(made).after(passed=False)
    assert begun.is_searching
    newer = _course(_group(_move("a", "2.1"), *map(_move, ("b", "c", "d"))), kept(begun))
    assert not newer.is_searching
    assert len(_on_branch(newer)) == 4


def test_a_title_counts_what_is_on_the_branch_for_good() -> None:
    course, _runs = _play(_group(*map(_move, "abcdef")), lambda there: "b" not in there)
    assert course.upgrade
    assert course.upgrade.title == "Update 5 Python packages"
    searching = _course(_group(*map(_move, "abcdef"))).after(passed=False)
    assert searching.upgrade
    assert searching.upgrade.title == "Update 6 Python packages"


def test_nothing_is_searched_in_a_single_update() -> None:
    course = _course(_group(_move("a")))
    assert course.after(passed=False) == course


def test_what_moves_together_is_tried_together() -> None:
    family = [
        move(name, key=SubjectKey("pypi", name), kind="minor", advisories=(), locks=(), family="x") for name in "ab"
    ]
    course = _course(_group(*family, _move("c"))).after(passed=False)
    assert _on_branch(course) in ({"a", "b"}, {"c"})


@pytest.mark.parametrize(
    "state", ["{", "[]", '{"of":1}', '{"of":"x","runs":{"zz":true}}', '{"of":"","blamed":{"a":[]}}']
)
def test_a_state_that_somebody_wrote_begins_anew(state: str) -> None:
    made = _group(*map(_move, "abc"))
    assert _course(made, state).upgrade == made
