"""What a pull request was made from, as a digest: what counts, what does not, and for how long it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from analyzers.config import Upgrades
from analyzers.http.credentials import load_settings
from bot.upgrade import groups
from bot.upgrade.inputs import accepted, inputs, kept
from bot.upgrade.locks.locker import Locker
from bot.upgrade.locks.sandbox import Sandbox
from bot.upgrade.model import LockProblem, Upgrade
from tests.support.lockers import WORLDS, as_snapshot, locker, move, upgrade
from tests.support.upgrades import REFUSED, written

FILES = {
    "pyproject.toml": "[project]\nname = 'app'\nversion = '1'\ndependencies = ['red==1.0', 'blue==1.0']\n",
    "uv.lock": 'version = 1\nrequires-python = ">=3.11"\n\n[[package]]\nname = "red"\nversion = "1.0"\n',
    "web/package.json": "{}",
    "README.md": "Shop",
}
DAY = date(2026, 11, 26)
NOW = datetime(2026, 11, 26, tzinfo=UTC)


def _made(
    files: dict[str, str], change: Callable[[Upgrade], Upgrade] = lambda one: one, tools: Locker | None = None
) -> str:
    before = as_snapshot(files)
    moves = [move(before, name, "1.1", locks=["uv.lock"]) for name in ("red", "blue")]
    made = change(upgrade(*moves))
    units = groups.units(made.moves, Upgrades())
    return inputs(made, units, before, WORLDS, tools or locker("uv"))


def _first(change: dict[str, object]) -> Callable[[Upgrade], Upgrade]:
    return lambda one: replace(one, moves=(replace(one.moves[0], **change), *one.moves[1:]))  # type: ignore[arg-type]  # its fields


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"uv.lock": FILES["uv.lock"] + "# mine"}, id="the lock"),
        pytest.param({"pyproject.toml": FILES["pyproject.toml"] + "[tool.uv]\nprerelease = 'allow'\n"}, id="settings"),
    ],
)
def test_files_that_a_tool_is_given_count(files: dict[str, str]) -> None:
    assert _made({**FILES, **files}) != _made(FILES)


@pytest.mark.parametrize("path", ["README.md", "web/package.json", "app.py"])
def test_other_files_do_not(path: str) -> None:
    assert _made({**FILES, path: "{ }"}) == _made(FILES)


@pytest.mark.parametrize(
    "change",
    [{"target": "1.2"}, {"advisories": ("GHSA-1",)}, {"current": "0.9"}, {"kind": "major"}],
    ids=["target", "flaw", "current", "kind"],
)
def test_what_moves_counts(change: dict[str, object]) -> None:
    assert _made(FILES, _first(change)) != _made(FILES)


@pytest.mark.parametrize(
    "change",
    [{"points": 99}, {"heat": 9}, {"published": DAY}, {"note": "2 is 1 day old"}, {"ends": DAY}],
    ids=["points", "heat", "day", "note", "end"],
)
def test_what_days_change_does_not(change: dict[str, object]) -> None:
    assert _made(FILES, _first(change)) == _made(FILES)


def test_a_tool_that_is_not_here_counts() -> None:
    there = locker("uv")
    bare = Sandbox(environ={"PATH": "/nonexistent"}, home=there.sandbox.home, bubblewrap=None, opted_in=True)
    assert _made(FILES, tools=Locker(sandbox=bare, settings=there.settings)) != _made(FILES)


def test_whether_there_are_credentials_counts_and_which_they_are_does_not() -> None:
    tools = locker("uv")

    def made(password: str) -> str:
        address = f"https://ada:{password}@pypi.org/simple" if password else "https://pypi.org/simple"
        settings = load_settings({"UV_DEFAULT_INDEX": address}, tools.sandbox.home)
        return _made(FILES, tools=Locker(sandbox=tools.sandbox, settings=settings, private_hosts=True))

    assert made("one-secret") == made("another-secret")
    assert made("one-secret") != made("")


def test_what_was_refused_holds_for_a_week_and_what_nobody_answered_not_at_all() -> None:
    digest = "0" * 20
    whole = written()
    assert kept(digest, whole, DAY) == digest
    assert kept(digest, replace(whole, refused=(REFUSED,)), DAY) == f"{digest}-2026w48"
    draft = replace(whole, problems=(LockProblem(lock="uv.lock", tool="uv", detail="no"),))
    assert kept(digest, draft, DAY) in accepted(digest, date(2026, 11, 29))
    assert kept(digest, draft, DAY) not in accepted(digest, date(2026, 11, 30))
    assert kept(digest, replace(draft, passes=True), DAY) == ""
