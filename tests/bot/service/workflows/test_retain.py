"""What is kept for long enough is deleted, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.service.database.tables import DELIVERIES, SCANS, SIGN_INS
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
