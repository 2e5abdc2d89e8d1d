"""Once a week, each at its own hour, and never all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from bot.github.app_client import AppClient
from bot.github.errors import HostError, UnreachableError
from bot.github.heads import Named
from bot.service.database.tables import REPOSITORIES
from bot.service.workflows.chores import Chore
from bot.service.workflows.slots import next_slot
from bot.service.workflows.sweep import look
from tests.support.service.estate import Estate

REF = "GET /repos/{owner}/{repo}/git/ref/{ref}"
TOKEN = "POST /app/installations/{installation_id}/access_tokens"
README = {"README.md": "Nothing\n"}


def _due(acme: Estate) -> None:
    acme.set(REPOSITORIES, sweep_after=acme.clock.moment())


def test_each_repository_has_its_own_hour_from_its_first_scan_on(acme: Estate) -> None:
    for name in ("shop", "site", "api"):
        acme.add(name, README)
    acme.install()
    slots = {acme.row(name)["id"]: acme.row(name)["sweep_after"] for name in ("shop", "site", "api")}
    for number, slot in slots.items():
        assert slot == next_slot(number, 7, acme.clock.moment() - timedelta(minutes=1))
    assert len(set(slots.values())) == 3


def test_what_did_not_change_costs_one_request_and_is_judged_anew(acme: Estate) -> None:
    names = ("shop", "site", "api")
    for name in names:
        acme.add(name)
    acme.install()
    acme.clock.seconds += 7 * 86_400
    _due(acme)
    asked, before = len(acme.github.requests), len(acme.asked)
    acme.start("sweep")
    assert sorted(acme.requests(asked)) == sorted([TOKEN, REF, REF, REF])
    assert len(acme.asked) > before
    for name in names:
        row, scan = acme.row(name), acme.scans(name)[-1]
        assert (scan["outcome"], scan["reason"]) == ("unchanged", "sweep")
        assert row["judged_on"] == acme.clock.moment().date()
        assert row["sweep_after"] > acme.clock.moment()


def test_what_changed_without_a_word_is_scanned(acme: Estate) -> None:
    shop, _site = acme.add("shop", README), acme.add("site", README)
    acme.install()
    acme.app.hook_url = ""
    shop.commit({"README.md": "More\n"})
    _due(acme)
    acme.start("sweep")
    assert (acme.scans("shop")[-1]["outcome"], acme.row("shop")["scanned_commit"]) == ("done", shop.head)
    assert acme.scans("site")[-1]["outcome"] == "unchanged"


def test_a_repository_that_went_away_without_a_word_stops_none_of_the_others(acme: Estate) -> None:
    shop = acme.add("shop", README)
    acme.add("site", README)
    acme.install()
    acme.app.hook_url = ""
    shop.delete()
    _due(acme)
    acme.start("sweep")
    assert acme.scans("site")[-1]["outcome"] == "unchanged"
    assert acme.row("shop")["gone_at"] is not None


def test_at_the_limit_what_was_asked_is_scanned_and_the_rest_stays_due(acme: Estate) -> None:
    for number in range(4):
        acme.add(f"r{number}", README)
    acme.install()
    _due(acme)
    acme.github.fault(REF, status=503, nth=3, times=0)
    before = len(acme.scans())
    acme.start("sweep")
    assert len(acme.scans()) == before + 2
    now = acme.clock.moment()
    assert sorted(acme.row(f"r{number}")["sweep_after"] > now for number in range(4)) == [False, False, True, True]
    acme.github._faults.clear()
    acme.go(minutes=5)
    assert len(acme.scans()) == before + 4


def test_a_backlog_is_worked_off_bit_by_bit(acme: Estate) -> None:
    for number in range(13):
        acme.add(f"r{number:02d}", README)
    acme.install()
    # Nothing is scanned here: only what is asked for counts.
    _due(acme)
    acme.start("sweep")
    assert sum(scan["reason"] == "sweep" for scan in acme.scans()) == 10
    acme.go(hours=1)
    acme.start("sweep")
    assert sum(scan["reason"] == "sweep" for scan in acme.scans()) == 13


def _posting(acme: Estate) -> None:
    acme.add("shop", {**README, "debtscan.toml": "[upgrades]\n"}, topics=("debtscan",))
    acme.install()
    assert acme.row("shop")["phase"] == "posting"


def test_what_may_be_written_from_a_day_on_is_looked_at_then_and_not_a_week_later(acme: Estate) -> None:
    _posting(acme)
    before, hour = len(acme.scans()), acme.clock.moment() + timedelta(hours=1)
    acme.set(REPOSITORIES, act_after=hour)
    acme.start("sweep")
    assert len(acme.scans()) == before
    slot = acme.row("shop")["sweep_after"]
    acme.go(hours=2)
    acme.start("sweep")
    assert len(acme.scans()) == before + 1
    assert acme.row("shop")["act_after"] != hour
    assert acme.row("shop")["sweep_after"] == slot
    acme.go(hours=1)
    acme.start("sweep")
    assert len(acme.scans()) == before + 1
    acme.clock.seconds += (slot - acme.clock.moment()).total_seconds() + 60
    acme.start("sweep")
    assert len(acme.scans()) == before + 2


def test_what_cannot_be_written_then_is_not_tried_every_hour(acme: Estate) -> None:
    _posting(acme)
    acme.set(REPOSITORIES, act_after=acme.clock.moment())
    acme.github.fault("GET /repos/{owner}/{repo}", status=403, times=0)
    acme.go(minutes=1)
    acme.start("sweep")
    assert acme.row("shop")["error"]
    before, asked = len(acme.scans()), len(acme.github.requests)
    for _hour in range(3):
        acme.go(hours=1)
        acme.start("sweep")
    assert (len(acme.scans()), len(acme.github.requests)) == (before, asked)


def test_what_github_does_not_answer_for_keeps_nobody_else_from_their_turn(acme: Estate) -> None:
    for number in range(12):
        acme.add(f"r{number:02}", README)
    acme.install()
    for number in range(12):
        due = acme.clock.moment() - timedelta(minutes=20 - number)
        acme.set(REPOSITORIES, REPOSITORIES.c.key == f"acme/r{number:02}", sweep_after=due)
    client = acme.parts.apps()

    class Half:
        """GitHub, silent about ten of them."""

        def __getattr__(self, name: str) -> object:
            return getattr(client, name)

        def heads(self, installation: int, due: Sequence[Named]) -> Iterator[tuple[int, str | HostError]]:
            for one in due:
                if one.name >= "acme/r10":
                    yield from client.heads(installation, [one])
                else:
                    yield one.id, UnreachableError("it did not answer")

    parts = replace(acme.parts, apps=cast("Callable[[], AppClient]", Half))
    for attempt in range(2):
        with pytest.raises(UnreachableError) if not attempt else nullcontext():
            look(parts, Chore(installation=acme.installation()["id"], attempt=attempt))
    acme.go()
    assert [acme.scans(name)[-1]["reason"] for name in ("r00", "r09", "r10", "r11")] == [
        "installed",
        "installed",
        "sweep",
        "sweep",
    ]
