"""Which pull requests a rule takes: every update of them has to match."""

from __future__ import annotations

import pytest

from analyzers.config import UpgradeAutomerge, Upgrades
from analyzers.model.subject import SubjectKey
from bot.upgrade.automerge import rule_of
from bot.upgrade.model import Move
from tests.support.upgrades import move, upgrade

PATCH = move("ruff", step="patch", kind="patch")
MINOR = move("mypy", step="minor", kind="minor")
MAJOR = move("django", step="major", kind="major")
SECURE = move("flask", step="patch", kind="security")
PIN = move("black", step=None, kind="pin")
NODE = move("@types/node", step="patch", kind="patch", key=SubjectKey("npm", "@types/node"))


@pytest.mark.parametrize(
    ("rule", "moves", "taken"),
    [
        (UpgradeAutomerge(), (PATCH,), True),
        (UpgradeAutomerge(), (PIN, PATCH), True),
        (UpgradeAutomerge(), (MINOR,), False),
        (UpgradeAutomerge(), (PATCH, MINOR), False),
        (UpgradeAutomerge(kinds=("major",)), (MAJOR,), True),
        (UpgradeAutomerge(), (SECURE,), True),
        (UpgradeAutomerge(match=("ruf*",)), (PATCH,), True),
        (UpgradeAutomerge(match=("ruf*",)), (PATCH, PIN), False),
        (UpgradeAutomerge(match=("@types/*",), ecosystems=("npm",)), (NODE,), True),
        (UpgradeAutomerge(ecosystems=("npm",)), (PATCH,), False),
    ],
)
def test_rule(rule: UpgradeAutomerge, moves: tuple[Move, ...], taken: bool) -> None:
    assert (rule_of(upgrade(*moves), [rule]) is rule) is taken


def test_the_first_rule_that_matches_counts() -> None:
    first, second = UpgradeAutomerge(match=("x",)), UpgradeAutomerge(method="squash")
    assert rule_of(upgrade(PATCH), [first, second, UpgradeAutomerge(method="rebase")]) is second


def test_nothing_is_merged_by_default() -> None:
    assert rule_of(upgrade(PATCH), Upgrades().automerge) is None
