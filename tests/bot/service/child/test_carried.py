from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from analyzers.errors import ConfigError, DebtscanError, FetchError, SnapshotError, UsageError
from analyzers.repository.clone import TooMuchError
from bot.github import errors
from bot.service.child.carried import error_of, failure_of, told
from bot.service.child.messages import Failure
from bot.store.errors import DamagedHistoryError, HistoryError

UNTIL = datetime(2026, 6, 1, 12, tzinfo=UTC)
_KINDS = [
    *(DebtscanError, UsageError, ConfigError, SnapshotError, HistoryError, errors.HostError, errors.NotThereError),
    *(errors.AlreadyThereError, errors.StaleError, errors.UnreachableError, errors.LostAnswerError),
]


@pytest.mark.parametrize("kind", _KINDS)
def test_an_error_keeps_its_class_and_its_message(kind: type[DebtscanError]) -> None:
    crossed = error_of(_crossed(kind("the branch points elsewhere")))
    assert (type(crossed), str(crossed)) == (kind, "the branch points elsewhere")


def test_what_an_error_carries_beside_its_message_crosses() -> None:
    limited = error_of(_crossed(errors.RateLimitedError("used up", UNTIL)))
    assert isinstance(limited, errors.RateLimitedError)
    assert limited.until == UNTIL
    forbidden = error_of(_crossed(errors.ForbiddenError("not allowed", "issues")))
    assert isinstance(forbidden, errors.ForbiddenError)
    assert forbidden.permission == "issues"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TooMuchError("x"), SnapshotError),
        (DamagedHistoryError("x"), HistoryError),
        (FetchError("refused", "x"), DebtscanError),
    ],
)
def test_one_that_does_not_cross_does_so_as_the_nearest_that_does(
    error: DebtscanError, kind: type[DebtscanError]
) -> None:
    assert type(error_of(_crossed(error))) is kind


def test_all_of_githubs_errors_cross() -> None:
    stated = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.HostError)]
    assert {type(error_of(failure_of(kind("x")))) for kind in stated} == set(stated)


def test_a_class_that_is_none_of_these_is_not_looked_for() -> None:
    assert type(error_of(Failure(kind="SystemExit", message="x"))) is DebtscanError


def test_what_crosses_holds_no_secrets_no_half_characters_and_no_more_than_a_page() -> None:
    said = told("https://user:hunter2@example.org/ caf\udcff" + "x" * 5000)
    assert "hunter2" not in said
    assert len(said) == 2000
    said.encode()


def _crossed(error: DebtscanError) -> Failure:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(failure_of(error, 3)), type=Failure)
