"""What of a new lock is taken, what is told, and what is not believed. No tool runs."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from bot.upgrade.locks import npm
from bot.upgrade.locks.difference import Difference, compared
from bot.upgrade.locks.model import LockRefusedError, Task, Wanted
from bot.upgrade.model import OtherMove
from tests.support.lockers import WORLDS, as_snapshot

LOCK = "package-lock.json"
NPM = next(world for world in WORLDS if world.name == "npm")


def lock(*packages: str, version: int = 3, parts: Mapping[str, str] | None = None, **requires: str) -> bytes:
    """Return a lock of ``red@1.0.0`` or, nested, ``blue/red@1.0.0``; red wants ``requires`` and its ``parts``."""
    entries: dict[str, object] = {"": {"name": "app"}}
    wanted = {**requires, **(parts or {})}
    for package in packages:
        path, _, number = package.rpartition("@")
        key = "/".join(f"node_modules/{part}" for part in path.split("/"))
        entries[key] = {"version": number, **({"dependencies": wanted} if path == "red" else {})}
    return json.dumps({"lockfileVersion": version, "packages": entries}).encode()


def difference(old: bytes, new: bytes, *wanted: tuple[str, str, str | None]) -> Difference:
    asked = tuple(Wanted(name=name, shown=name, target=target, current=current) for name, target, current in wanted)
    task = Task(lock=LOCK, snapshot=as_snapshot({LOCK: old}), readings={}, world=NPM, wanted=asked)
    return compared(task, npm.TOOL, old, new)


RED = ("red", "2.0.0", "1.0.0")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (lock("red@1.0.0"), lock("red@1.0.0"), "npm left red at 1.0.0"),
        (lock("red@1.0.0"), lock("red@2.1.0"), "npm left red at 2.1.0"),
        (lock("red@1.0.0"), lock(), "does not hold red at all"),
        (lock("red@1.0.0", version=2), lock("red@2.0.0"), "in the format lockfileVersion 2, and the npm here writes"),
        (lock("red@1.0.0"), b"<html>", "does not hold red at all"),
    ],
)
def test_what_is_not_what_was_asked_for_is_not_taken(old: bytes, new: bytes, says: str) -> None:
    with pytest.raises(LockRefusedError, match=says) as error:
        difference(old, new, RED)
    assert LOCK in str(error.value) or "npm" in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "others"),
    [
        ([], [], []),
        (["blue@1.0.0"], ["blue@1.1.0"], [("blue", "1.0.0", "1.1.0", "required by red 2.0.0 (^1.1.0)")]),
        (["grey@1.0.0"], ["grey@1.1.0"], [("grey", "1.0.0", "1.1.0", "")]),
        (["grey@1.0.0"], [], [("grey", "1.0.0", None, "")]),
        ([], ["grey@1.0.0"], [("grey", None, "1.0.0", "")]),
        (["a/red@0.5.0"], ["a/red@0.6.0"], [("red", "0.5.0", "0.6.0", "")]),
        (["a/red@0.5.0"], ["a/red@0.5.0"], []),
    ],
)
def test_what_else_moved_is_told(old: list[str], new: list[str], others: list[tuple[str, str, str, str]]) -> None:
    found = difference(lock("red@1.0.0", *old), lock("red@2.0.0", *new, blue="^1.1.0"), RED)
    assert found.others == tuple(
        OtherMove(lock=LOCK, name=name, before=before, after=after, why=why) for name, before, after, why in others
    )
    assert found.doubts == ()


def test_a_package_that_goes_back_is_a_doubt() -> None:
    found = difference(lock("red@1.0.0", "grey@2.10.0"), lock("red@2.0.0", "grey@2.9.0"), RED)
    assert found.doubts == (f"the new {LOCK} goes back to older versions of grey (2.10.0 → 2.9.0)",)


def test_what_another_lock_holds_is_none_of_this_one() -> None:
    assert difference(lock("blue@1.0.0"), lock("blue@1.0.0"), RED) == Difference(others=(), doubts=())


def in_parts(version: str, *systems: str, held: tuple[str, ...]) -> bytes:
    """Return a lock of red, which wants a part for each of the systems; only those ``held`` are there."""
    present = [f"red-{system}@{version}" for system in held]
    return lock(f"red@{version}", *present, parts={f"red-{system}": version for system in systems})


ALL = ("linux-x64", "linux-x64-musl", "darwin-arm64", "win32-x64-msvc")


def test_a_lock_that_lost_the_parts_for_other_systems_is_doubted() -> None:
    old, new = in_parts("1.0.0", *ALL, held=ALL), in_parts("2.0.0", *ALL, held=ALL[:2])

    [doubt] = difference(old, new, RED).doubts

    assert doubt.startswith(
        f"the new {LOCK} lacks parts of red for other systems: red-darwin-arm64, red-win32-x64-msvc;"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (in_parts("1.0.0", *ALL, held=ALL), in_parts("2.0.0", *ALL, held=ALL)),
        # Never there: the project's own lock was made so.
        (in_parts("1.0.0", *ALL, held=ALL[:2]), in_parts("2.0.0", *ALL, held=ALL[:2])),
        # It gave its parts up.
        (in_parts("1.0.0", *ALL, held=ALL), lock("red@2.0.0")),
        # A system by its name alone, not in step with the package.
        (lock("red@1.0.0", "red-linux@7.0.0", parts={"red-linux": "7.0.0"}), lock("red@2.0.0")),
        # In step, and no part for a system.
        (
            lock("red@1.0.0", "red-core@1.0.0", "red-linux@1.0.0", parts={"red-core": "1", "red-linux": "1"}),
            lock("red@2.0.0", "red-linux@2.0.0", parts={"red-linux": "2"}),
        ),
    ],
)
def test_a_lock_that_lost_nothing_is_not_doubted(old: bytes, new: bytes) -> None:
    assert difference(old, new, RED).doubts == ()
