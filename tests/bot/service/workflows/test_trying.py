"""What keeps a step from its work is told as a value; what the step itself can wait for goes on up to it."""

from __future__ import annotations

from typing import NoReturn

import pytest
from sqlalchemy.exc import OperationalError

from bot.service.engine.steps import patiently
from bot.service.workflows.trying import Tried, tried
from bot.store.errors import HistoryError


def _fail(said: str) -> NoReturn:
    cause = OperationalError("SELECT 1", {}, Exception(said))
    raise HistoryError("the database cannot be used") from cause


def test_a_database_that_is_away_is_waited_for_and_nothing_is_told_as_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    times = iter(range(2))

    def look() -> Tried:
        if next(times) == 0:
            _fail("connection refused")
        return Tried()

    assert patiently(lambda: tried(Tried, "scan", look)) == Tried()
    assert next(times, None) is None


def test_a_history_that_is_damaged_is_told() -> None:
    came = tried(Tried, "scan", lambda: _fail("no such table"))
    assert came.failed == "the database cannot be used"
