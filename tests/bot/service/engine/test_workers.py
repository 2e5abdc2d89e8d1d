from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from dbos import DBOS
from dbos._error import DBOSException
from sqlalchemy.exc import OperationalError

from bot.service.database.errors import DatabaseError
from bot.service.engine._rows import checkpoints, versions
from bot.service.engine.leases import Lease, Terms, live
from bot.service.engine.steps import StepFailedError, is_inside, step
from bot.service.engine.work import Work
from bot.service.engine.workers import Schedule, Worker
from bot.service.services import Services
from bot.service.settings import Settings
from tests.support.service.databases import opened, settings_of
from tests.support.waiting import wait_for

TERMS = Terms(life=30, beat=1)


@pytest.fixture
def services(settings: Settings, engine: sa.Engine) -> Services:
    return Services(settings=settings, engine=engine, now=lambda: datetime(2026, 11, 27, tzinfo=UTC))


@contextmanager
def running(services: Services, workflows: Mapping[str, Any], **options: Any) -> Iterator[Worker]:  # noqa: ANN401 - the worker's
    worker = Worker(services, workflows, terms=TERMS, **options)
    worker.start()
    try:
        yield worker
    finally:
        assert worker.stop(5)


def test_a_workflow_runs_with_its_arguments_and_its_steps(services: Services) -> None:
    seen: list[object] = []

    def scan(arguments: Mapping[str, Any]) -> None:
        assert is_inside()
        doubled = step("double", lambda: arguments["count"] * 2)
        seen.append(doubled)

    work = Work(services.engine)
    work.enqueue("scan", {"count": 21}, id="s1", queue="scans", key="7")
    with running(services, {"scan": scan}) as worker:
        wait_for(lambda: not work.alive("s1"), "the workflow")
        assert worker.is_healthy
        assert [held.executor for held in live(services.engine)] == [worker.executor]
    assert seen == [42]
    assert live(services.engine) == []


@dataclass(frozen=True, slots=True)
class Told:
    day: date
    parts: tuple[str, ...]
    raw: bytes = b""


def test_a_step_returns_plain_values_or_the_type_that_is_asked_for(services: Services) -> None:
    told = Told(date(2026, 11, 27), ("a", "b"), b"\0\1")
    seen: list[object] = []

    def scan(_arguments: Mapping[str, Any]) -> None:
        seen.append(step("plain", lambda: told))
        seen.append(step("typed", lambda: told, returns=Told))
        seen.append(step("nothing", lambda: None))

    work = Work(services.engine)
    work.enqueue("scan", {}, id="s1", queue="chores")
    with running(services, {"scan": scan}):
        wait_for(lambda: not work.alive("s1"), "the workflow")
    assert seen == [{"day": "2026-11-27", "parts": ["a", "b"], "raw": "AAE="}, told, None]


def test_a_step_that_fails_is_told_with_its_kind_and_without_secrets(services: Services) -> None:
    caught: list[StepFailedError] = []

    def refuse() -> None:
        raise LookupError("https://user:secret@example.org/x is not there")

    def scan(_arguments: Mapping[str, Any]) -> None:
        try:
            step("look", refuse)
        except StepFailedError as error:
            caught.append(error)

    work = Work(services.engine)
    work.enqueue("scan", {}, id="s1", queue="chores")
    with running(services, {"scan": scan}):
        wait_for(lambda: not work.alive("s1"), "the workflow")
    (error,) = caught
    assert (error.step, error.kind, str(error)) == ("look", "LookupError", "https://example.org/x is not there")
    assert isinstance(error.__cause__, LookupError)


def test_a_workflow_that_fails_is_alive_no_more(services: Services) -> None:
    def fail(_arguments: Mapping[str, Any]) -> None:
        raise LookupError("on purpose")

    work = Work(services.engine)
    work.enqueue("fail", {}, id="f1", queue="intake")
    with running(services, {"fail": fail}):
        wait_for(lambda: not work.alive("f1"), "the workflow")


def test_a_name_is_free_again_as_soon_as_its_workflow_begins(services: Services) -> None:
    work = Work(services.engine)
    again: list[bool] = []

    def admit(arguments: Mapping[str, Any]) -> None:
        if arguments["first"]:
            again.append(work.enqueue("admit", {"first": False}, id="a2", queue="intake", once="repository-1"))

    work.enqueue("admit", {"first": True}, id="a1", queue="intake", once="repository-1")
    with running(services, {"admit": admit}):
        wait_for(lambda: again and not work.alive("a1") and not work.alive("a2"), "both workflows")
    assert again == [True]


def test_a_delayed_workflow_begins_later(services: Services) -> None:
    seen: list[str] = []
    work = Work(services.engine)
    work.enqueue("note", {"name": "later"}, id="n1", queue="intake", delay=2)
    work.enqueue("note", {"name": "now"}, id="n2", queue="intake")
    with running(services, {"note": lambda arguments: seen.append(arguments["name"])}):
        wait_for(lambda: not work.alive("n1"), "the later workflow")
    assert seen == ["now", "later"]


def test_a_schedule_begins_by_the_clock_and_ends_with_the_version_that_had_it(services: Services) -> None:
    seen: list[Mapping[str, Any]] = []
    workflows = {"sweep": seen.append}
    often = Schedule(name="often", workflow="sweep", cron="* * * * * *")
    with running(services, workflows, schedules=[often]):
        wait_for(lambda: len(seen) > 1, "two of them")
    assert {*seen[0]} == {"scheduled_at"}
    first, second = (datetime.fromisoformat(one["scheduled_at"]) for one in seen[:2])
    assert (first.utcoffset(), first < second) == (timedelta(0), True)
    with running(services, workflows):
        assert DBOS.list_schedules() == []


def test_a_worker_that_cannot_start_leaves_nothing_behind(services: Services) -> None:
    wrong = Schedule(name="wrong", workflow="sweep", cron="whenever")
    worker = Worker(services, {"sweep": lambda _: None}, [wrong], terms=TERMS)
    with pytest.raises(DBOSException, match="whenever"):
        worker.start()
    assert live(services.engine) == []
    assert not worker.is_healthy
    with running(services, {}):
        pass


def test_a_worker_that_cannot_end_its_lease_says_that_it_has_to_end(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_lease: Lease) -> None:
        raise OperationalError("DELETE", {}, Exception("connection failed"))

    worker = Worker(services, {}, terms=TERMS)
    worker.start()
    release = Lease.release
    with monkeypatch.context() as patched:
        patched.setattr(Lease, "release", fail)
        assert not worker.stop(0)
    assert [held.executor for held in live(services.engine)] == [worker.executor]
    # Or it would end the tests, as it has to.
    release(worker._lease)


def test_a_worker_needs_its_tables(settings: Settings, tmp_path: Path) -> None:
    with opened(settings_of(tmp_path / "other")) as engine:
        worker = Worker(Services(settings=settings, engine=engine), {}, terms=TERMS)
        with pytest.raises(DatabaseError, match="older than this debtscan; start `debtscan serve`"):
            worker.start()


def test_new_work_goes_to_the_version_that_started_last_whatever_the_clocks_say(services: Services) -> None:
    """Another version was started on a host whose clock is years ahead, and is gone."""
    with running(services, {}, version="old"):
        pass
    rows = versions(services.engine)
    with services.engine.begin() as connection:
        connection.execute(sa.update(rows).values(version_timestamp=9_000_000_000_000))
    work = Work(services.engine)
    work.enqueue("note", {}, id="n1", queue="intake")
    with running(services, {"note": lambda _: None}, version="new"):
        wait_for(lambda: not work.alive("n1"), "the workflow")
        assert DBOS.get_latest_application_version()["version_name"] == "new"


def test_without_jobs_scans_are_left_to_others(services: Services) -> None:
    seen: list[str] = []
    settings = replace(services.settings, file=msgspec.structs.replace(services.settings.file, jobs=0))
    work = Work(services.engine)
    work.enqueue("note", {"name": "scan"}, id="s1", queue="scans", key="7")
    work.enqueue("note", {"name": "delivery"}, id="d1", queue="chores")
    with running(replace(services, settings=settings), {"note": lambda arguments: seen.append(arguments["name"])}):
        wait_for(lambda: not work.alive("d1"), "the delivery")
    assert seen == ["delivery"]
    assert work.alive("s1")


def test_what_ended_long_ago_is_forgotten(services: Services) -> None:
    work = Work(services.engine)
    work.enqueue("note", {}, id="n1", queue="intake")
    work.enqueue("note", {}, id="n2", queue="intake", delay=3600)
    with running(services, {"note": lambda _: step("once", lambda: 1)}):
        wait_for(lambda: not work.alive("n1"), "the workflow")
    assert work.forget(1) == 0
    assert work.forget(-1) == 1
    assert work.alive("n2")
    with services.engine.connect() as connection:
        assert connection.execute(sa.select(checkpoints(services.engine).c.workflow_uuid)).all() == []
    # Its id is free.
    assert work.enqueue("note", {}, id="n1", queue="intake")


def test_work_of_one_name_is_forgotten_once_it_is_done(services: Services) -> None:
    work = Work(services.engine)
    for name in ("scan:1:a", "scan:1:b", "scan:11:a", "d-1", "d-2"):
        work.enqueue("note", {}, id=name, queue="intake")
    work.enqueue("note", {}, id="scan:1:later", queue="intake", delay=3600)
    with running(services, {"note": lambda _: None}):
        wait_for(lambda: not any(map(work.alive, ("scan:1:a", "scan:1:b", "scan:11:a", "d-1", "d-2"))), "the workflows")
    assert work.forget_named(["scan:1:"], ["d-1"]) == 3
    assert work.alive("scan:1:later")
    assert not work.enqueue("note", {}, id="scan:11:a", queue="intake")
    assert not work.enqueue("note", {}, id="d-2", queue="intake")
    assert work.enqueue("note", {}, id="scan:1:a", queue="intake")
