from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.service.database.tables import DELIVERIES, INSTALLATIONS, REPOSITORIES
from bot.service.readings import OwnReadings, Readings
from bot.service.services import Services
from tests.support.service.databases import settings_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class _Depth:
    queue: str
    status: str
    count: int
    oldest: float


def _repository(number: int, **values: object) -> dict[str, object]:
    names = {"id": number, "installation_id": 1, "name": f"acme/{number}", "key": f"acme/{number}", "private": False}
    values.setdefault("sweep_after", NOW)
    return {
        **names,
        "skip": "",
        "phase": "silent",
        "error": "",
        "score": None,
        "grade": None,
        "gone_at": None,
        **values,
    }


REPOSITORY_ROWS = [
    _repository(1, score=80.0, grade="B", phase="posting"),
    _repository(2, score=60.0, grade="C", sweep_after=NOW - timedelta(hours=25)),
    _repository(3, error="too large", sweep_after=NOW - timedelta(hours=23)),
    _repository(4, skip="archived", phase="posting", error="x", sweep_after=NOW - timedelta(days=9)),
    _repository(5, gone_at=NOW, score=0.0, grade="F"),
]


def _fill(engine: sa.Engine) -> None:
    account = {"account_id": 1, "account_kind": "Organization", "installed_at": NOW}
    with engine.begin() as connection:
        for number, names in enumerate(({}, {"suspended_at": NOW}, {"gone_at": NOW}), start=1):
            connection.execute(sa.insert(INSTALLATIONS).values(id=number, account="acme", **account, **names))
        connection.execute(sa.insert(REPOSITORIES), REPOSITORY_ROWS)
        for number, (outcome, minutes) in enumerate((("enqueued", 5), ("enqueued", 90), ("handled", 900))):
            received = NOW - timedelta(minutes=minutes)
            row = {"id": str(number), "event": "push", "received_at": received, "outcome": outcome}
            connection.execute(sa.insert(DELIVERIES).values(row))


def _readings(engine: sa.Engine, folder: Path) -> Readings:
    settings = settings_of(folder)
    depths = [_Depth("intake", "waiting", 3, 7.5), _Depth("scans", "running", 2, 60.0)]
    services = Services(settings=settings, engine=engine, now=lambda: NOW)
    return Readings(services=services, depth=lambda: depths, live=lambda: 2)


def _told(readings: Readings | OwnReadings) -> dict[str, float]:
    return {
        "".join(
            (sample.name.removeprefix("debtscan_"), *(f" {value}" for value in sample.labels.values()))
        ): sample.value
        for family in readings.collect()
        for sample in family.samples
    }


def test_what_the_tables_hold_is_counted_without_what_is_gone_or_left_alone(engine: sa.Engine, tmp_path: Path) -> None:
    _fill(engine)

    told = _told(_readings(engine, tmp_path))

    assert 0 < told.pop("data_free_bytes") <= told.pop("data_size_bytes")
    assert told == {
        "database_up": 1,
        "installations active": 1,
        "installations suspended": 1,
        "repositories posting": 1,
        "repositories silent": 2,
        "repositories_graded B": 1,
        "repositories_graded C": 1,
        "repositories_graded none": 1,
        "repositories_failing": 1,
        "score_average": 70.0,
        "repositories_overdue": 1,
        "deliveries_waiting": 2,
        "deliveries_oldest_seconds": 5400,
        "queue_items intake waiting": 3,
        "queue_items scans running": 2,
        "queue_oldest_seconds intake waiting": 7.5,
        "queue_oldest_seconds scans running": 60,
        "workers_live": 2,
    }


def test_a_service_without_a_repository_has_no_score(engine: sa.Engine, tmp_path: Path) -> None:
    told = _told(_readings(engine, tmp_path))

    assert "score_average" not in told
    assert told["deliveries_oldest_seconds"] == 0
    assert told["database_up"] == 1


def test_without_the_database_what_the_disk_says_is_told_all_the_same(tmp_path: Path) -> None:
    gone = sa.create_engine(f"sqlite:///{tmp_path / 'nowhere' / 'x.sqlite3'}")

    told = _told(_readings(gone, tmp_path))

    assert told["database_up"] == 0
    assert "repositories silent" not in told
    assert told["data_free_bytes"] > 0


def test_a_folder_that_is_not_there_has_no_free_space(tmp_path: Path) -> None:
    gone = sa.create_engine("sqlite://")

    assert "data_free_bytes" not in _told(_readings(gone, tmp_path / "nowhere"))


def test_a_worker_tells_of_its_disk_and_of_its_way_to_the_database_alone(engine: sa.Engine, tmp_path: Path) -> None:
    services = Services(settings=settings_of(tmp_path), engine=engine)
    told = _told(OwnReadings(services=services))

    assert told.keys() == {"data_free_bytes", "data_size_bytes", "database_up"}
    assert told["database_up"] == 1
    gone = sa.create_engine(f"sqlite:///{tmp_path / 'nowhere' / 'x.sqlite3'}")
    assert _told(OwnReadings(services=replace(services, engine=gone)))["database_up"] == 0
