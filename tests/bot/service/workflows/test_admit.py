"""One scan a repository at a time, and nobody who waits is forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.service.database.opening import writing
from bot.service.database.tables import INSTALLATIONS, REPOSITORIES, SCANS
from bot.service.model import Reason, ScanRequest, Urgency
from bot.service.services import Services
from bot.service.settings import Settings
from bot.service.workflows import admit as admitting
from bot.service.workflows.admit import (
    Admission,
    Admittance,
    ScanArguments,
    admit,
    admit_later,
    admit_settled,
    following,
)
from tests.support.service.lined import Clock, Lined
from tests.support.service.payloads import INSTALLATION, NOW, REPOSITORY

SETTLE = 60


class Bench:
    """A database with one repository, a line, and a clock."""

    def __init__(self, settings: Settings, engine: sa.Engine) -> None:
        self.clock = Clock()
        self.work = Lined(self.clock)
        self.services = Services(settings=settings, engine=engine, now=self.clock)
        installation = {"account": "acme", "account_id": 1, "account_kind": "Organization", "installed_at": NOW}
        repository = {"installation_id": INSTALLATION, "name": "acme/shop", "key": "acme/shop", "private": False}
        with writing(engine) as connection:
            connection.execute(sa.insert(INSTALLATIONS).values(id=INSTALLATION, **installation))
            connection.execute(sa.insert(REPOSITORIES).values(id=REPOSITORY, **repository))

    def wanted(self, scan: str, urgency: Urgency = "change", reason: Reason = "push") -> ScanArguments:
        request = ScanRequest(repository=REPOSITORY, installation=INSTALLATION, reason=reason, urgency=urgency)
        return ScanArguments(id=scan, request=request)

    def admit(self, scan: str, urgency: Urgency = "change", reason: Reason = "push") -> Admission:
        with writing(self.services.engine) as connection:
            return admit(connection, self.work, self.wanted(scan, urgency, reason), self.clock())

    def push(self, scan: str) -> None:
        with writing(self.services.engine) as connection:
            connection.execute(sa.update(REPOSITORIES).values(pushed_at=self.clock()))
            admit_settled(connection, self.services, self.work, self.wanted(scan))

    def start(self, scan: str) -> None:
        self.change(SCANS, SCANS.c.id == scan, started_at=self.clock())

    def change(self, table: sa.Table, which: sa.ColumnElement[bool] | None = None, **values: Any) -> None:  # noqa: ANN401 - columns
        with writing(self.services.engine) as connection:
            connection.execute(sa.update(table).where(sa.true() if which is None else which).values(**values))

    @property
    def repository(self) -> Mapping[str, Any]:
        with self.services.engine.connect() as connection:
            return dict(connection.execute(sa.select(REPOSITORIES)).mappings().one())

    def scan(self, scan: str) -> Mapping[str, Any]:
        with self.services.engine.connect() as connection:
            return dict(connection.execute(sa.select(SCANS).where(SCANS.c.id == scan)).mappings().one())

    def do(self) -> None:
        """Do what is due, but for scans."""
        workflow = admitting.workflow(self.services, self.work)
        done: list[Mapping[str, Any]] = []
        self.work.do({"admit": workflow, "scan": done.append})


@pytest.fixture
def bench(settings: Settings, engine: sa.Engine) -> Bench:
    return Bench(settings, engine)


def test_the_first_request_is_enqueued_for_its_organisation(bench: Bench) -> None:
    assert bench.admit("scan:1:a") == "enqueued"
    (item,) = bench.work.items
    assert (item.name, item.id, item.queue, item.key, item.priority) == (
        "scan",
        "scan:1:a",
        "scans",
        str(INSTALLATION),
        10,
    )
    assert bench.repository["scanning"] == "scan:1:a"
    assert (bench.scan("scan:1:a")["outcome"], bench.scan("scan:1:a")["requested_at"]) == ("running", NOW)


def test_the_same_request_again_changes_nothing(bench: Bench) -> None:
    bench.admit("scan:1:a")
    assert bench.admit("scan:1:a") == "joined"
    bench.start("scan:1:a")
    assert bench.admit("scan:1:a") == "joined"
    assert len(bench.work.items) == 1
    assert bench.repository["again"] == ""


@pytest.mark.parametrize(
    ("waiting", "urgency", "admission"),
    [
        ("change", "change", "joined"),
        ("person", "sweep", "joined"),
        ("sweep", "change", "enqueued"),
        ("change", "person", "enqueued"),
    ],
)
def test_a_waiting_scan_is_joined_or_overtaken(
    bench: Bench, waiting: Urgency, urgency: Urgency, admission: Admission
) -> None:
    bench.admit("scan:1:a", waiting)
    assert bench.admit("scan:1:b", urgency) == admission
    is_overtaken = admission == "enqueued"
    assert bench.repository["scanning"] == ("scan:1:b" if is_overtaken else "scan:1:a")
    assert bench.scan("scan:1:a")["outcome"] == ("left" if is_overtaken else "running")


def test_what_somebody_asks_for_is_part_of_the_scan_that_it_joins_or_overtakes(bench: Bench) -> None:
    bench.admit("scan:1:a")
    assert bench.admit("scan:1:b", reason="enabled") == "joined"
    assert bench.scan("scan:1:a")["reason"] == "enabled"
    assert bench.admit("scan:1:c", "person", "box") == "enqueued"
    (_left, item) = bench.work.items[::-1]
    assert item.arguments["request"]["reason"] == bench.scan("scan:1:c")["reason"] == "enabled"


def test_what_somebody_asks_for_while_it_runs_is_kept_for_the_next(bench: Bench) -> None:
    bench.admit("scan:1:a")
    bench.start("scan:1:a")
    noted = []
    reasons: tuple[Reason, ...] = ("push", "box", "enabled", "asked")
    for number, reason in enumerate(reasons):
        assert bench.admit(f"scan:1:{number}", reason=reason) == "again"
        noted.append(bench.repository["again_reason"])
    assert noted == ["", "box", "enabled", "enabled"]


def test_what_is_asked_while_it_runs_follows_as_urgently_as_the_most_urgent_asks(bench: Bench) -> None:
    bench.admit("scan:1:a", "sweep")
    bench.start("scan:1:a")
    noted = []
    urgencies: tuple[Urgency, ...] = ("sweep", "person", "change")
    for number, urgency in enumerate(urgencies):
        assert bench.admit(f"scan:1:{number}", urgency) == "again"
        noted.append(bench.repository["again"])
    assert noted == ["sweep", "person", "person"]
    assert [item.id for item in bench.work.items] == ["scan:1:a"]


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (REPOSITORIES, {"gone_at": NOW}),
        (REPOSITORIES, {"skip": "archived"}),
        (INSTALLATIONS, {"suspended_at": NOW}),
        (INSTALLATIONS, {"gone_at": NOW}),
    ],
)
def test_what_may_not_or_need_not_be_scanned_is_left(bench: Bench, table: sa.Table, values: Mapping[str, Any]) -> None:
    bench.change(table, **values)
    assert bench.admit("scan:1:a") == "left"
    assert bench.work.items == ()


def test_a_repository_that_moved_is_scanned_for_the_organisation_that_it_belongs_to(bench: Bench) -> None:
    other = {"account": "globex", "account_id": 2, "account_kind": "Organization", "installed_at": NOW}
    with writing(bench.services.engine) as connection:
        connection.execute(sa.insert(INSTALLATIONS).values(id=5, **other))
    bench.change(REPOSITORIES, installation_id=5)
    bench.admit("scan:1:a")
    (item,) = bench.work.items
    assert (item.key, item.arguments["request"]["installation"]) == ("5", 5)
    assert bench.scan("scan:1:a")["installation_id"] == 5


def test_pushes_are_one_scan_once_nobody_pushes_any_more(bench: Bench) -> None:
    for number in range(5):
        bench.push(f"scan:1:{number}")
        bench.clock.go(seconds=30)
        bench.do()
    assert bench.repository["scanning"] == ""
    bench.clock.go(seconds=SETTLE)
    bench.do()
    assert bench.repository["scanning"].startswith("scan:1:")
    assert len([item for item in bench.work.done if item.name == "scan"]) == 1
    assert bench.work.items == ()


def test_somebody_who_never_stops_pushing_is_scanned_all_the_same(bench: Bench) -> None:
    for number in range(40):
        bench.push(f"scan:1:{number}")
        bench.clock.go(seconds=20)
        bench.do()
    begun = bench.scan(bench.repository["scanning"])["requested_at"] - NOW
    assert timedelta(seconds=10 * SETTLE) <= begun <= timedelta(seconds=10 * SETTLE + 20)


def test_a_request_for_later_comes_once(bench: Bench) -> None:
    later = Admittance(scan=bench.wanted("scan:1:a"))
    with writing(bench.services.engine) as connection:
        assert admit_later(connection, bench.work, later, 90)
        assert not admit_later(connection, bench.work, later, 90)
    bench.clock.go(seconds=89)
    bench.do()
    assert bench.repository["scanning"] == ""
    bench.clock.go(seconds=1)
    bench.do()
    assert bench.repository["scanning"] == "scan:1:a"


def test_what_follows_a_scan_has_a_name_of_its_own_and_no_longer_one() -> None:
    name = "scan:1:72d3162e-cc78-11e3-81ab-4c9367dc0958"
    assert following(name) == f"{name}~1"
    assert following(following(name)) == f"{name}~2"
