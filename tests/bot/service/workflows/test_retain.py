"""What is kept for long enough is deleted, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.service import metrics
from bot.service.database.tables import DELIVERIES, REPOSITORIES, SCANS, SIGN_INS
from bot.service.reading.courses import history_name
from bot.store import _tables as history
from tests.support.service.estate import NOON, Estate

OLD = timedelta(days=1000)


def _insert(acme: Estate, table: sa.Table, rows: list[Mapping[str, Any]]) -> None:
    with acme.services.engine.begin() as connection:
        connection.execute(sa.insert(table), rows)


def _ids(acme: Estate, table: sa.Table) -> set[str]:
    with acme.services.engine.connect() as connection:
        return set(connection.execute(sa.select(table.c.id)).scalars())


@pytest.fixture
def kept(acme: Estate, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Note for how many days the engine's own workflows are kept."""
    days: list[float] = []

    def forget(_line: object, many: float) -> int:
        days.append(many)
        return 0

    monkeypatch.setattr(type(acme.line), "forget", forget)
    return days


def test_each_table_has_its_own_time(acme: Estate, kept: list[float]) -> None:
    scan = {"repository_id": 1, "installation_id": 1, "reason": "push", "urgency": "change", "requested_at": NOON - OLD}
    delivery = {"event": "push", "outcome": "handled"}
    person = {"user_id": 1, "login": "ada", "since": NOON - OLD, "seen_at": NOON - OLD}
    _insert(
        acme,
        DELIVERIES,
        [
            {"id": "old", "received_at": NOON - timedelta(days=31), **delivery},
            {"id": "new", "received_at": NOON - timedelta(days=29), **delivery},
        ],
    )
    _insert(
        acme,
        SCANS,
        [
            {"id": "old", "ended_at": NOON - timedelta(days=91), **scan},
            {"id": "new", "ended_at": NOON - timedelta(days=89), **scan},
            {"id": "running", "ended_at": None, **scan},
        ],
    )
    _insert(
        acme,
        SIGN_INS,
        [
            {"id": "old", "until": NOON - timedelta(seconds=1), **person},
            {"id": "new", "until": NOON + timedelta(seconds=1), **person},
        ],
    )
    acme.workflows["retain"]({})
    assert _ids(acme, DELIVERIES) & {"old", "new"} == {"new"}
    assert _ids(acme, SCANS) == {"new", "running"}
    assert _ids(acme, SIGN_INS) == {"new"}
    assert kept == [31]


def test_more_than_goes_at_once_goes_as_well(acme: Estate, kept: list[float]) -> None:
    row = {"event": "push", "outcome": "handled", "received_at": NOON - OLD}
    _insert(acme, DELIVERIES, [{"id": f"old-{number}", **row} for number in range(1201)])
    acme.workflows["retain"]({})
    assert not [name for name in _ids(acme, DELIVERIES) if name.startswith("old-")]
    assert kept


def test_a_damaged_history_keeps_no_other_one_from_being_pruned(acme: Estate, kept: list[float]) -> None:
    damaged, whole = history_name(1), history_name(2)
    repository = {"installation_id": 1, "private": False, "scanned_at": NOON}
    _insert(acme, REPOSITORIES, [{"id": number, "name": f"a/{number}", "key": "", **repository} for number in (1, 2)])
    # No entry tells of these Facts.
    _insert(acme, history.FACTS, [{"repository": name, "digest": "0", "content": b""} for name in (damaged, whole)])
    entry = {"id": "x", "as_of": NOON.date(), "recorded_at": NOON, "entry": "{"}
    _insert(acme, history.ENTRIES, [{"repository": damaged, **entry}])
    counted = metrics.ERRORS.labels(part="retain", kind="DamagedHistoryError")
    before = counted._value.get()
    acme.workflows["retain"]({})
    with acme.services.engine.connect() as connection:
        assert connection.execute(sa.select(history.FACTS.c.repository)).scalars().all() == [damaged]
    assert counted._value.get() == before + 1
    assert kept
