from __future__ import annotations

from datetime import date, timedelta
from statistics import median

import sqlalchemy as sa

from bot.ruleset import grade
from bot.service.reading import overview, repositories
from bot.service.reading.courses import EMPTY, Course, Courses, Spot, courses
from bot.service.reading.repositories import Listed
from tests.support.service.data import NOW, ids, listed
from tests.support.service.kinds import DAYS, TODAY


def spot(score: float, *, day: date = TODAY, ruleset: str = "1", high: int = 2) -> Spot:
    return Spot(
        as_of=day,
        score=score,
        low=score,
        grade=grade(score),
        effort_minutes=60,
        ruleset=ruleset,
        findings={"high": high, "low": 1},
    )


def course(*spots: Spot) -> Course:
    """Return a course that ends with these."""
    return (*EMPTY[len(spots) :], *spots)


def of(*pairs: tuple[Listed, Course]) -> tuple[tuple[Listed, ...], Courses]:
    return tuple(one for one, _course in pairs), Courses(days=DAYS, of={one.id: spots for one, spots in pairs})


def test_figures_count_only_what_is_judged() -> None:
    found = overview.figures(
        [
            listed(id=1, score=80.0, findings=3),
            listed(id=2, score=95.0, grade="A", findings=1),
            listed(id=3, score=20.0, grade="E", skip="archived"),
            listed(id=4, grade=None, score=None, findings=None, scanned_at=None),
            listed(id=5, score=60.0, grade="C", error="too large"),
        ]
    )
    assert (found.repositories, found.judged, found.median, found.grade) == (5, 3, 80.0, "B")
    assert found.grades == (1, 1, 1, 0, 0, 0)
    assert found.findings == 7
    assert found.states == {"scanned": 2, "unjudged": 0, "waiting": 1, "failed": 1, "skipped": 1}


def test_without_a_judged_repository_there_is_no_median() -> None:
    found = overview.figures([])
    assert (found.median, found.grade, found.judged) == (None, None, 0)


def test_the_distribution_holds_every_score_once() -> None:
    scores = (0.0, 4.9, 5.0, 89.99, 90.0, 99.9, 100.0)
    found = overview.distribution([listed(id=at, score=score) for at, score in enumerate(scores)])
    assert {(one.start, one.end): one.count for one in found if one.count} == {
        (0, 5): 2,
        (5, 10): 1,
        (85, 90): 1,
        (90, 95): 1,
        (95, 100): 2,
    }
    assert [one.grade for one in found if one.count] == ["F", "F", "B", "A", "A"]


def test_the_trend_is_that_of_those_known_by_then() -> None:
    found = overview.trend(
        *of(
            (listed(id=1), course(spot(50.0), spot(60.0), spot(70.0))),
            (listed(id=2), course(spot(95.0))),
            (listed(id=3, skip="archived"), course(spot(1.0), spot(1.0), spot(1.0))),
        )
    )
    assert [(week.judged, week.median) for week in found[-4:]] == [(0, None), (1, 50.0), (1, 60.0), (2, 82.5)]
    assert found[-1].grades == (1, 0, 1, 0, 0, 0)
    assert [week.day for week in found] == list(DAYS)


def test_what_moved_in_a_week_is_told_by_most() -> None:
    found = overview.since(
        *of(
            (listed("o/up", id=1, score=80.0, findings=1), course(spot(70.0), spot(80.0))),
            (listed("o/more", id=2, score=80.0), course(spot(50.0), spot(80.0))),
            (listed("o/down", id=3, score=60.0, grade="C"), course(spot(62.5), spot(60.0))),
            (listed("o/same", id=4, score=80.0), course(spot(80.0), spot(80.0))),
            (listed("o/new", id=5), course(spot(80.0))),
        )
    )
    assert [(one.repository.short, one.change) for one in found.improved] == [("more", "+30.0"), ("up", "+10.0")]
    assert [(one.repository.short, one.change) for one in found.fallen] == [("down", "−2.5")]
    assert [one.short for one in found.fresh] == ["new"]
    assert found.findings == (1 - 3) + 0 + 0 + 0
    assert found.day == TODAY - timedelta(weeks=1)


def test_scores_under_another_ruleset_are_not_compared() -> None:
    found = overview.since(*of((listed(score=80.0), course(spot(50.0, ruleset="0"), spot(80.0)))))
    assert (found.improved, found.incomparable) == ((), 1)


def test_a_longer_while_looks_further_back() -> None:
    pairs = of((listed(score=80.0), course(spot(40.0), spot(70.0), spot(70.0), spot(70.0), spot(80.0))))
    assert [one.change for one in overview.since(*pairs, weeks=4).improved] == ["+40.0"]
    assert [one.change for one in overview.since(*pairs, weeks=1).improved] == ["+10.0"]


def test_failures_are_those_of_the_week() -> None:
    recent = listed("o/recent", id=1, error="too large", error_at=NOW - timedelta(days=2))
    old = listed("o/old", id=2, error="too large", error_at=NOW - timedelta(days=20))
    found = overview.since(*of((recent, EMPTY), (old, EMPTY)))
    assert [one.short for one in found.failed] == ["recent"]


def test_the_worst_come_first() -> None:
    rows = [listed("o/b", id=1, score=40.0), listed("o/a", id=2, score=40.0), listed("o/c", id=3, score=10.0)]
    assert [one.short for one in overview.worst([*rows, listed(id=4, grade=None)])] == ["c", "a", "b"]


def test_the_sample_organisation_moves(connection: sa.Connection) -> None:
    found = repositories.organisation(connection, "acme", ids())
    assert found is not None
    known = courses(connection, found.ids, TODAY)
    figures = overview.figures(found.repositories)
    weeks = overview.trend(found.repositories, known)
    since = overview.since(found.repositories, known)
    judged = [one.score for one in found.repositories if one.is_judged and one.score is not None]
    assert weeks[-1].median == figures.median == median(judged)
    assert sum(one.count for one in overview.distribution(found.repositories)) == figures.judged == len(judged)
    assert all(figures.states.values())
    assert since.improved
    assert since.fallen
    assert since.fresh
