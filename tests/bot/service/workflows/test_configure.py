"""The organisation's configuration: read, kept, and inherited by every repository."""

from __future__ import annotations

from bot.service.database.tables import REPOSITORIES
from tests.support.github import HostedRepository
from tests.support.service.estate import Estate

README = {"README.md": "Nothing\n"}
ENABLED = '[organization]\nenable = "all"\n[upgrades]\nenabled = false\n'


def _configured(acme: Estate, text: str = ENABLED) -> HostedRepository:
    acme.add("shop", README)
    own = acme.add(".github", {"debtscan.toml": text})
    acme.install()
    acme.start("reconcile")
    acme.go(hours=1)
    return own


def test_the_organisations_file_is_read_and_what_it_enables_is_asked(acme: Estate) -> None:
    _configured(acme)
    assert (acme.installation()["configuration"], acme.installation()["configuration_error"]) == (ENABLED, "")
    assert acme.row("shop")["phase"] == "invited"


def test_a_push_to_it_counts_for_all_repositories(acme: Estate) -> None:
    own = _configured(acme, "[gate]\n")
    assert acme.row("shop")["phase"] == "silent"
    own.commit({"debtscan.toml": ENABLED})
    acme.go()
    acme.go(minutes=2)
    assert acme.installation()["configuration"] == ENABLED
    assert acme.row("shop")["phase"] == "invited"
    assert acme.scans("shop")[-1]["reason"] == "renamed"


def test_a_file_that_is_wrong_is_told_and_the_last_good_one_counts(acme: Estate) -> None:
    own = _configured(acme)
    own.commit({"debtscan.toml": ENABLED + "[gate]\nfail-undr = 3\n"})
    acme.go()
    acme.go(minutes=2)
    row = acme.installation()
    assert row["configuration"] == ENABLED
    assert "debtscan.toml:6: unknown key 'fail-undr'" in row["configuration_error"]
    # What it quotes is what every database takes.
    own.commit({"debtscan.toml": '"\\u0000key" = 1\n'})
    acme.go()
    acme.go(minutes=2)
    assert "unknown key '\\0key'" in acme.installation()["configuration_error"]
    own.commit({"debtscan.toml": None})
    acme.go()
    acme.go(minutes=2)
    assert (acme.installation()["configuration"], acme.installation()["configuration_error"]) == ("", "")


def test_an_unchanged_file_has_nothing_scanned(acme: Estate) -> None:
    _configured(acme)
    before = len(acme.scans())
    acme.go(days=1)
    acme.start("reconcile")
    acme.go(hours=1)
    assert len(acme.scans()) == before


def test_what_is_inherited_counts_in_a_scan(acme: Estate) -> None:
    _configured(acme, "[upgrades]\nenabled = false\n")
    acme.set(REPOSITORIES, scanned_at=None)
    own = acme.github.world.repositories["acme/.github"]
    assert own.branches["main"] == acme.row(".github")["scanned_commit"]
    assert acme.row("shop")["error"] == ""


def test_a_new_installation_is_configured_at_once(acme: Estate) -> None:
    acme.add("shop", README)
    acme.add(".github", {"debtscan.toml": ENABLED})
    acme.install()
    acme.go(seconds=10)
    assert acme.installation()["configuration"] == ENABLED
    assert acme.row("shop")["phase"] == "invited"
