from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from bot.service.engine import steps
from bot.service.engine.leases import Lease, Terms
from bot.service.engine.steps import StepFailedError, patiently, step


class LeftError(BaseException):
    """Stands for the end of the process."""


class Ending(Lease):
    """A lease that ends after it was asked for so often."""

    def __init__(self, engine: sa.Engine, asked: int) -> None:
        super().__init__(engine, "1", Terms())
        self._left = asked

    def require(self) -> None:
        if not self._left:
            raise LeftError
        self._left -= 1


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("asked", "done"), [(0, []), (1, ["once"]), (2, ["once"])])
def test_a_step_is_neither_begun_nor_kept_once_the_lease_has_ended(
    engine: sa.Engine, asked: int, done: list[str]
) -> None:
    """What happens between waking up and the end of the process: the lease is looked at before and after."""
    seen: list[str] = []
    with steps.inside(Ending(engine, asked)):
        if asked == 2:
            assert steps._guarded(lambda: seen.append("once")) is None
        else:
            with pytest.raises(LeftError):
                steps._guarded(lambda: seen.append("once"))
    assert seen == done


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_failure_is_not_kept_either_once_the_lease_has_ended(engine: sa.Engine) -> None:
    def fail() -> None:
        raise LookupError("on purpose")

    with steps.inside(Ending(engine, 1)), pytest.raises(LeftError):
        steps._guarded(fail)


def test_outside_of_a_workflow_a_step_is_simply_done() -> None:
    assert not steps.is_inside()
    steps.require()
    assert step("count", lambda: {"found": (1, 2)}) == {"found": [1, 2]}
    with pytest.raises(LookupError):
        step("fail", _fail)


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        step("object", object)


def test_a_database_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    answers = iter([OperationalError("SELECT 1", {}, Exception("connection failed")), None, None])

    def ask() -> str:
        error = next(answers)
        if error:
            raise error
        return "there"

    assert patiently(ask) == "there"
    assert waits == [0.2]


@pytest.mark.parametrize("said", ["database or disk is full", "disk I/O error", "database is locked"])
def test_a_file_without_room_is_waited_for(said: str) -> None:
    assert steps.is_passing(OperationalError("INSERT", {}, Exception(said)))
    assert not steps.is_passing(ValueError(said))
    assert not steps.is_passing(None)


def test_an_error_of_the_statement_is_not_waited_for() -> None:
    def ask() -> None:
        raise OperationalError("SELEC 1", {}, Exception('near "SELEC": syntax error'))

    with pytest.raises(OperationalError):
        patiently(ask)


def test_an_error_tells_its_step_and_its_kind() -> None:
    error = StepFailedError("look", "LookupError", "nothing there")
    assert (error.step, error.kind, str(error)) == ("look", "LookupError", "nothing there")


def _fail() -> None:
    raise LookupError("on purpose")
