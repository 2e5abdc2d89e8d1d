"""Scans in one piece: from GitHub's webhook to what stands in the tables."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import get_ident
from typing import Any

import pytest
import sqlalchemy as sa

from bot.service.database import opening
from bot.service.database.tables import ENDS, INVENTORIES, REPORTS, REPOSITORIES, SCANS, USAGES
from bot.service.engine.steps import StepFailedError, step
from bot.service.reading.contents import unpacked
from bot.service.storing import history_of
from bot.service.workflows import judging
from bot.service.workflows import scan as scanning
from tests.support.service.estate import Estate

SETTLE = 60
PUSHED = {"Dockerfile": "FROM python:3.9-slim-bookworm\nRUN true\n"}


def test_a_new_installation_is_scanned_once_and_nothing_is_written_there(acme: Estate) -> None:
    for name in ("shop", "site"):
        acme.add(name)
    acme.install()
    for name in ("shop", "site"):
        row = acme.row(name)
        assert (row["phase"], row["error"], row["scanning"]) == ("silent", "", "")
        assert row["scanned_commit"] == acme.github.world.repositories[f"acme/{name}"].branches["main"]
        (scan,) = acme.scans(name)
        assert (scan["reason"], scan["urgency"], scan["outcome"]) == ("installed", "sweep", "done")
    assert acme.github.writes == []


def test_what_is_found_is_stored_in_every_table_at_once(acme: Estate) -> None:
    repository = acme.add("shop")
    acme.install()
    row = acme.row("shop")
    with acme.services.engine.connect() as connection:
        report = connection.execute(sa.select(REPORTS)).one()
        usages = {tuple(row) for row in connection.execute(sa.select(USAGES.c.ecosystem, USAGES.c.name))}
        ends = set(connection.execute(sa.select(ENDS.c.subject)).scalars())
    document = json.loads(unpacked(report.document, "a report"))
    assert document["repository"]["name"] == "acme/shop"
    assert (report.commit, report.as_of) == (repository.head, acme.clock.moment().date())
    assert row["score"] == document["scorecard"]["score"]
    assert row["findings"] == len(document["findings"]) > 0
    assert {("docker", "python"), ("githubactions", "actions/checkout")} <= usages
    assert "python 3.8" in ends
    (entry,) = history_of(acme.services, row["id"]).entries()
    assert entry.score == row["score"]
    assert history_of(acme.services, row["id"]).facts(entry) is not None


def test_nothing_is_compressed_while_others_wait_for_their_turn_to_write(
    acme: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    writers: set[int] = set()
    held: list[bool] = []
    compress = zlib.compress

    @contextmanager
    def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
        with opening.writing(engine) as connection:
            writers.add(get_ident())
            yield connection
            writers.remove(get_ident())

    def noted(data: bytes, level: int = -1, wbits: int = 15) -> bytes:
        held.append(get_ident() in writers)
        return compress(data, level, wbits)

    monkeypatch.setattr(judging, "writing", writing)
    monkeypatch.setattr(zlib, "compress", noted)
    acme.add("shop")
    acme.install()
    (entry,) = history_of(acme.services, acme.row("shop")["id"]).entries()
    assert history_of(acme.services, acme.row("shop")["id"]).facts(entry) is not None
    # The report, the hotspots, the inventory and the Facts.
    assert len(held) >= 4
    assert not any(held)


def test_a_push_to_the_default_branch_scans_that_repository_alone(acme: Estate) -> None:
    shop, _site = acme.add("shop"), acme.add("site")
    acme.install()
    before = len(acme.scans())
    shop.commit(PUSHED, branch="wip")
    shop.commit(PUSHED)
    shop.commit({"README.md": "More\n"})
    acme.go()
    acme.go(seconds=SETTLE - 1)
    assert len(acme.scans()) == before
    acme.go(seconds=1)
    assert len(acme.scans()) == before + 1
    scan = acme.scans("shop")[-1]
    assert (scan["reason"], scan["outcome"], scan["commit"]) == ("push", "done", shop.head)
    delivered = {row["id"]: row["event"] for row in acme.deliveries()}
    assert delivered[scan["delivery"]] == "push"
    assert acme.row("shop")["scanned_commit"] == shop.head


def test_what_is_pushed_while_it_is_scanned_is_scanned_after_it(acme: Estate) -> None:
    shop = acme.add("shop")
    acme.install()
    shop.commit(PUSHED)

    def push() -> None:
        shop.commit({"README.md": "Later\n"})
        acme.github.hooks.settle()
        acme.clock.seconds += SETTLE
        others = {name: acme.workflows[name] for name in ("deliver", "admit")}
        acme.line.do(others, only=others)
        acme.clock.seconds += SETTLE
        acme.line.do(others, only=others)

    acme.go()
    acme.meanwhile.append(push)
    acme.go(seconds=SETTLE)
    first, second = acme.scans("shop")[-2:]
    assert (first["reason"], second["reason"]) == ("push", "again")
    assert second["commit"] == shop.head != first["commit"]
    assert acme.row("shop")["again"] == ""


def test_what_cannot_be_scanned_is_told_and_mended_by_the_next_push(acme: Estate) -> None:
    shop = acme.add("shop")
    acme.install()
    score = acme.row("shop")["score"]
    shop.commit({"debtscan.toml": "[gate]\nfail-undr = 3\n"})
    acme.go()
    acme.go(seconds=SETTLE)
    row = acme.row("shop")
    assert "unknown key 'fail-undr'" in row["error"]
    assert (row["score"], row["scanning"]) == (score, "")
    assert acme.scans("shop")[-1]["outcome"] == "failed"
    shop.commit({"debtscan.toml": '[gate]\nfail-under = "F"\n'})
    acme.go()
    acme.go(seconds=SETTLE)
    assert (acme.row("shop")["error"], acme.row("shop")["error_at"]) == ("", None)


def test_an_empty_repository_is_left_until_somebody_pushes(acme: Estate) -> None:
    shop = acme.add("shop", None)
    acme.install()
    assert acme.row("shop")["skip"] == "empty"
    assert [scan["outcome"] for scan in acme.scans("shop")] == ["left"]
    shop.commit(PUSHED)
    acme.go()
    acme.go(seconds=SETTLE)
    assert (acme.row("shop")["skip"], acme.row("shop")["scanned_commit"]) == ("", shop.head)


@pytest.mark.parametrize("failing", ["begin", "resolve", "judge", "enable", "put off"])
def test_a_fault_of_ours_in_any_step_is_told_as_failed_and_the_repository_is_free(
    acme: Estate, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def or_fail(name: str, function: Callable[[], Any], *, returns: Any = None) -> Any:  # noqa: ANN401 - as `step`
        if name == failing:
            raise StepFailedError(name, "RuntimeError", "no room")
        return step(name, function, returns=returns)

    shop = acme.add("shop")
    acme.install()
    with monkeypatch.context() as patch:
        patch.setattr(scanning, "step", or_fail)
        if failing == "put off":
            acme.github.fault("GET /repos/{owner}/{repo}", status=503, times=0)
        shop.commit({"README.md": "More\n"})
        acme.go()
        acme.go(seconds=SETTLE)
    row, last = acme.row("shop"), acme.scans("shop")[-1]
    assert (last["reason"], last["outcome"], row["scanning"]) == ("push", "failed", "")
    assert "the operator finds the reason" in row["error"]
    # Nothing stands in the way of the next.
    acme.github._faults.clear()
    shop.commit({"README.md": "And more\n"})
    acme.go()
    acme.go(seconds=SETTLE)
    assert (acme.scans("shop")[-1]["outcome"], acme.row("shop")["error"]) == ("done", "")


def test_a_scan_that_was_overtaken_ends_without_a_word(acme: Estate) -> None:
    acme.add("shop")
    acme.install()
    number = acme.row("shop")["id"]
    acme.set(REPOSITORIES, scanning="another")
    acme.services.engine.dispose()
    with acme.services.engine.begin() as connection:
        scan = {"id": "old", "repository_id": number, "installation_id": 1, "reason": "push", "urgency": "change"}
        connection.execute(sa.insert(SCANS).values(requested_at=acme.clock.moment(), **scan))
    before = len(acme.github.requests)
    request = {"repository": number, "installation": 1, "reason": "push", "urgency": "change"}
    acme.workflows["scan"]({"id": "old", "request": request})
    assert acme.github.requests[before:] == []
    assert acme.row("shop")["scanning"] == "another"


def test_the_same_scan_again_stores_the_same(acme: Estate) -> None:
    acme.add("shop")
    acme.install()
    number, (scan,) = acme.row("shop")["id"], acme.scans("shop")
    tables = (INVENTORIES, REPORTS, USAGES, ENDS)
    before = [acme.count(table) for table in tables]
    acme.set(REPOSITORIES, scanning=scan["id"])
    acme.set(SCANS, ended_at=None, outcome="running")
    request = {"repository": number, "installation": scan["installation_id"], "reason": "installed", "urgency": "sweep"}
    acme.workflows["scan"]({"id": scan["id"], "request": request})
    assert [acme.count(table) for table in tables] == before
    assert len(history_of(acme.services, number).entries()) == 1
    assert acme.scans("shop")[0]["outcome"] == "unchanged"
    assert acme.clock.moment() - acme.row("shop")["scanned_at"] < timedelta(minutes=5)
