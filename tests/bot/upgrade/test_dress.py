"""Who is asked: the configured people and teams, and the owners of the files that change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analyzers.config import Upgrades
from bot.upgrade.dress import dress
from tests.support.upgrades import result, upgrade, written

OWNERS = (
    ("*", ("@ada", "dev@example.org")),
    ("requirements.txt", ("@grace", "@acme/python", "@other/team")),
)


@pytest.mark.parametrize(
    ("settings", "logins", "teams"),
    [
        (Upgrades(), ("ada", "grace"), ("python",)),
        (Upgrades(code_owners=False), (), ()),
        (Upgrades(reviewers=("joan", "team:ops"), code_owners=False), ("joan",), ("ops",)),
        (Upgrades(reviewers=("grace",)), ("grace", "ada"), ("python",)),
    ],
    ids=["owners", "none", "configured", "both"],
)
def test_reviewers(settings: Upgrades, logins: tuple[str, ...], teams: tuple[str, ...]) -> None:
    inventory = replace(result([]).inventory, owners=OWNERS)
    made = dress(written(upgrade()), inventory, settings, "acme")
    assert made.reviewers == logins
    assert made.teams == teams


def test_labels_and_assignees_are_those_of_the_configuration() -> None:
    made = dress(written(), result([]).inventory, Upgrades(labels=("a", "b"), assignees=("ada",)), "acme")
    assert (made.labels, made.assignees, made.reviewers) == (("a", "b"), ("ada",), ())
