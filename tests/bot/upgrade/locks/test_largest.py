"""A group of which one member cannot be locked: the real uv, an index on loopback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from analyzers.config import Upgrades
from bot.upgrade.largest import largest
from bot.upgrade.locks.model import Job
from bot.upgrade.locks.reach import Reach
from bot.upgrade.locks.sandbox import Sandbox
from bot.upgrade.model import Written
from bot.upgrade.worth import worth
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
    moves = tuple(replace(move(before, name, "1.1", locks=["uv.lock"]), points=20, owed=20) for name in ("red", "blue"))
    return largest(
        replace(upgrade(*moves), worth=worth(moves, NOW.date())), before, WORLDS, locker("uv"), Upgrades(), NOW
    )


def test_the_bad_member_is_left_out_with_the_tools_words_and_the_good_one_goes_on(index: PythonIndex) -> None:
    made = _made(index)
    assert made.problems == ()
    assert locked(made.files["uv.lock"])["blue"] == "1.1"
    assert locked(made.files["uv.lock"])["red"] == "1.0"
    assert [entry.name for entry in made.refused] == ["red"]
    assert "green" in made.refused[0].detail
    assert [entry.name for entry in made.upgrade.moves] == ["blue"]
    assert made.upgrade.worth.points == 20


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


@pytest.mark.parametrize(
    ("bad", "runs"),
    [
        # All at once, then each step but the last, of which the outcome is known.
        pytest.param("", 6, id="none"),
        # All, all but the named one, then its steps.
        pytest.param("d", 6, id="one"),
        pytest.param("be", 6, id="two"),
    ],
)
def test_no_lock_is_made_twice_for_the_same_moves(
    index: PythonIndex, monkeypatch: pytest.MonkeyPatch, bad: str, runs: int
) -> None:
    project = PROJECT.format(url=index.url)
    names = [f"{letter}-one" for letter in "abcdef"]
    for name in names:
        index.add(name, "1.0")
    wanted = "".join(f"'{name}==1.0', " for name in names)
    files = first_lock({"pyproject.toml": project.replace("dependencies = [", f"dependencies = [{wanted}")})
    for name in names:
        index.add(name, "1.1", requires=["green>=9"] if name[0] in bad else [])
    before = as_snapshot(files)
    asked = _asked(monkeypatch)
    moves = (move(before, name, "1.1", locks=["uv.lock"]) for name in names)
    made = largest(upgrade(*moves), before, WORLDS, locker("uv"), Upgrades(), NOW)
    assert {entry.name[0] for entry in made.refused} == set(bad)
    assert len(made.commits) == len(names) - len(bad)
    assert made.commits[-1][1]["uv.lock"] == made.files["uv.lock"]
    assert len(asked) == len(set(asked)) == runs


def _asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Return where the packages of each run of a lock tool are noted."""
    asked: list[tuple[str, ...]] = []
    real = Sandbox.run

    def run(
        sandbox: Sandbox, job: Job, executable: str, secrets: Mapping[str, str], result: str, reach: Reach
    ) -> bytes:
        asked.append((*(word for one in job.runs for word in one.arguments), job.files["uv.lock"].hex()))
        return real(sandbox, job, executable, secrets, result, reach)

    monkeypatch.setattr(Sandbox, "run", run)
    return asked
