"""The workflow ``scan``: asked where the branch is, scanned, stored, acted, settled. Each step may be done again.

What GitHub's limits or an outage keep from being done is put off: the workflow enqueues its continuation and ends, so
that it holds no place in the queue. What is asked for while it runs is scanned right after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, TypeVar

import msgspec
import structlog

from analyzers.typed import converted
from bot.github.organisation import explain_skip, skip_reason
from bot.service import metrics
from bot.service.engine.steps import StepFailedError, step
from bot.service.logs import bound
from bot.service.workflows import acting, judging, looking
from bot.service.workflows.admit import ScanArguments
from bot.service.workflows.enabling import Enabled, settle
from bot.service.workflows.ending import Ending, end, put_off, try_again
from bot.service.workflows.looking import Begun, Resolved
from bot.service.workflows.parts import Parts
from bot.service.workflows.trying import Tried, tried

T = TypeVar("T", bound=Tried)
_LOG: Final = structlog.get_logger(__name__)
_BROKEN: Final = "something went wrong here; the operator finds the reason in the log"
_LEFT: Final = "before its turn came the repository was removed, or debtscan suspended there"
_GONE: Final = "GitHub does not show it any more"


def workflow(parts: Parts) -> Callable[[Mapping[str, Any]], None]:
    """Return the workflow ``scan``; its arguments are `ScanArguments`."""

    def run(arguments: Mapping[str, Any]) -> None:
        given = converted(arguments, ScanArguments)
        about = given.request
        with (
            bound(scan=given.id, repository=about.repository, installation=about.installation, delivery=about.delivery),
            metrics.RUNNING.track_inprogress(),
        ):
            _Run(parts, given).run()

    return run


def _wished(given: ScanArguments, begun: Begun) -> ScanArguments:
    """Return the arguments with the reason that counts: others may have joined the scan while it waited."""
    request = replace(given.request, reason=begun.reason or given.request.reason)
    return msgspec.structs.replace(given, request=request)


class _StoppedError(Exception):
    """A step could not be done; what came of it says what follows."""

    def __init__(self, came: Tried) -> None:
        super().__init__()
        self.came = came


@dataclass(frozen=True, slots=True)
class _Run:
    parts: Parts
    given: ScanArguments

    def run(self) -> None:
        """Run to the end, whatever happens: the repository is free for the next scan then."""
        try:
            begun = step("begin", partial(looking.begin, self.parts, self.given), returns=Begun)
        except StepFailedError as error:
            self._break(error)
            return
        if begun.is_left:
            self._settle(Ending(outcome="left", told=_LEFT))
        elif begun.counts:
            _Run(self.parts, _wished(self.given, begun)).go_on(begun)

    def go_on(self, begun: Begun) -> None:
        """Run to the end from where it has begun."""
        try:
            self._finish(begun)
        except StepFailedError as error:
            self._break(error)

    def _finish(self, begun: Begun) -> None:
        try:
            ending = self._scanned(begun)
        except _StoppedError as stopped:
            self._stop(stopped.came)
        else:
            self._settle(ending)

    def _break(self, error: StepFailedError) -> None:
        metrics.ERRORS.labels(part="scan", kind=error.kind).inc()
        _LOG.error("a scan failed", step=error.step, exc_info=error)
        self._settle(Ending(outcome="failed", told=_BROKEN))

    def _scanned(self, begun: Begun) -> Ending:
        resolved = Resolved() if begun.is_unchanged else self._resolved(begun)
        skip = skip_reason(resolved.repo) if resolved.repo else None
        if skip:
            return Ending(outcome="left", told=explain_skip(skip))
        ground = judging.Ground.of(begun, resolved)
        judge = partial(judging.judge, self.parts, self.given, ground)
        found = self._tried("judge", judging.Judged, judge)
        enabled = self._tried("enable", Enabled, partial(settle, self.parts, self.given, begun, ground, found))
        if enabled.phase == "posting" and self._acted(begun, ground, found).failed_parts:
            step("try again", partial(try_again, self.parts, self.given))
        return Ending(outcome="unchanged" if found.is_unchanged else "done")

    def _resolved(self, begun: Begun) -> Resolved:
        return self._tried("resolve", Resolved, partial(looking.resolve, self.parts, self.given, begun))

    def _acted(self, begun: Begun, ground: judging.Ground, found: judging.Judged) -> acting.Played:
        if not acting.is_due(begun, self.given.request.reason, found):
            return acting.Played()
        return self._tried("act", acting.Played, partial(acting.act, self.parts, self.given, ground, found))

    def _tried(self, name: str, kind: type[T], function: Callable[[], T]) -> T:
        """Do a step that may not succeed. Raises _StoppedError."""
        came: T = step(
            name, partial(tried, kind, "scan" if name in {"resolve", "judge"} else "act", function), returns=kind
        )
        if not came.is_done:
            raise _StoppedError(came)
        return came

    def _stop(self, came: Tried) -> None:
        if came.later:
            step("put off", partial(put_off, self.parts, self.given, came.later))
        else:
            self._settle(Ending(outcome="left" if came.gone else "failed", told=_GONE if came.gone else came.failed))
        if came.gone:
            step("list", self._list)

    def _list(self) -> None:
        """Have GitHub asked what the installation may see: the repository has left, or bears another name."""
        installation = self.given.request.installation
        self.parts.work.enqueue(
            "list",
            {"installation": installation},
            id=f"list:{installation}:{self.given.id}",
            queue="chores",
            once=f"list:{installation}",
        )

    def _settle(self, ending: Ending) -> None:
        step("settle", partial(end, self.parts, self.given, ending))
