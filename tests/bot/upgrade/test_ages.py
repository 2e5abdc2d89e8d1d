"""How old a release has to be for the repository's own package managers."""

from __future__ import annotations

import pytest

from analyzers.config import Upgrades
from analyzers.manifests import read_manifests
from analyzers.model.inventory import Inventory, Repository
from analyzers.read import ecosystems
from bot.upgrade.ages import aged
from tests.support.formats import snapshot


def _days(files: dict[str, bytes], own: int = 3) -> int:
    found = read_manifests(snapshot(files), ecosystems())
    seen = tuple(one for reading in found.readings.values() for one in reading.observations)
    inventory = Inventory(repository=Repository("demo"), observations=seen)
    return aged(Upgrades(minimum_release_age_days=own), inventory).minimum_release_age_days


@pytest.mark.parametrize(
    ("files", "days"),
    [
        ({}, 3),
        ({".npmrc": b"legacy-peer-deps=true\nmin-release-age=14\n"}, 14),
        ({".npmrc": b"min-release-age = 14\r\n"}, 14),
        ({".npmrc": b"# min-release-age=14\n"}, 3),
        ({".npmrc": b"min-release-age=${AGE}\n"}, 3),
        ({".npmrc": b"minimum-release-age=1440\n"}, 3),
        ({".npmrc": b"minimum-release-age=10081\n"}, 8),
        ({"pnpm-workspace.yaml": b"minimumReleaseAge: 20160\n"}, 14),
        ({"pnpm-workspace.yaml": b"minimumReleaseAge: soon\n"}, 3),
        ({"web/.npmrc": b"min-release-age=7\n", "pnpm-workspace.yaml": b"minimumReleaseAge: 1440\n"}, 7),
        ({".npmrc": b"min-release-age=99999\n"}, 3650),
    ],
)
def test_the_strictest_word_counts(files: dict[str, bytes], days: int) -> None:
    assert _days(files) == days


def test_a_longer_age_of_our_own_stays() -> None:
    assert _days({".npmrc": b"min-release-age=7\n"}, own=30) == 30
