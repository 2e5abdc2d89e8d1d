"""A group of which one member cannot be locked: the real uv, an index on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from analyzers.config import Upgrades
from bot.upgrade.largest import largest
from bot.upgrade.model import Written
from tests.bot.upgrade.locks.test_uv import PROJECT, first_lock, locked
from tests.support.lockers import WORLDS, as_snapshot, locker, move, upgrade
from tests.support.packages import PythonIndex, python_index

NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture
def index() -> Iterator[PythonIndex]:
    with python_index() as found:
        found.add("green", "1.0").add("red", "1.0").add("blue", "1.0")
        yield found


def _made(index: PythonIndex) -> Written:
    """Move red to 1.1, which asks for a green that nobody has, and blue to 1.1."""
    files = first_lock({"pyproject.toml": PROJECT.format(url=index.url)})
    index.add("red", "1.1", requires=["green>=9"]).add("blue", "1.1")
    before = as_snapshot(files)
    moves = (move(before, "red", "1.1", locks=["uv.lock"]), move(before, "blue", "1.1", locks=["uv.lock"]))
    return largest(upgrade(*moves), before, WORLDS, locker("uv"), Upgrades(), NOW)


def test_the_bad_member_is_left_out_with_the_tools_words_and_the_good_one_goes_on(index: PythonIndex) -> None:
    made = _made(index)
    assert made.problems == ()
    assert locked(made.files["uv.lock"])["blue"] == "1.1"
    assert locked(made.files["uv.lock"])["red"] == "1.0"
    assert [entry.name for entry in made.refused] == ["red"]
    assert "green" in made.refused[0].detail
    assert [entry.name for entry in made.upgrade.moves] == ["blue"]


def test_a_single_member_stays_a_draft(index: PythonIndex) -> None:
    files = first_lock({"pyproject.toml": PROJECT.format(url=index.url)})
    index.add("red", "1.1", requires=["green>=9"])
    before = as_snapshot(files)
    made = largest(
        upgrade(move(before, "red", "1.1", locks=["uv.lock"])), before, WORLDS, locker("uv"), Upgrades(), NOW
    )
    assert made.draft


def test_without_a_tool_the_whole_group_is_a_draft(index: PythonIndex) -> None:
    files = first_lock({"pyproject.toml": PROJECT.format(url=index.url)})
    before = as_snapshot(files)
    moves = (move(before, "red", "1.1", locks=["uv.lock"]), move(before, "blue", "1.1", locks=["uv.lock"]))
    made = largest(upgrade(*moves), before, WORLDS, locker(), Upgrades(), NOW)
    assert made.draft
    assert len(made.upgrade.moves) == len(moves)
    assert made.refused == ()
