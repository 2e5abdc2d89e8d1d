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
_GITHUBS: Final[tuple[type[errors.HostError], ...]] = tuple(
    one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.HostError)
)
_OTHERS: Final[tuple[type[DebtscanError], ...]] = (DebtscanError, SnapshotError, UsageError, ConfigError, HistoryError)
_KINDS: Final[Mapping[str, type[DebtscanError]]] = {kind.__name__: kind for kind in (*_OTHERS, *_GITHUBS)}


def failure_of(error: DebtscanError, number: int = -1) -> Failure:
    """Return an error as it crosses, as the nearest class that does."""
    named = next(kind.__name__ for kind in type(error).__mro__ if kind.__name__ in _KINDS)
    return Failure(
        kind=named,
        message=told(str(error)),
        permission=error.permission[:200] if isinstance(error, errors.ForbiddenError) else "",
        until=error.until if isinstance(error, errors.RateLimitedError) else None,
        number=number,
    )


def error_of(failure: Failure) -> DebtscanError:
    """Return the error that crossed."""
    kind = _KINDS.get(failure.kind, DebtscanError)
    if issubclass(kind, errors.ForbiddenError):
        return kind(failure.message, failure.permission)
    if issubclass(kind, errors.RateLimitedError):
        return kind(failure.message, failure.until)
    return kind(failure.message)


def told(text: str, most: int = _MOST) -> str:
    """Return a text that may cross: no secrets, no half characters, no NUL, no more than a page."""
    return masked(text.encode(errors="backslashreplace").decode()).replace("\0", "\\0")[:most]
