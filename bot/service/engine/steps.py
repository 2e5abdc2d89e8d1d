"""Durable steps. What a step returned is kept, and given again when its workflow is begun anew elsewhere.

A step is done at least once: whatever it does outside is find-or-create under a name that was computed before. It takes
and returns plain values, none of them a secret. A failure is kept as well, so that a workflow takes the same way twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, TypeVar, overload

import msgspec
from dbos import DBOS
from dbos._serialization import PortableWorkflowError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from analyzers.errors import DebtscanError
from analyzers.syntax.credentials import masked
from analyzers.typed import converted, from_json
from bot.service.engine.leases import Lease

T = TypeVar("T")
_LEASE: Final[ContextVar[Lease | None]] = ContextVar("lease", default=None)
_LONGEST_ERROR: Final = 2000
_WAIT, _LONGEST_WAIT = 0.2, 5.0
# The server stops, starts, or has no room; a deadlock, or two that changed the same.
_PASSING: Final = ("08", "53", "57", "40")
_PASSING_WORDS: Final = ("connect", "server closed", "is locked", "disk is full", "disk I/O error")


class StepFailedError(DebtscanError):
    """A step raised, now or when it was done first. `kind` is the error's class, and the message its own, masked.

    On the first run ``__cause__`` leads to the error itself.
    """

    def __init__(self, step: str, kind: str, told: str) -> None:
        super().__init__(told)
        self.step = step
        self.kind = kind


@overload
def step(name: str, function: Callable[[], T], *, returns: type[T]) -> T: ...
@overload
def step(name: str, function: Callable[[], Any]) -> Any: ...  # noqa: ANN401 - plain JSON
def step(name: str, function: Callable[[], Any], *, returns: Any = None) -> Any:
    """Do `function` as the durable step `name` of the workflow at hand, and return what it returned.

    The result is what msgspec can write as JSON, and comes back as plain values, or as `returns`: the same on the first
    run and on all others. While the database is away the step waits and is done again. Outside of a workflow it is
    simply done. Raises StepFailedError. Where the lease has ended, nothing is done or kept and the process ends.
    """
    try:
        plain = DBOS.run_step({"name": name}, _guarded, function) if is_inside() else _plain(function())
    except PortableWorkflowError as error:
        raise StepFailedError(name, error.name, error.message) from (error.__cause__ or error)
    return plain if returns is None else converted(plain, returns)


def is_inside() -> bool:
    """Whether this thread runs a workflow."""
    return _LEASE.get() is not None


def require() -> None:
    """Call this right before something is changed outside: it does not return where another worker may do it too."""
    lease = _LEASE.get()
    if lease is not None:
        lease.require()


@contextmanager
def inside(lease: Lease) -> Iterator[None]:
    """Run a workflow under a lease."""
    token = _LEASE.set(lease)
    try:
        yield
    finally:
        _LEASE.reset(token)


def patiently(function: Callable[[], T]) -> T:
    """Return what `function` returns; while the database is away or busy, try again until the lease ends."""
    wait = _WAIT
    while True:
        try:
            return function()
        except (DBAPIError, PoolTimeoutError) as error:
            if not is_passing(error):
                raise
        require()
        time.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT)


def _guarded(function: Callable[[], Any]) -> Any:  # noqa: ANN401 - plain JSON
    require()
    try:
        plain = _plain(patiently(function))
    except Exception as error:
        require()
        raise PortableWorkflowError(masked(str(error))[:_LONGEST_ERROR], type(error).__name__) from error
    # Nothing is kept of what was done after the lease had ended.
    require()
    return plain


def _plain(value: Any) -> Any:  # noqa: ANN401 - as above
    return from_json(msgspec.json.encode(value), Any)


def is_passing(error: BaseException | None) -> bool:
    """Whether an error says that the database is away or busy, or has no room: it may be asked again."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, PoolTimeoutError)
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(_PASSING)
    # psycopg's own errors of a connection carry no state; SQLite has none at all.
    return any(word in str(error.orig) for word in _PASSING_WORDS)
