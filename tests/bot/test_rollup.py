from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from analyzers.model.finding import Scalar
from bot.rollup import MOST_ENDS, MOST_SHARED, RollUp, by_number, roll_up
from bot.rollup_member import Member, Since, Upgrades
from bot.ruleset import grade
from tests.support.reports import AS_OF, SCANNED_AT, finding
from tests.support.rollups import LEFT_OUT, charged, member, organisation


def _rolled(*members: Member) -> RollUp:
    return roll_up(members, owner="acme", scanned_at=SCANNED_AT, as_of=AS_OF)


def _uses(name: str, version: str, target: str | None, points: int = 60, *, product: str = "") -> Member:
    ended: dict[str, Scalar] = {"end_of_life": "2024-10-07", "product": product, "cycle": version}
    found = finding(
        "a-rule", "dependencies", "Requests", current=version, latest=target, details=ended if product else {}
    )
    return member(name, 70.0, charged(found, points))


def _since(score: float) -> Since:
    return Since(day=AS_OF - timedelta(30), score=score, grade=grade(score))


def test_the_order_in_which_repositories_come_does_not_matter() -> None:
    whole = organisation()
    members = whole.members
    for order in (members[::-1], members[17:] + members[:17], (*members[::2], *members[1::2])):
        assert roll_up(order, LEFT_OUT[::-1], owner="acme", scanned_at=SCANNED_AT, as_of=AS_OF) == whole


def test_the_worst_come_first_and_what_was_not_judged_last_and_in_no_figure() -> None:
    rolled = _rolled(member("good", 95.0), member("none", 1.0, unjudged="why"), member("bad", 21.0), member("so", 60.0))
    assert [one.name for one in rolled.members] == ["acme/bad", "acme/so", "acme/good", "acme/none"]
    assert [one.name for one in rolled.judged] == ["acme/bad", "acme/so", "acme/good"]
    assert rolled.grades == (("A", 1), ("B", 0), ("C", 1), ("D", 0), ("E", 1), ("F", 0))
    assert rolled.median == 60.0


def test_nothing_judged_has_no_median() -> None:
    assert _rolled().median is None
    assert _rolled(member("none", unjudged="why")).median is None


def test_debt_and_upgrades_sum_over_all() -> None:
    one = member("a", minutes=90, points=100, libyears=1.25, findings=3, upgrades=Upgrades(open=1, stuck=2))
    two = member("b", minutes=60, points=50, libyears=0.5, findings=1, upgrades=Upgrades(open=1, waiting=4, ignored=1))
    rolled = _rolled(one, two)
    assert (rolled.minutes, rolled.points, rolled.libyears, rolled.findings) == (150, 150, 1.75, 4)
    assert rolled.upgrades == Upgrades(open=2, waiting=4, ignored=1, stuck=2)


def test_what_moved_most_comes_first_and_what_shows_no_change_does_not_come() -> None:
    rolled = _rolled(
        member("up", 80.0, since=_since(60.0)),
        member("upper", 90.0, since=_since(40.0)),
        member("down", 40.0, since=_since(41.5)),
        member("same", 70.04, since=_since(70.0)),
        member("young", 70.0),
        member("none", 10.0, since=_since(90.0), unjudged="why"),
    )
    assert [(one.name, one.change) for one in rolled.improved] == [("acme/upper", "+50.0"), ("acme/up", "+20.0")]
    assert [(one.name, one.change) for one in rolled.fallen] == [("acme/down", "−1.5")]
    assert rolled.unknown_since == 1


def test_the_same_thing_in_several_repositories_is_told_once() -> None:
    rolled = _rolled(
        _uses("b", "2.10.0", "2.32.5", 30), _uses("a", "2.9.1", "2.32.5", 70), _uses("c", "2.9.1", "2.31.0", 20)
    )
    (shared,) = rolled.shared
    assert (shared.ecosystem, shared.name, shared.kinds) == ("pypi", "Requests", ("outdated",))
    assert shared.repositories == ("acme/a", "acme/b", "acme/c")
    assert shared.versions == ("2.9.1", "2.10.0")
    assert (shared.target, shared.points) == ("2.32.5", 120)


def test_of_two_targets_that_as_many_are_offered_the_newer_is_best() -> None:
    (shared,) = _rolled(_uses("a", "1", "2.9"), _uses("b", "1", "2.10")).shared
    assert shared.target == "2.10"


def test_a_thing_that_no_version_mends_has_no_target() -> None:
    (shared,) = _rolled(_uses("a", "3.8", None, product="python"), _uses("b", "3.8", None, product="python")).shared
    assert (shared.target, shared.kinds) == (None, ("ended",))


def test_a_thing_of_one_repository_is_not_shared() -> None:
    assert _rolled(_uses("a", "1", "2"), member("b")).shared == ()


def test_one_end_of_several_repositories_is_told_once_by_its_day() -> None:
    later = member("z", 70.0, ends=((date(2027, 1, 1), "node 22"),))
    rolled = _rolled(_uses("b", "3.8", None, product="python"), later, _uses("a", "3.8", None, product="Python"))
    assert [(end.title, end.day, end.repositories) for end in rolled.ends] == [
        ("Python 3.8", date(2024, 10, 7), ("acme/a", "acme/b")),
        ("node 22", date(2027, 1, 1), ("acme/z",)),
    ]
    assert [end.when for end in rolled.ends] == ["2.1 years ago", "in 40 days"]


def test_what_is_not_listed_is_counted() -> None:
    days = tuple((AS_OF + timedelta(number), "x") for number in range(MOST_ENDS + 2))
    things = [charged(finding("r", "dependencies", f"p{number}"), 5) for number in range(MOST_SHARED + 3)]
    rolled = _rolled(member("a", 70.0, *things, ends=days, more=4), member("b", 70.0, *things))
    assert (len(rolled.ends), rolled.more_ends) == (MOST_ENDS, 2)
    assert (len(rolled.shared), rolled.more_shared, rolled.more_things) == (MOST_SHARED, 3, 4)


def test_what_was_left_out_is_told_with_its_reason_failures_first() -> None:
    rolled = roll_up([], reversed(LEFT_OUT), scanned_at=SCANNED_AT, as_of=AS_OF)
    assert [(one.name, one.state) for one in rolled.left_out] == [
        ("acme/gone", "failed"),
        ("acme/attic", "skipped"),
        ("acme/copy", "skipped"),
    ]


@pytest.mark.parametrize("texts", [["1.9", "1.10"], ["3.8-slim", "3.14-slim"], ["v2", "v10"], ["1", "1.0", "a"]])
def test_versions_of_all_worlds_sort_by_their_numbers(texts: list[str]) -> None:
    assert sorted({*texts}, key=by_number) == texts


def test_numbers_that_are_no_digits_and_very_long_ones_do_not_stop_it() -> None:
    assert min(["²", "9" * 5000, "1"], key=by_number) == "1"


def test_every_member_is_somewhere() -> None:
    whole = organisation()
    assert len(whole.members) == 50
    assert sum(count for _letter, count in whole.grades) == len(whole.judged) == 48
    assert replace(whole, members=()).judged == ()
