from __future__ import annotations

from datetime import date

import pytest

from analyzers.ecosystems.docker.cycles import cycle_at, has_ended, living, next_cycles, numbers
from analyzers.model.facts import Cycle, Lifecycle
from tests.support.images import DEBIAN, LIFECYCLES, TODAY, lifecycle

MYSQL = lifecycle(
    "mysql", [("9.7", "2026-04-21", "2034-04-21"), ("8.4", "2024-04-10", "2032-04-30"), ("8", "2018-04-19", None)]
)


@pytest.mark.parametrize(
    ("table", "version", "name"),
    [
        (LIFECYCLES["nodejs"], (18, 20, 8), "18"),
        (LIFECYCLES["python"], (3, 8), "3.8"),
        (LIFECYCLES["python"], (3, 8, 1), "3.8"),
        (LIFECYCLES["python"], (3,), "3.14"),
        (LIFECYCLES["python"], (2,), "2.7"),
        (LIFECYCLES["python"], (3, 99), None),
        (LIFECYCLES["python"], (), None),
        (MYSQL, (8, 4, 1), "8.4"),
        (MYSQL, (8, 1), "8"),
        (MYSQL, (9,), "9.7"),
    ],
)
def test_a_version_belongs_to_the_most_exact_cycle(
    table: Lifecycle, version: tuple[int, ...], name: str | None
) -> None:
    cycle = cycle_at(table, version)
    assert (cycle.name if cycle else None) == name


@pytest.mark.parametrize(
    ("name", "parts"), [("24.04", (24, 4)), ("18", (18,)), ("8-lts", ()), ("", ()), ("9" * 20, ())]
)
def test_names_of_cycles_are_numbers(name: str, parts: tuple[int, ...]) -> None:
    assert numbers(name) == parts


@pytest.mark.parametrize(
    ("product", "current", "order"),
    [
        ("nodejs", "18", ["24", "26", "22"]),
        ("nodejs", "25", ["26"]),
        ("nodejs", "26", []),
        ("python", "3.8", ["3.12", "3.13", "3.14", "3.11"]),
        ("go", "1.25", ["1.26", "1.27"]),
        ("ubuntu", "20.04", ["24.04", "26.04"]),
        ("debian", "10", ["13"]),
    ],
)
def test_the_way_leads_to_the_nearest_line_that_lasts(product: str, current: str, order: list[str]) -> None:
    table = LIFECYCLES[product]
    cycle = next(cycle for cycle in table.cycles if cycle.name == current)
    assert [found.name for found in next_cycles(table, cycle, TODAY, "regular")] == order


def test_lines_of_the_future_are_not_there_yet() -> None:
    names = [cycle.name for cycle in living(DEBIAN, date(2022, 1, 1), "regular")]
    assert names == ["11", "10"]


def test_an_end_that_nobody_recorded_counts_from_the_tables_date() -> None:
    table = Lifecycle("x", (Cycle("1", None, None, ended=True),), "a table", date(2026, 8, 22))
    cycle = table.cycles[0]
    assert not has_ended(table, cycle, date(2026, 8, 21), "regular")
    assert has_ended(table, cycle, date(2026, 8, 22), "regular")


def test_long_term_support_is_for_distributions_alone() -> None:
    extended = Cycle("1", None, date(2020, 1, 1), date(2030, 1, 1))
    rhel = Lifecycle("rhel", (extended,), "a table", TODAY)
    assert has_ended(rhel, extended, TODAY, "lts")
    assert not has_ended(DEBIAN, DEBIAN.cycles[1], TODAY, "lts")
