"""What nobody heard of is found again: deliveries, installations, and scans that nobody does any more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import msgspec
import sqlalchemy as sa

from bot.github.app_client import AppClient
from bot.github.errors import NotThereError
from bot.service.asking import ask_for_scan
from bot.service.database.tables import BUCKETS, DELIVERIES, INSTALLATIONS, MARKS, REPOSITORIES
from bot.service.workflows import chores
from bot.service.workflows.all import workflows
from bot.service.workflows.chores import Chore
from tests.support.service.estate import HOOK, Estate

SETTLE = 60
README = {"README.md": "Nothing\n"}


def _down(acme: Estate) -> None:
    """Let webhooks lead nowhere."""
    acme.app.hook_url = "http://127.0.0.1:9/webhooks/github"


def _up(acme: Estate) -> None:
    acme.app.hook_url = f"{acme.web.url}{HOOK}"


def test_what_was_delivered_while_the_service_was_down_is_delivered_again_once(acme: Estate) -> None:
    shop = acme.add("shop", README)
    acme.install()
    acme.start("missed")
    _down(acme)
    shop.commit({"README.md": "More\n"})
    acme.go()
    _up(acme)
    assert acme.row("shop")["head"] != shop.head
    acme.go(minutes=30)
    acme.start("missed")
    acme.go(seconds=SETTLE)
    assert acme.row("shop")["scanned_commit"] == shop.head
    (push,) = [row for row in acme.deliveries() if row["event"] == "push"]
    assert push["outcome"] == "handled"
    attempts = len(acme.github.hooks.of("push"))
    acme.go(minutes=15)
    acme.start("missed")
    assert len(acme.github.hooks.of("push")) == attempts == 2


def test_what_cannot_be_had_is_asked_for_once(acme: Estate) -> None:
    shop = acme.add("shop", README)
    acme.install()
    _down(acme)
    shop.commit({"README.md": "More\n"})
    acme.go(minutes=30)
    for _turn in range(3):
        acme.start("missed")
        acme.go(minutes=15)
    assert [one.redelivery for one in acme.github.hooks.of("push")] == [False, True]
    assert [row["outcome"] for row in acme.deliveries() if row["event"] == "push"] == ["failed"]


def test_what_was_taken_and_whose_work_was_lost_is_had_again(acme: Estate) -> None:
    shop = acme.add("shop", README)
    acme.install()
    shop.commit({"README.md": "More\n"})
    acme.github.hooks.settle()
    (item,) = [one for one in acme.line.named("deliver") if one.arguments["event"] == "push"]
    acme.line.lose(item.id)
    acme.go(minutes=10)
    acme.start("missed")
    assert acme.row("shop")["head"] != shop.head
    acme.go(minutes=20)
    acme.start("missed")
    assert acme.row("shop")["head"] == shop.head


def test_what_is_on_its_way_is_not_asked_for(acme: Estate) -> None:
    acme.add("shop", README)
    acme.install()
    acme.set(DELIVERIES, outcome="handled")
    _down(acme)
    acme.github.world.repositories["acme/shop"]
    acme.add("site", README)
    acme.go(minutes=1)
    before = len(acme.github.hooks.log)
    acme.start("missed")
    assert len(acme.github.hooks.log) == before
    assert acme.count(MARKS) == 1


def test_an_installation_that_nobody_told_of_is_found(acme: Estate) -> None:
    acme.add("shop", README)
    acme.app.hook_url = ""
    acme.github.install(acme.app, "acme")
    acme.start("reconcile")
    acme.go(minutes=1)
    assert acme.row("shop")["scanned_at"] is not None


def test_an_installation_that_went_away_without_a_word_is_gone(acme: Estate) -> None:
    acme.github.repository("other/site", README, organization=True)
    acme.github.install(acme.app, "other")
    acme.add("shop", README)
    installed = acme.install()
    acme.app.hook_url = ""
    installed.uninstall()
    acme.start("reconcile")
    assert acme.installation()["gone_at"] is not None
    assert acme.row("shop")["gone_at"] is not None


def test_a_suspension_that_nobody_told_of_is_found(acme: Estate) -> None:
    acme.add("shop", README)
    installed = acme.install()
    acme.app.hook_url = ""
    installed.suspend()
    acme.start("reconcile")
    assert acme.installation()["suspended_at"] is not None
    installed.unsuspend()
    acme.go(days=1)
    acme.start("reconcile")
    assert acme.installation()["suspended_at"] is None


def test_a_scan_that_nobody_does_any_more_is_begun_anew(acme: Estate) -> None:
    acme.add("shop", README)
    acme.install()
    acme.set(REPOSITORIES, scanning="scan:lost", again="person")
    acme.start("revive")
    row = acme.row("shop")
    assert (row["scanning"], row["again"]) == ("", "")
    last = acme.scans("shop")[-1]
    assert (last["id"], last["reason"], last["outcome"]) == ("scan:lost~1", "again", "unchanged")
    before = len(acme.scans("shop"))
    acme.start("revive")
    assert len(acme.scans("shop")) == before


def test_a_scan_that_waits_is_not_taken_for_lost(acme: Estate) -> None:
    acme.add("shop", README)
    acme.install()
    acme.set(INSTALLATIONS, seen_at=acme.clock.moment())
    acme.set(REPOSITORIES, sweep_after=None)
    acme.line.enqueue("list", {"installation": acme.installation()["id"]}, id="l", queue="chores")
    acme.line.do(acme.workflows, only={"list"})
    (scan,) = acme.line.named("scan")
    acme.line.enqueue("revive", {"scheduled_at": "now"}, id="r", queue="chores")
    acme.line.do(acme.workflows, only={"revive"})
    assert acme.row("shop")["scanning"] == scan.id


def test_who_installs_the_app_while_github_lists_is_not_taken_for_gone(acme: Estate) -> None:
    acme.add("shop", README)
    client = acme.parts.apps()

    class Overtaken:
        """GitHub's list, which is older than what follows it."""

        def __getattr__(self, name: str) -> object:
            return getattr(client, name)

        def installations(self) -> object:
            found = client.installations()
            acme.install()
            return found

    overtaken = replace(acme.parts, apps=cast("Callable[[], AppClient]", Overtaken))
    workflows(overtaken)["reconcile"]({"scheduled_at": "now"})
    acme.go(hours=1)
    assert acme.installation()["gone_at"] is None
    assert acme.row("shop")["gone_at"] is None


def test_a_list_that_comes_late_brings_nothing_of_an_uninstalled_account_back(acme: Estate) -> None:
    acme.add("shop", README)
    acme.install()
    number = acme.installation()["id"]
    for table in (INSTALLATIONS, REPOSITORIES):
        acme.set(table, gone_at=acme.clock.moment())
    acme.line.enqueue("list", {"installation": number}, id="late", queue="chores")
    acme.go()
    assert acme.row("shop")["gone_at"] is not None


def test_reconciling_is_put_off_while_github_is_away(acme: Estate) -> None:
    acme.add("shop", README)
    acme.app.hook_url = ""
    acme.github.install(acme.app, "acme")
    acme.github.fault("GET /app/installations", status=503, times=8)
    acme.start("reconcile")
    assert acme.count(REPOSITORIES) == 0
    for _turn in range(5):
        acme.go(minutes=10)
    assert acme.row("shop")["scanned_at"] is not None


def test_what_was_not_known_is_listed_at_once(acme: Estate) -> None:
    acme.app.hook_url = ""
    for account in ("acme", "other", "third"):
        acme.github.repository(f"{account}/shop", README, organization=True)
        acme.github.install(acme.app, account)
    acme.start("reconcile")
    assert acme.count(REPOSITORIES) == 3


def test_a_webhook_does_not_wait_for_the_night(acme: Estate) -> None:
    acme.add("shop", README)
    acme.install()
    number = acme.installation()["id"]
    chores.enqueue(acme.line, "list", Chore(installation=number), "night", delay=3000)
    acme.add("site", README)
    acme.go()
    acme.go(seconds=10)
    assert acme.row("site")["scanned_at"] is not None


def test_what_somebody_wished_of_a_lost_scan_is_not_lost_with_it(acme: Estate) -> None:
    acme.add("shop", README)
    acme.install()
    number = acme.row("shop")["id"]
    acme.go(minutes=1)
    ask_for_scan(acme.services, acme.line, number)
    (item,) = acme.line.named("scan")
    acme.line.lose(item.id)
    acme.start("revive")
    assert (acme.scans("shop")[-1]["reason"], acme.scans("shop")[-1]["urgency"]) == ("asked", "person")


def test_one_that_github_does_not_deliver_any_more_stops_none_of_the_others(acme: Estate) -> None:
    shop = acme.add("shop", README)
    acme.install()
    acme.start("missed")
    _down(acme)
    for content in ("One\n", "Two\n"):
        shop.commit({"README.md": content})
        acme.go(minutes=1)
    _up(acme)
    client, asked = acme.parts.apps(), list[int]()

    class Expired:
        """GitHub, which does not know the first of them any more."""

        def __getattr__(self, name: str) -> object:
            return getattr(client, name)

        def redeliver(self, delivery: int) -> None:
            asked.append(delivery)
            if len(asked) == 1:
                raise NotThereError("no such delivery")
            client.redeliver(delivery)

    acme.parts = replace(acme.parts, apps=cast("Callable[[], AppClient]", Expired))
    for _turn in range(2):
        acme.go(minutes=15)
        acme.start("missed")
    assert acme.row("shop")["head"] == shop.head
    assert len(asked) == len(set(asked)) > 1


def test_what_came_again_and_waits_is_not_asked_for(acme: Estate) -> None:
    shop = acme.add("shop", README)
    acme.install()
    _down(acme)
    shop.commit({"README.md": "More\n"})
    acme.go(minutes=10)
    _up(acme)
    acme.line.enqueue("missed", {"scheduled_at": "now"}, id="m", queue="chores")
    acme.line.do(acme.workflows, only={"missed"})
    acme.github.hooks.settle()
    (push,) = [row for row in acme.deliveries() if row["event"] == "push"]
    acme.set(DELIVERIES, DELIVERIES.c.id == push["id"], repeats=1)
    waiting = next(item for item in acme.line.named("deliver") if item.arguments["id"] == push["id"])
    assert waiting.id == f"{push['id']}:1"
    acme.clock.seconds += 20 * 60
    acme.line.enqueue("missed", {"scheduled_at": "later"}, id="n", queue="chores")
    acme.line.do(acme.workflows, only={"missed"})
    acme.github.hooks.settle()
    assert len(acme.github.hooks.of("push")) == 2


def test_what_was_done_and_is_forgotten_is_not_asked_for(acme: Estate) -> None:
    acme.add("shop", README)
    acme.install()
    settings = acme.services.settings
    retention = msgspec.structs.replace(settings.file.retention, deliveries_days=1)
    settings = replace(settings, file=msgspec.structs.replace(settings.file, retention=retention))
    acme.parts = replace(acme.parts, services=replace(acme.services, settings=settings))
    acme.go(days=1, minutes=1)
    with acme.services.engine.begin() as connection:
        connection.execute(sa.delete(DELIVERIES))
    before = len(acme.github.hooks.log)
    acme.start("missed")
    assert len(acme.github.hooks.log) == before
    assert acme.count(DELIVERIES) == 0


def test_what_came_while_its_installation_went_is_deleted_as_well(acme: Estate) -> None:
    acme.add("shop", README)
    acme.github.repository("other/site", README, organization=True)
    acme.github.install(acme.app, "other")
    installed = acme.install()
    installed.uninstall()
    acme.go()
    late = REPOSITORIES.c.key == "acme/shop"
    acme.set(REPOSITORIES, late, gone_at=None)
    acme.start("reconcile")
    assert acme.row("shop")["gone_at"] == acme.clock.moment()
    acme.go(hours=25)
    acme.start("forget")
    assert acme.count(REPOSITORIES) == 1


def test_what_came_is_deleted_where_its_installation_is_forgotten_by_now(acme: Estate) -> None:
    acme.add("shop", README)
    acme.install()
    acme.app.hook_url = ""
    acme.set(REPOSITORIES, installation_id=4711)
    acme.github.world.repositories.clear()
    acme.start("reconcile")
    assert acme.row("shop")["gone_at"] == acme.clock.moment()


def test_buckets_that_nobody_takes_of_are_deleted(acme: Estate) -> None:
    with acme.services.engine.begin() as connection:
        connection.execute(sa.insert(BUCKETS).values(name="github:1", tokens=1, at=0))
    acme.start("reconcile")
    assert acme.count(BUCKETS) == 0
