"""What holds for every plan: nothing is lost or doubled, no limit is passed, and nothing flaps."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.config import UpgradeGroup, UpgradeIgnore, Upgrades
from bot.upgrade.groups import units
from bot.upgrade.model import Existing, Move, Plan
from bot.upgrade.plan import plan
from tests.support.plans import NOW, TODAY, move, opened

_NAMES = ("a", "b", "c", "react", "react-dom", "boto3", "botocore", "@babel/core", "x" * 90)
_STEPS = {"patch": "1.0.1", "minor": "1.1.0", "major": "2.0.0", "pin": "1.0.0", "digest": "1.0.0@sha256:ab"}


@st.composite
def _move(draw: st.DrawFn) -> Move:
    name, step = draw(st.sampled_from(_NAMES)), draw(st.sampled_from(list(_STEPS)))
    flawed = " CVE-2026-1" if step in {"patch", "minor", "major"} and draw(st.integers(0, 4)) == 0 else ""
    made = move(f"{name} 1.0.0 {_STEPS[step]} {step}{flawed}", draw(st.sampled_from(["pypi", "npm", "docker"])))
    return replace(
        made,
        published=draw(st.one_of(st.none(), st.dates(TODAY - timedelta(days=9), TODAY))),
        points=draw(st.integers(0, 480)),
        heat=draw(st.integers(0, 50)),
        ends=draw(st.one_of(st.none(), st.just(date(2026, 12, 1)))),
        indirect=bool(flawed) and draw(st.booleans()),
        development=draw(st.booleans()),
        locks=draw(st.sampled_from([(), ("a/.terraform.lock.hcl",), ("uv.lock",)])),
    )


# As `moves` gives them: one move for each subject and target.
_MOVES = st.lists(_move(), max_size=14, unique_by=lambda one: (one.key, one.target))

_IDS = ("pypi-a-2", "pypi-minor", "npm-minor", "npm-react-2", "docker-pins", "gone-1", "pypi-b-2")


@st.composite
def _pulls(draw: st.DrawFn) -> list[Existing]:
    ids = draw(st.lists(st.sampled_from(_IDS), unique=True))
    return [
        Existing(
            id=one,
            branch=f"debtscan/{one}",
            number=number,
            state=draw(st.sampled_from(["open", "closed", "merged"])),
            opened=NOW - timedelta(days=draw(st.integers(0, 20))),
            targets=draw(
                st.dictionaries(
                    st.sampled_from(["pypi:a", "pypi:b", "npm:react", "docker:c"]),
                    st.sampled_from(list(_STEPS.values())),
                )
            ),
            closed_by_person=draw(st.booleans()),
            security=draw(st.booleans()),
        )
        for number, one in enumerate(ids, 1)
    ]


_SETTINGS = st.builds(
    Upgrades,
    open_limit=st.integers(0, 6),
    weekly_limit=st.integers(0, 6),
    major_limit=st.integers(0, 4),
    minimum_release_age_days=st.integers(0, 6),
    schedule=st.sampled_from([(), ("weekends",), ("mon-fri 06:00-18:00",)]),
    time_zone=st.sampled_from(["UTC", "Europe/Berlin"]),
    group_kinds=st.sampled_from([(), ("patch", "minor"), ("pin", "digest", "patch", "minor"), ("major",)]),
    group_limit=st.sampled_from([1, 2, 3, 15]),
    approval_kinds=st.sampled_from([(), ("major",), ("pin", "minor")]),
    approved=st.sampled_from([(), ("a", "pypi-react-*")]),
    families=st.booleans(),
    majors=st.sampled_from(["one-by-one", "newest", "never"]),
    allow=st.sampled_from([(), ("a", "react*", "boto*")]),
    deny=st.sampled_from([(), ("b",)]),
    ignore=st.sampled_from([(), (UpgradeIgnore(name="c", reason="no", kinds=("major",)),)]),
    group=st.sampled_from([(), (UpgradeGroup(name="mine", match=("a", "@babel/*"), kinds=("patch", "major")),)]),
)


def _told(made: Plan) -> Counter[tuple[str, str, str]]:
    upgrades = [*made.open, *(entry.upgrade for entry in made.waiting)]
    kept = [(one.key.ecosystem, one.name, one.target) for upgrade in upgrades for one in upgrade.moves]
    out = [(entry.findings[0].subject.ecosystem, entry.name, entry.target or "") for entry in made.left_out]
    return Counter(kept) + Counter(out)


@given(_MOVES, _SETTINGS, _pulls())
@settings(max_examples=150, deadline=None)
def test_every_move_is_told_of_exactly_once(moves: list[Move], asked: Upgrades, existing: list[Existing]) -> None:
    made = plan(moves, (), asked, existing, NOW)
    assert _told(made) == Counter((one.key.ecosystem, one.name, one.target) for one in moves)


@given(_MOVES, _SETTINGS, _pulls())
@settings(max_examples=150, deadline=None)
def test_no_limit_is_passed(moves: list[Move], asked: Upgrades, existing: list[Existing]) -> None:
    made = plan(moves, (), asked, existing, NOW)
    was_open = {one.id for one in existing if one.state == "open"}
    new = [one for one in made.open if one.id not in was_open and not one.security]
    ordinary = [one for one in made.open if not one.security]
    recent = [one for one in existing if one.opened > NOW - timedelta(days=7) and not one.security]
    secure = {one.id for one in made.open if one.security}
    if new:
        assert len(ordinary) <= asked.open_limit
        assert len(new) + sum(one.id not in secure for one in recent) <= asked.weekly_limit
        assert asked.schedule != ("weekends",)
    majors = [one for one in ordinary if any(step.step == "major" for step in one.moves)]
    if any(one in new for one in majors):
        assert len(majors) <= asked.major_limit
        assert asked.majors != "never"
    for one in ordinary:
        parts = units(one.moves, asked)
        assert len(parts) == 1 or len({step.key for step in one.moves}) <= asked.group_limit
    young = timedelta(days=asked.minimum_release_age_days)
    for one in new:
        assert all(step.published is None or TODAY - step.published >= young for step in one.moves if not one.security)


@given(_MOVES, _SETTINGS, _pulls())
@settings(max_examples=150, deadline=None)
def test_a_plan_made_again_with_its_own_outcome_is_the_same(
    moves: list[Move], asked: Upgrades, existing: list[Existing]
) -> None:
    first = plan(moves, (), asked, existing, NOW)
    # debtscan closes these itself, whatever is drawn for those of them that are open.
    closed = (replace(one, state="closed", closed=NOW, closed_by_person=False) for one in first.obsolete)
    kept = [*(one for one in existing if one.state != "open"), *closed]
    # Pull requests that are open already keep their day; of those that only wait for an age, nothing changes.
    days = {one.id: one for one in existing if one.state == "open"}
    held = [days[entry.upgrade.id] for entry in first.waiting if entry.upgrade.id in days]
    there = {one.id: replace(one, opened=days[one.id].opened if one.id in days else NOW) for one in opened(first, NOW)}
    after = [*kept, *there.values(), *(one for one in held if one.id not in there)]
    second = plan(moves, (), asked, after, NOW)
    assert [one.id for one in second.open] == [one.id for one in first.open]
    assert [one.targets for one in second.open] == [one.targets for one in first.open]
    assert {entry.upgrade.id for entry in second.waiting} == {entry.upgrade.id for entry in first.waiting}
    assert second.obsolete == ()


@given(_MOVES, _SETTINGS, _pulls())
@settings(max_examples=100, deadline=None)
def test_the_order_of_what_is_given_does_not_matter(
    moves: list[Move], asked: Upgrades, existing: list[Existing]
) -> None:
    one, other = plan(moves, (), asked, existing, NOW), plan(moves[::-1], (), asked, existing[::-1], NOW)
    assert (one.open, one.waiting) == (other.open, other.waiting)
    assert {pull.number for pull in one.obsolete} == {pull.number for pull in other.obsolete}


@given(_MOVES, _SETTINGS)
@settings(max_examples=100, deadline=None)
def test_ids_are_unique_and_their_branches_too(moves: list[Move], asked: Upgrades) -> None:
    made = plan(moves, (), asked, (), NOW)
    opening = [entry.upgrade for entry in made.waiting if entry.reason not in {"too-young", "limit-group"}]
    ids = [one.id for one in (*made.open, *opening)]
    assert len(set(ids)) == len(ids)
    assert len({one.branch for one in (*made.open, *opening)}) == len(ids)


def test_a_month_of_days_is_calm_and_gets_everything_done() -> None:
    """Twenty majors, each merged two days after it was opened; a plan a day, by the settings as they come."""
    left = {f"lib{number}": move(f"lib{number} 1.0 2.0 major", points=number) for number in range(20)}
    pulls: list[Existing] = []
    asked, opened_on = Upgrades(), []
    for day in range(60):
        now = NOW + timedelta(days=day)
        pulls = [
            replace(one, state="merged", closed=now)
            if one.state == "open" and now - one.opened >= timedelta(2)
            else one
            for one in pulls
        ]
        for one in pulls:
            if one.state == "merged":
                left.pop(one.id.split("-")[1], None)
        made = plan(list(left.values()), (), asked, pulls, now)
        there = {one.id for one in pulls if one.state == "open"}
        new = [one for one in opened(made, now) if one.id not in there]
        pulls += [replace(one, number=len(pulls) + index) for index, one in enumerate(new)]
        opened_on += [now] * len(new)
        assert made.obsolete == ()
        assert sum(one.state == "open" for one in pulls) <= asked.major_limit
        assert sum(now - when < timedelta(days=7) for when in opened_on) <= asked.weekly_limit
    assert not left
    assert len(opened_on) == 20
