"""One piece of work on a repository: its mirror brought up to date, and a child at work on it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog

from analyzers.errors import SnapshotError
from analyzers.repository.clone import TooMuchError
from bot.github.host import Host
from bot.service.child import messages
from bot.service.child.conversation import Help, work
from bot.service.child.walls import Reach
from bot.service.errors import ScanFailedError
from bot.service.lookups import Lookups
from bot.service.mirror import Mirror, Mirrors, Source
from bot.service.scan_values import Job, Limits

Result = TypeVar("Result")

_LOG: Final = structlog.get_logger(__name__)


@dataclass(slots=True)
class Effort:
    """One piece of work on a mirror. `copy_seconds` is how long it took to bring that up to date."""

    job: Job
    mirrors: Mirrors
    source: Source
    network: Lookups
    limits: Limits
    host: Host | None = None
    refs: Mapping[str, str] = field(default_factory=dict)
    copy_seconds: float = 0

    @property
    def known(self) -> Mapping[str, Any]:
        """What of the task says that the commit was read before."""
        known = self.job.known
        return {"inventory": known.inventory, "edition": known.edition} if known else {}

    def made(self, name: messages.Work, kind: type[Result], **given: Any) -> Result:  # noqa: ANN401 - members of a task
        """Do it, once more where the mirror turns out to be broken."""
        try:
            return self._made(name, kind, given)
        except ScanFailedError as error:
            if error.log:
                _LOG.warning("a scan's process failed", work=name, reason=error.reason, said=str(error), log=error.log)
            if error.reason != "copy" or not self.mirrors.mend(self.job.repository):
                raise
            return self._made(name, kind, given)

    def _made(self, name: messages.Work, kind: type[Result], given: Mapping[str, Any]) -> Result:
        began = time.monotonic()
        try:
            with self.mirrors.at(self.job.repository, self.source, self.job.commit, self.refs) as mirror:
                self.copy_seconds = time.monotonic() - began
                return self._done(self._task(name, mirror, given), kind, mirror)
        except TooMuchError as error:
            raise ScanFailedError("too-large", str(error)) from error
        except SnapshotError as error:
            raise ScanFailedError("copy", str(error)) from error

    def _done(self, task: messages.Task, kind: type[Result], mirror: Mirror) -> Result:
        job = self.job
        entries = {entry.id: entry for entry in task.entries or ()}
        answers = partial(self.network.json, day=job.now.date(), anew=job.anew)
        reach = Reach(
            hidden=tuple(path.resolve() for path in (self.mirrors.folder, *self.limits.hidden)),
            readable=(mirror.folder.resolve(),),
            written=(mirror.kept.resolve(),),
            tools=task.work in {"act", "invite"},
        )
        needs = Help(bring=mirror.bring, answers=answers, past=job.past, entries=entries, host=self.host, reach=reach)
        return work(task, kind, needs, self.limits.seconds)

    def _task(self, name: messages.Work, mirror: Mirror, given: Mapping[str, Any]) -> messages.Task:
        job = self.job
        return messages.Task(
            work=name,
            name=job.name,
            branch=job.branch,
            commit=job.commit,
            as_of=job.as_of,
            now=job.now,
            folder=str(mirror.folder.resolve()),
            kept=str(mirror.kept.resolve()),
            home=str(Path.home()),
            bounds=self.limits.bounds,
            hosts=self.network.hosts.allowed,
            jobs=self.limits.jobs,
            inherited=job.inherited,
            entries=job.past.entries() if job.past else None,
            **given,
        )
