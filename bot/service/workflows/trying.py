"""What came of asking GitHub in a step: kept as a value, so that a workflow takes the same way whenever it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal, TypeVar

import msgspec

from analyzers.errors import DebtscanError
from analyzers.syntax.credentials import masked
from bot.github.errors import NotThereError, RateLimitedError, UnreachableError
from bot.service import metrics
from bot.service.engine.steps import is_passing
from bot.service.errors import ScanFailedError

_MOST_TOLD = 2000


class Later(msgspec.Struct, frozen=True, kw_only=True):
    """It has to be tried again: at `until`, where GitHub says so. `told` is why, for people."""

    cause: Literal["primary-limit", "outage"]
    told: str
    until: datetime | None = None


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a step. At most one of these is set; with none, it is done.

    `gone` says that GitHub does not know it any more, or does not show it to this installation.
    """

    later: Later | None = None
    failed: str = ""
    gone: bool = False

    @property
    def is_done(self) -> bool:
        """Whether all of it could be done."""
        return self.later is None and not self.failed and not self.gone


T = TypeVar("T", bound=Tried)


def tried(kind: type[T], part: str, function: Callable[[], T]) -> T:
    """Return what ``function`` returns, or what kept it from that. ``part`` names it where errors are counted.

    Where the database is away its error goes on up: the step waits for it, and is done again.
    """
    try:
        return function()
    except DebtscanError as error:
        if error.__cause__ and is_passing(error.__cause__):
            raise error.__cause__ from error
        metrics.failed(part, error)
        return _met(kind, error)


def _met(kind: type[T], error: DebtscanError) -> T:
    told = masked(str(error))[:_MOST_TOLD]
    if isinstance(error, RateLimitedError):
        return kind(later=Later(cause="primary-limit", told=told, until=error.until))
    # A copy that could not be made, for GitHub's git may be away as well.
    if isinstance(error, UnreachableError) or (isinstance(error, ScanFailedError) and error.reason == "copy"):
        return kind(later=Later(cause="outage", told=told))
    return kind(gone=True, failed="") if isinstance(error, NotThereError) else kind(failed=told or type(error).__name__)
