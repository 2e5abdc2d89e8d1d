"""As much of a choice as its locks hold, with tools that refuse some of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analyzers.config import Upgrades
from analyzers.http.credentials import load_settings
from analyzers.model.ecosystem import Ecosystem, Reading
from analyzers.model.edit import Edit
from analyzers.model.snapshot import Snapshot
from bot.upgrade.attempt import Attempt, Attempts
from bot.upgrade.locks.locker import Locker, Remade
from bot.upgrade.locks.model import Wanted
from bot.upgrade.locks.sandbox import Sandbox
from bot.upgrade.model import LockProblem
from bot.upgrade.offer import offer
from tests.support.lockers import WORLDS, as_snapshot, move
from tests.support.plans import NOW

LETTERS = "abcdefghijklmnop"
PROJECT = "[project]\nname = 'x'\ndependencies = [\n" + "".join(f"  '{one}==1.0',\n" for one in LETTERS) + "]\n"
FILES = {"pyproject.toml": PROJECT, "uv.lock": "version = 1\n", "requirements.txt": "free==1.0\n"}
Says = Callable[[frozenset[str]], str]


class Tools(Locker):
    """Lock tools that say what is wrong with a set of names; ``""`` is well."""

    def of_names(self, says: Says) -> Tools:
        object.__setattr__(self, "says", says)
        object.__setattr__(self, "runs", [])
        return self

    def hindrance(self, lock: str, content: bytes) -> str:  # noqa: ARG002 - as its base
        return str(getattr(self, "missing", ""))

    def remake(
        self,
        lock: str,
        snapshot: Snapshot,
        readings: Mapping[str, Reading],  # noqa: ARG002 - as its base
        worlds: Sequence[Ecosystem],  # noqa: ARG002
        wanted: Mapping[str, Sequence[Wanted]],
    ) -> Remade | LockProblem:
        moved = frozenset(one.name for one in wanted.get("pypi", ()))
        self.__dict__["runs"].append(moved)
        said = self.__dict__["says"](moved)
        if said:
            return LockProblem(lock=lock, tool="uv", detail=said)
        return Remade(lock=lock, content=snapshot.read(lock) + b"# remade\n", tool="uv 1.0")


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    sandbox = Sandbox(environ={}, home=tmp_path, bubblewrap=None, opted_in=True)
    return Tools(sandbox=sandbox, settings=load_settings({}, tmp_path))


def attempt(tools: Tools, says: Says, **given: Any) -> Attempt:  # noqa: ANN401 - fields of Attempts
    files = as_snapshot(FILES)
    moves = [move(files, name, "1.1", locks=["uv.lock"]) for name in LETTERS] + [move(files, "free", "1.1")]
    found = offer([replace(one, points=50 - at) for at, one in enumerate(moves)], (), Upgrades(), NOW)
    return Attempts(files, WORLDS, tools.of_names(says), NOW, **given).of(found.choices)


def made(found: Attempt) -> str:
    return "".join(one.name for choice in found.made for one in choice.moves)


def test_all_that_holds_is_written_with_one_run(tools: Tools) -> None:
    found = attempt(tools, lambda _names: "")
    assert made(found) == f"{LETTERS}free"
    assert found.dropped == ()
    assert found.written.files["uv.lock"] == b"version = 1\n# remade\n"
    assert found.written.files["pyproject.toml"].count(b"==1.1") == len(LETTERS)
    assert len(tools.__dict__["runs"]) == 1


@pytest.mark.parametrize("bad", ["a", "h", "p", "ap", "cdm"])
@pytest.mark.parametrize("named", [True, False])
def test_culprits_are_left_out_and_no_others(tools: Tools, bad: str, *, named: bool) -> None:
    def says(names: frozenset[str]) -> str:
        first = next((one for one in bad if one in names), "")
        return first and (f"No matching version found for {first}@1.1." if named else "it does not resolve")

    found = attempt(tools, says)
    assert set(made(found)) == set(f"{LETTERS}free") - set(bad)
    assert [one.choice.moves[0].name for one in found.dropped] == list(bad) or not named
    assert {one.lock for one in found.dropped} == {"uv.lock"}
    assert b"remade" in found.written.files["uv.lock"]
    for name in bad:
        assert f"'{name}==1.0'".encode() in found.written.files["pyproject.toml"]
    runs = len(tools.__dict__["runs"])
    assert runs <= (len(bad) + 2 if named else 2 + 8 * len(bad))


def test_two_that_exclude_each_other_cost_one_of_them(tools: Tools) -> None:
    found = attempt(tools, lambda names: "b and k exclude each other" if {"b", "k"} <= names else "")
    assert set(f"{LETTERS}free") - set(made(found)) == {"k"}


def test_a_lock_that_never_resolves_costs_all_that_need_it(tools: Tools) -> None:
    found = attempt(tools, lambda _names: "the index does not answer")
    assert made(found) == "free"
    assert list(found.written.files) == ["requirements.txt"]
    assert len(tools.__dict__["runs"]) <= 24


def test_a_tool_that_fails_once_has_not_said_of_whom(tools: Tools) -> None:
    found = attempt(tools, lambda _names: "" if len(tools.__dict__["runs"]) > 1 else "a bad day")
    assert made(found) == "free"
    assert b"remade" not in b"".join(found.written.files.values())


def test_without_its_tool_nothing_is_tried(tools: Tools) -> None:
    tools.__dict__["missing"] = "uv is not here"
    found = attempt(tools, lambda _names: "")
    assert made(found) == "free"
    assert {one.why for one in found.dropped} == {"uv is not here"}
    assert tools.__dict__["runs"] == []


def test_where_nobody_may_be_asked_no_lock_is_made(tools: Tools) -> None:
    found = attempt(tools, lambda _names: "", hindrance="offline")
    assert {one.why for one in found.dropped} == {"offline"}
    assert made(found) == "free"


def test_a_refused_edit_costs_what_cannot_be_parted_from_it(tools: Tools) -> None:
    files = as_snapshot(
        {"requirements.txt": "@one==1.0\n", "a.txt": "", "requirements-dev.txt": "one==1.0\ntwo==1.0\n"}
    )
    one, two = move(files, "one", "1.1"), move(files, "two", "1.1")
    assert one.edit
    (change,) = one.edit.changes
    torn = replace(one, edit=Edit((replace(change, value="no version"),)), family="pair")
    found = offer([torn, replace(two, family="pair")], (), Upgrades(), NOW)
    tried = Attempts(files, WORLDS, tools.of_names(lambda _names: ""), NOW).of(found.choices)
    assert tried.made == ()
    assert tried.written.files == {}
    assert len(tried.dropped) == 1
