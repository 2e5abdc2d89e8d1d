"""Asking a repository through a child: what `bot.rounds.inviting` does, with the service in GitHub's place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.facts_json import facts_from_json
from analyzers.settings import Inherited
from bot.onboarding.starter import PATH
from bot.service.errors import ScanFailedError
from bot.service.scanning import Invitation, Invited, invite
from tests.support.service.acting import Bench, bench
from tests.support.service.estate import FILES
from tests.support.service.scans import LIMITS

WHY = Invitation(why="it bears the topic debtscan", page="https://debtscan.example.org/acme/shop")
BELOW = Inherited.of("acme", b'[organization]\nlock = ["posts.dashboard"]\n[posts]\ndashboard = false\n')


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path, dict(FILES)) as made:
        yield made


def _invited(shop: Bench, invitation: Invitation = WHY, inherited: Inherited | None = None) -> Invited:
    found = shop.scan(inherited=inherited)
    return invite(
        shop.job(known=found.stored, inherited=inherited),
        facts_from_json(found.facts),
        invitation,
        host=shop.client,
        repo=shop.client.repository(),
        url=shop.client.url,
        mirrors=shop.mirrors,
        source=shop.client.clone_source,
        network=shop.lookups,
        limits=LIMITS,
    )


def _text(shop: Bench) -> str:
    _invited(shop, inherited=BELOW)
    return shop.repository.pull(1).body or ""


def test_a_repository_is_asked_once_and_shown_what_would_happen(shop: Bench) -> None:
    first = _invited(shop)
    (pull,) = shop.repository.pulls
    assert (first.standing, first.pull, pull.branch) == ("invited", pull.number, "debtscan/onboarding")
    assert "actions/checkout" in (pull.body or "")
    assert "it bears the topic debtscan" in (pull.body or "")
    before = len(shop.github.writes)
    assert _invited(shop) == Invited(standing="invited", pull=pull.number)
    assert shop.github.writes[before:] == []


def test_merging_accepts_and_closing_declines_until_somebody_asks_again(shop: Bench) -> None:
    _invited(shop)
    shop.repository.close(1)
    assert _invited(shop).standing == "declined"
    again = Invitation(why=WHY.why, page=WHY.page, again=True)
    assert _invited(shop, again).standing == "invited"
    shop.repository.merge(max(pull.number for pull in shop.repository.pulls))
    assert _invited(shop).standing == "posting"


def test_a_repository_with_a_configuration_of_its_own_is_not_asked(shop: Bench) -> None:
    shop.repository.commit({"debtscan.toml": "[upgrades]\nopen-limit = 1\n"})
    assert _invited(shop) == Invited(standing="posting")
    assert shop.repository.pulls == []


def test_what_people_propose_there_counts_for_what_is_shown(shop: Bench) -> None:
    _invited(shop)
    file = {".github/debtscan.toml": "[upgrades]\nenabled = false\n"}
    shop.repository.commit(file, branch="debtscan/onboarding")
    assert _invited(shop).standing == "invited"
    assert "No pull requests" in (shop.repository.pull(1).body or "")


def test_what_the_organisation_locks_holds_whatever_is_proposed(shop: Bench) -> None:
    assert "**One issue**" not in _text(shop)
    shop.repository.commit({PATH: "[posts]\ndashboard = true\n"}, branch="debtscan/onboarding")
    text = _text(shop)
    assert "'posts.dashboard' is overruled" in text.replace("&#39;", "'")
    assert "**One issue**" not in text


def test_the_repository_that_holds_the_organisations_file_is_scanned_as_any_other(tmp_path: Path) -> None:
    with bench(tmp_path, {**FILES, "debtscan.toml": BELOW.content}) as shop:
        with pytest.raises(ScanFailedError, match=r"debtscan\.toml:1: \[organization\] stands in the organisation's"):
            shop.scan()
        assert shop.scan(name="acme/.github").configured == "debtscan.toml"
