"""What is weighed before it is opened, and what then waits. Plans, previews and their scans are real."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pytest

from bot.upgrade.made import Maker
from bot.upgrade.model import Existing, LockProblem, Move, Plan, Upgrade, Written
from bot.upgrade.plan import plan
from bot.upgrade.preview import Preview, compare
from bot.upgrade.sparing import sparing
from tests.support.plans import NOW, move, pull, settings
from tests.support.upgrades import finding, result


@dataclass
class Workshop:
    """Makes upgrades; merging each of `costly` brings a new finding, and none of `unlocked` has a whole lock."""

    costly: Sequence[str] = ()
    unlocked: Sequence[str] = ()
    wrote: list[str] = field(default_factory=list)

    def write(self, upgrade: Upgrade) -> Written:
        self.wrote.append(upgrade.id)
        problem = LockProblem(lock="uv.lock", tool="uv", detail="is not here")
        files = {"requirements.txt": b"x"}
        problems = (problem,) if upgrade.id in self.unlocked else ()
        return Written(upgrade=upgrade, files=files, commits=((upgrade.title, files),), problems=problems)

    def preview(self, written: Written) -> Preview:
        names = [one.name for one in written.upgrade.moves]
        before = [finding(name, minutes=20) for name in names]
        after = [finding(f"behind {name}", title=f"behind {name}", minutes=500) for name in names]
        is_costly = written.upgrade.id in self.costly
        keys = [one.key for one in written.upgrade.moves]
        return compare(result(before), result(after if is_costly else ()), keys)

    def planned(self, moves: Sequence[Move], existing: Sequence[Existing] = (), **asked: object) -> Plan:
        def made(costly: Mapping[str, str]) -> Plan:
            return plan(moves, (), settings(**asked), existing, NOW, costly=costly)

        branches = {one.branch for one in existing if one.state == "open"}
        return sparing(made, Maker(self.write, self.preview), branches)


def _waiting(made: Plan) -> list[str]:
    return [f"{one.upgrade.id} {one.reason}" for one in made.waiting]


def test_what_costs_points_waits_with_what_it_costs_and_makes_room() -> None:
    shop = Workshop(costly=["pypi-a-2", "pypi-b-2"])
    made = shop.planned([move(f"{name} 1.0 2.0 major") for name in "abcd"], open_limit=1)
    assert [one.id for one in made.open] == ["pypi-c-2"]
    assert _waiting(made) == ["pypi-a-2 costs-points", "pypi-b-2 costs-points", "pypi-d-2 limit-open"]
    assert made.waiting[0].detail == "merging it adds 460 points of debt and mends nothing that presses: behind a"
    assert shop.wrote == ["pypi-a-2", "pypi-b-2", "pypi-c-2"]


@pytest.mark.parametrize(
    "pressing",
    [
        move("a 1.0 2.0 major CVE-2026-1"),
        move("a 1.0 2.0 major", ends=date(2027, 4, 30)),
        move("a 1.0 2.0 major", kind="replace"),
    ],
    ids=["a flaw", "an end of life", "something else in its place"],
)
def test_what_presses_is_opened_whatever_it_costs(pressing: Move) -> None:
    shop = Workshop(costly=["pypi-a-2"])
    assert [one.id for one in shop.planned([pressing]).open] == ["pypi-a-2"]
    assert shop.wrote == []


def test_what_is_open_stays_open() -> None:
    shop = Workshop(costly=["pypi-a-2"])
    made = shop.planned([move("a 1.0 2.0 major")], [pull(1, "pypi-a-2", a="2.0")])
    assert ([one.id for one in made.open], shop.wrote) == (["pypi-a-2"], [])


def test_without_its_lock_nobody_knows_what_it_costs() -> None:
    shop = Workshop(costly=["pypi-a-2"], unlocked=["pypi-a-2"])
    assert [one.id for one in shop.planned([move("a 1.0 2.0 major")]).open] == ["pypi-a-2"]


def test_the_search_ends_where_everything_costs_something() -> None:
    moves = [move(f"lib{number:02} 1.0 2.0 major") for number in range(40)]
    shop = Workshop(costly=[f"pypi-lib{number:02}-2" for number in range(40)])
    made = shop.planned(moves, open_limit=1)
    assert shop.wrote == [f"pypi-lib{number:02}-2" for number in range(10)]
    assert [one.id for one in made.open] == ["pypi-lib10-2"]


def test_what_was_weighed_is_not_made_again_and_what_changed_is() -> None:
    shop = Workshop()
    maker = Maker(shop.write, shop.preview)
    (upgrade,) = plan([move("a 1.0 2.0 major")], (), settings(), (), NOW).open
    (other,) = plan([move("a 1.0 2.1 major")], (), settings(), (), NOW).open
    assert maker.weigh(upgrade) == maker.take(upgrade)[1]
    assert shop.wrote == ["pypi-a-2"]
    maker.weigh(upgrade)
    assert maker.take(other)[0].upgrade == other
    assert shop.wrote == ["pypi-a-2"] * 3
