"""Errors across the border of processes: those that say something to who meets them keep their class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analyzers.errors import ConfigError, DebtscanError, SnapshotError, UsageError
from analyzers.syntax.credentials import masked
from bot.github import errors
from bot.service.child.messages import Failure
from bot.store.errors import HistoryError

_MOST: Final = 2000
_KINDS: Final[Mapping[str, type[DebtscanError]]] = {
    kind.__name__: kind
    for kind in (
        *(DebtscanError, SnapshotError, UsageError, ConfigError, HistoryError),
        *(errors.HostError, errors.NotThereError, errors.AlreadyThereError, errors.StaleError),
        *(errors.UnreachableError, errors.LostAnswerError, errors.NotCoveredError),
    )
}


def failure_of(error: DebtscanError, number: int = -1) -> Failure:
    """Return an error as it crosses, as the nearest class that does."""
    named = next(kind.__name__ for kind in type(error).__mro__ if kind.__name__ in _CARRIED)
    return Failure(
        kind=named,
        message=told(str(error)),
        permission=error.permission[:200] if isinstance(error, errors.ForbiddenError) else "",
        until=error.until if isinstance(error, errors.RateLimitedError) else None,
        number=number,
    )


def error_of(failure: Failure) -> DebtscanError:
    """Return the error that crossed."""
    if failure.kind == errors.ForbiddenError.__name__:
        return errors.ForbiddenError(failure.message, failure.permission)
    if failure.kind == errors.RateLimitedError.__name__:
        return errors.RateLimitedError(failure.message, failure.until)
    return _KINDS.get(failure.kind, DebtscanError)(failure.message)


def told(text: str, most: int = _MOST) -> str:
    """Return a text that may cross: no secrets, no half characters, no more than a page."""
    return masked(text.encode(errors="backslashreplace").decode())[:most]


_CARRIED: Final = frozenset((*_KINDS, errors.ForbiddenError.__name__, errors.RateLimitedError.__name__))
