"""Installations and repositories come, change, go and come back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.service.database.tables import DELIVERIES, INSTALLATIONS, INVENTORIES, REPORTS, REPOSITORIES, SCANS, USAGES
from bot.service.storing import history_of
from bot.store import _tables as history
from tests.support.service.estate import FILES, Estate

SETTLE = 60
README = {"README.md": "Nothing\n"}


def test_of_what_was_uninstalled_nothing_is_left_after_a_day(acme: Estate) -> None:
    acme.add("shop")
    installed = acme.install()
    number = acme.row("shop")["id"]
    mirror = acme.parts.mirrors.folder / str(number)
    assert mirror.exists()
    installed.uninstall()
    acme.go()
    acme.go(hours=23)
    acme.start("forget")
    assert acme.row("shop")["score"] is not None
    acme.go(hours=2)
    acme.start("forget")
    tables = (INSTALLATIONS, REPOSITORIES, REPORTS, INVENTORIES, USAGES, SCANS, history.ENTRIES, history.FACTS)
    assert [acme.count(table) for table in tables] == [0] * len(tables)
    assert not mirror.exists()
    # Neither what the engine was given, in which names stand.
    assert not [item for item in acme.line.done if item.name in {"deliver", "scan", "admit"}]
    assert all(row["installation_id"] is None and row["repository_id"] is None for row in acme.deliveries())
    assert acme.count(DELIVERIES) > 0


def test_who_installs_it_again_within_a_day_loses_nothing(acme: Estate) -> None:
    acme.add("shop", README)
    installed = acme.install()
    acme.set(REPOSITORIES, phase="declined")
    before = acme.row("shop")
    installed.uninstall()
    acme.go()
    acme.go(hours=20)
    acme.install()
    acme.go(hours=20)
    acme.start("forget")
    row = acme.row("shop")
    assert (row["phase"], row["gone_at"], row["id"]) == ("declined", None, before["id"])
    assert row["installation_id"] != before["installation_id"]
    assert acme.count(INSTALLATIONS) == 1
    assert len(history_of(acme.services, row["id"]).entries()) >= 1


def test_suspended_nothing_is_asked_or_written(acme: Estate) -> None:
    shop = acme.add("shop", {**FILES, "debtscan.toml": "[upgrades]\n"}, topics=("debtscan",))
    installed = acme.install()
    installed.suspend()
    acme.go()
    asked = len(acme.github.requests)
    shop.commit({"README.md": "More\n"})
    acme.set(REPOSITORIES, sweep_after=acme.clock.moment())
    acme.go()
    acme.go(seconds=SETTLE)
    acme.start("sweep")
    assert acme.github.requests[asked:] == []
    installed.unsuspend()
    acme.go()
    acme.go(seconds=10)
    acme.start("sweep")
    assert acme.row("shop")["scanned_commit"] == shop.head


def test_a_scan_that_waited_until_debtscan_was_suspended_leaves_the_repository_free(acme: Estate) -> None:
    shop = acme.add("shop")
    installed = acme.install()
    shop.commit({"README.md": "More\n"})
    acme.clock.seconds += SETTLE
    acme.github.hooks.settle()
    # The scan is enqueued; its turn comes when nothing may be asked any more.
    acme.line.do(acme.workflows, only={"deliver", "admit"})
    acme.clock.seconds += SETTLE
    acme.line.do(acme.workflows, only={"admit"})
    assert acme.row("shop")["scanning"]
    acme.set(INSTALLATIONS, suspended_at=acme.clock.moment())
    asked = len(acme.github.requests)
    acme.go()
    last = acme.scans("shop")[-1]
    assert (last["reason"], last["outcome"], acme.row("shop")["scanning"]) == ("push", "left", "")
    assert "suspended" in last["error"]
    assert acme.github.requests[asked:] == []
    acme.set(INSTALLATIONS, suspended_at=None)
    acme.set(REPOSITORIES, sweep_after=acme.clock.moment())
    acme.start("sweep")
    assert installed
    assert acme.row("shop")["scanned_commit"] == shop.head


def test_a_renamed_repository_keeps_all_and_is_told_by_its_new_name(acme: Estate) -> None:
    shop = acme.add("shop", README)
    acme.install()
    number = acme.row("shop")["id"]
    shop.rename("acme/store")
    acme.go(minutes=1)
    row = acme.row("store")
    assert (row["id"], acme.scans("store")[-1]["reason"]) == (number, "renamed")
    assert row["error"] == ""
    assert len(history_of(acme.services, number).entries()) == 1


def test_a_repository_renamed_without_a_word_is_found_by_its_id(acme: Estate) -> None:
    shop = acme.add("shop", README)
    acme.install()
    number = acme.row("shop")["id"]
    acme.app.hook_url = ""
    shop.rename("acme/store")
    shop.commit({"README.md": "More\n"})
    acme.set(REPOSITORIES, sweep_after=acme.clock.moment())
    acme.start("sweep")
    acme.go(seconds=10)
    assert acme.row("store")["id"] == number
    assert acme.row("store")["scanned_commit"] == shop.head


def test_a_repository_that_leaves_to_another_organisation_keeps_its_history(acme: Estate) -> None:
    shop = acme.add("shop", README)
    acme.add("site", README)
    acme.install()
    acme.github.repository("globex/other", README, organization=True)
    acme.github.install(acme.app, "globex")
    acme.go()
    acme.go(seconds=10)
    number = acme.row("shop")["id"]
    shop.rename("globex/shop")
    acme.go()
    acme.go(seconds=10)
    with acme.services.engine.connect() as connection:
        wanted = sa.select(REPOSITORIES, INSTALLATIONS.c.account).join(
            INSTALLATIONS, INSTALLATIONS.c.id == REPOSITORIES.c.installation_id
        )
        row = connection.execute(wanted.where(REPOSITORIES.c.id == number)).one()
    assert (row.name, row.account, row.gone_at, row.error) == ("globex/shop", "globex", None, "")


def test_a_repository_that_leaves_the_installation_goes_alone(acme: Estate) -> None:
    for name in ("shop", "site"):
        acme.add(name, README)
    installed = acme.install()
    number = acme.row("shop")["id"]
    installed.remove("acme/shop")
    acme.go()
    acme.go(hours=25)
    acme.start("forget")
    assert acme.count(REPOSITORIES) == 1
    assert acme.row("site")["gone_at"] is None
    assert history_of(acme.services, number).entries() == ()


def test_a_repository_that_is_added_later_is_scanned(acme: Estate) -> None:
    acme.add("shop", README)
    acme.add("site", README)
    acme.github.install(acme.app, "acme", ["acme/shop"])
    acme.go(seconds=10)
    acme.go(seconds=10)
    acme.github.installed(acme.app, "acme").add("acme/site")
    acme.go()
    acme.go(seconds=10)
    assert acme.row("site")["scanned_at"] is not None


@pytest.mark.parametrize("flag", ["archived", "fork"])
def test_what_is_left_alone_is_known_and_not_scanned(acme: Estate, flag: str) -> None:
    acme.add("shop", README, **{flag: True})
    acme.install()
    assert acme.row("shop")["skip"] == flag
    assert acme.scans("shop") == []


def test_an_archived_repository_is_scanned_again_once_it_is_not(acme: Estate) -> None:
    shop = acme.add("shop", README)
    acme.install()
    shop.archive()
    acme.go()
    before = len(acme.scans("shop"))
    acme.set(REPOSITORIES, sweep_after=acme.clock.moment())
    acme.start("sweep")
    assert len(acme.scans("shop")) == before
    shop.unarchive()
    acme.go()
    assert len(acme.scans("shop")) == before + 1


def test_a_mirror_on_another_machine_goes_when_forgetting_comes_there(acme: Estate) -> None:
    acme.add("shop", README)
    acme.add("site", README)
    acme.install()
    number, other = acme.row("shop")["id"], acme.row("site")["id"]
    mirrors = acme.parts.mirrors
    with acme.services.engine.begin() as connection:
        # Forgotten by a worker that has a disk of its own, or that died before it came to its disk.
        connection.execute(sa.delete(REPOSITORIES).where(REPOSITORIES.c.id == number))
    assert mirrors.repositories() == {number, other}
    acme.start("forget")
    assert mirrors.repositories() == {other}
