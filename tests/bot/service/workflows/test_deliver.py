"""From a webhook to what it leads to, in one piece."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from bot.service.database.tables import DELIVERIES, REPOSITORIES, SCANS
from bot.service.engine.leases import Terms
from bot.service.engine.work import Work
from bot.service.engine.workers import Worker
from bot.service.services import Services
from bot.service.settings import Settings
from bot.service.taking import Taking
from bot.service.workflows import deliver
from tests.support.service.lined import Clock, Lined
from tests.support.service.payloads import (
    INSTALLATION,
    NOW,
    REPOSITORY,
    SECRET,
    SHA,
    Payload,
    check_run,
    comment,
    delivery,
    encoded,
    headers,
    installed,
    of_repository,
    pull,
    push,
    repository,
)
from tests.support.waiting import wait_for


class Desk:
    """Takes deliveries and does what they mean; what follows waits in line."""

    def __init__(self, settings: Settings, engine: sa.Engine) -> None:
        self.clock = Clock()
        self.work = Lined(self.clock)
        self.services = Services(settings=settings, engine=engine, now=self.clock)
        self.workflow = deliver.workflow(self.services, self.work)

    def come(self, event: str, payload: Payload, guid: str) -> None:
        body = encoded(payload)
        Taking(self.services, self.work).take(headers(event, body, guid), body, [SECRET])
        for item in self.work.named("deliver"):
            self.work.lose(item.id)
            self.workflow(item.arguments)

    def row(self, table: sa.Table, key: str | int) -> Mapping[str, Any]:
        with self.services.engine.connect() as connection:
            return dict(connection.execute(sa.select(table).where(table.c.id == key)).mappings().one())

    def set(self, **values: Any) -> None:  # noqa: ANN401 - columns
        with self.services.engine.begin() as connection:
            connection.execute(sa.update(REPOSITORIES).values(**values))

    @property
    def waiting(self) -> list[tuple[str, str]]:
        return [(item.name, item.id) for item in self.work.items]


@pytest.fixture
def desk(settings: Settings, engine: sa.Engine) -> Desk:
    made = Desk(settings, engine)
    made.come("installation", installed(), "d-0")
    for item in made.work.items:
        made.work.lose(item.id)
    return made


def test_a_new_installation_is_configured_and_listed_soon_and_once(settings: Settings, engine: sa.Engine) -> None:
    desk = Desk(settings, engine)
    desk.come("installation", installed(), "d-1")
    desk.come("installation", installed("new_permissions_accepted"), "d-2")
    names = ("configure", "list")
    assert desk.waiting == [(name, f"{name}:{INSTALLATION}:d-1") for name in names]
    assert desk.row(DELIVERIES, "d-1")["outcome"] == "handled"
    assert desk.row(DELIVERIES, "d-1")["handled_at"] == desk.clock()


def test_a_push_waits_until_it_is_quiet(desk: Desk) -> None:
    desk.come("push", push(), "d-1")
    desk.come("push", push(), "d-2")
    assert desk.waiting == [("admit", f"admit:scan:{REPOSITORY}:d-1:0")]
    assert desk.row(REPOSITORIES, REPOSITORY)["head"] == SHA


def test_a_push_to_the_organisations_repository_is_a_push_and_its_configuration(desk: Desk) -> None:
    desk.come("push", push(repository=repository("acme/.github")), "d-1")
    assert [name for name, _id in desk.waiting] == ["configure", "admit"]


def test_a_persons_wish_is_admitted_at_once(desk: Desk) -> None:
    desk.come("issue_comment", comment("@debtscan help"), "d-1")
    assert desk.waiting == [("scan", f"scan:{REPOSITORY}:d-1")]
    scan = desk.row(SCANS, f"scan:{REPOSITORY}:d-1")
    assert (scan["reason"], scan["urgency"], scan["delivery"]) == ("comment", "person", "d-1")


def test_a_pull_request_is_compared_once_for_each_head_where_debtscan_posts(desk: Desk) -> None:
    desk.come("pull_request", pull("opened"), "d-1")
    assert desk.waiting == []
    desk.set(phase="posting")
    desk.come("pull_request", pull("opened"), "d-2")
    desk.come("pull_request", pull("reopened"), "d-3")
    name = f"compare:{REPOSITORY}:7:{SHA}"
    assert desk.waiting == [("compare", name)]
    desk.come("check_run", check_run(branch="mend", pulls=(7,)), "d-4")
    assert desk.waiting == [("compare", f"{name}:d-4"), ("compare", name)]


def test_what_nobody_has_heard_of_is_listed_instead(desk: Desk) -> None:
    unknown = repository("acme/new", 5)
    desk.come("push", push(repository=unknown), "d-1")
    desk.come("repository", of_repository("renamed", unknown), "d-2")
    assert ("list", f"list:{INSTALLATION}:d-1") in desk.waiting
    assert "scan" not in {name for name, _id in desk.waiting}


def test_a_delivery_that_is_done_twice_leads_to_the_same(desk: Desk) -> None:
    desk.come("issue_comment", comment("@debtscan help"), "d-1")
    before = desk.waiting
    desk.workflow(msgspec.to_builtins(delivery("issue_comment", comment("@debtscan help"), "d-1")))
    assert desk.waiting == before
    assert desk.row(REPOSITORIES, REPOSITORY)["again"] == ""


def test_a_delivery_that_cannot_be_done_is_told_as_failed_and_may_come_again(
    settings: Settings, engine: sa.Engine
) -> None:
    services = Services(settings=settings, engine=engine, now=Clock())
    work = Work(engine)
    with engine.begin() as connection:
        row = {"id": "d-1", "event": "push", "received_at": NOW, "outcome": "enqueued"}
        connection.execute(sa.insert(DELIVERIES).values(**row))
    broken = {"id": "d-1", "event": "push", "action": "", "received_at": NOW, "body": {"name": "acme/shop"}}
    work.enqueue("deliver", broken, id="d-1", queue="intake")
    worker = Worker(services, {"deliver": deliver.workflow(services, work)}, terms=Terms(life=30, beat=1))
    worker.start()
    try:
        wait_for(lambda: not work.alive("d-1"), "the workflow")
    finally:
        assert worker.stop(5)
    with engine.connect() as connection:
        assert connection.execute(sa.select(DELIVERIES.c.outcome)).scalar_one() == "failed"
    body = encoded(push())
    assert Taking(services, work).take(headers("push", body, "d-1"), body, [SECRET]).outcome == "enqueued"
    assert work.alive("d-1:1")
