"""What a scan is for the service: a repository's commit in, all that is stored of it out. A child does the work."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog

from analyzers.errors import SnapshotError
from analyzers.facts_json import facts_from_json, facts_to_json
from analyzers.model.facts import Facts
from analyzers.repository.clone import TooMuchError
from analyzers.settings import Inherited
from bot.github.host import Host
from bot.github.objects import Repo
from bot.service import settings
from bot.service.child import messages
from bot.service.child.conversation import Help, work
from bot.service.child.messages import Ending, Usage
from bot.service.child.walls import Reach
from bot.service.errors import ScanFailedError
from bot.service.lookups import Lookups
from bot.service.mirror import Mirror, Mirrors, Source
from bot.service.model import Phase
from bot.store.model import Entry, Past

__all__ = [
    "Acted",
    "Compared",
    "Ending",
    "Invitation",
    "Invited",
    "Job",
    "Limits",
    "Scan",
    "ScanFailedError",
    "Source",
    "Stored",
    "Usage",
    "act",
    "compare",
    "invite",
    "scan",
]

Result = TypeVar("Result")

_LOG: Final = structlog.get_logger(__name__)
_MIB: Final = 1024 * 1024
_BASE: Final = "refs/debtscan/base"
_PULL: Final = "refs/debtscan/pull"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one child may take: seconds by the clock, bytes of address space; `jobs` are its measuring processes."""

    seconds: float
    memory: int
    jobs: int = 1

    @classmethod
    def of(cls, file: settings.Limits) -> Limits:
        """Return those of the configuration."""
        return cls(seconds=file.scan_minutes * 60.0, memory=file.scan_memory * _MIB)

    @property
    def bounds(self) -> messages.Bounds:
        """What the child is bound by."""
        # Several threads may use several processors.
        return messages.Bounds(memory=self.memory, processor=int(self.seconds * 2) + 1, file=4 * 1024 * _MIB)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An inventory (`analyzers.inventory_json`) that was read from the same commit before, and its edition."""

    inventory: bytes = field(repr=False)
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A commit of a repository's default branch, and what is known of both.

    `repository` is GitHub's id, `name` OWNER/REPO. `as_of` is the day that it is judged as on, `now` is written into
    reports. `past` is the history, None where none is kept: its entries are compared with, nothing is written to it.
    `inherited` is the organisation's configuration. With `anew`, no answer of before is taken without asking whether it
    is still so.
    """

    repository: int
    name: str
    branch: str
    commit: str
    private: bool
    as_of: date
    now: datetime
    known: Stored | None = None
    past: Past | None = None
    inherited: Inherited | None = None
    anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """All that is stored of a scan. `document` is the JSON report, `hotspots` that of ``debtscan hotspots``.

    `inventory` and `edition` make the next `Stored`. `configured` is the path of the repository's own configuration, ""
    without one, `upgrades` whether it wants any. `notes` are sentences on what of the history could not be read.
    `timings` are seconds a stage. `plan_digest` is another where acting could come to something else.
    Not `judged`, its score means nothing.
    """

    document: bytes = field(repr=False)
    hotspots: bytes = field(repr=False)
    inventory: bytes = field(repr=False)
    edition: str
    facts: Facts = field(repr=False)
    entry: Entry
    usages: tuple[Usage, ...] = field(repr=False)
    ends: tuple[Ending, ...] = field(repr=False)
    skipped: int
    configured: str
    upgrades: bool
    notes: tuple[str, ...]
    timings: Mapping[str, float]
    plan_digest: str
    judged: bool

    @property
    def config_digest(self) -> str:
        """The digest of the configuration that it was judged by."""
        return self.entry.config

    @property
    def stored(self) -> Stored:
        """What the next scan of the same commit need not read."""
        return Stored(inventory=self.inventory, edition=self.edition)

    @property
    def findings(self) -> int:
        """How many findings count."""
        return sum(self.entry.findings.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What came of acting. `upgrades` are the lines of `bot.posts.model.UpgradeLine`, as JSON.

    `done`, `withheld` and `failed` are sentences. `again_at` is the earliest moment at which something may be due that
    waits now; with `limited` it is when GitHub's limit begins anew, after which the rest is to be done.
    """

    upgrades: bytes = field(repr=False)
    done: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    again_at: datetime | None = None
    limited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """How far a repository is once it was asked; `pull` is the number of the question, 0 where none was ever asked.

    `done` and `left` are sentences.
    """

    standing: Phase
    pull: int = 0
    done: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Half a sentence on `why` a repository is asked, and the `page` that shows its scorecard ("" for none).

    With `again`, one that declined is asked once more.
    """

    why: str = ""
    page: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came of telling a pull request what it does. `conclusion` is that of the check run.

    `state` is the pull request's: of one that is not ``open`` nothing is told. `again_at` and `limited` are as in
    `Acted`.
    """

    state: str
    conclusion: str = ""
    done: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    fresh: int = 0
    mended: int = 0
    score_won: float = 0
    again_at: datetime | None = None
    limited: bool = False


def scan(job: Job, mirrors: Mirrors, source: Source, network: Lookups, limits: Limits) -> Scan:
    """Scan. ``source`` is asked for an address and a header only where something has to be fetched.

    Raises ScanFailedError, HistoryError, and what ``source`` raises.
    """
    effort = _Effort(job, mirrors, source, network, limits)
    known = job.known
    given = {"inventory": known.inventory, "edition": known.edition} if known else {}
    found = effort.made("scan", messages.Scanned, **given)
    return Scan(
        document=found.document,
        hotspots=found.hotspots,
        inventory=found.inventory,
        edition=found.edition,
        facts=facts_from_json(found.facts),
        entry=found.entry,
        usages=found.usages,
        ends=found.ends,
        skipped=found.skipped,
        configured=found.configured,
        upgrades=found.upgrades,
        notes=found.notes,
        timings={"mirror": effort.copy_seconds, **found.timings},
        plan_digest=found.plan_digest,
        judged=found.judged,
    )


def act(
    job: Job,
    facts: Facts,
    *,
    host: Host,
    repo: Repo,
    url: str,
    mirrors: Mirrors,
    source: Source,
    network: Lookups,
    limits: Limits,
) -> Acted:
    """Open, update and close pull requests of what was scanned with these Facts, and post. Safe to repeat.

    ``host`` is that of the repository, ``repo`` what it is now and ``url`` its page; `Job.known` is the scan's
    inventory. Raises ScanFailedError, HostError where nothing could be done, and what ``source`` raises.
    """
    known = job.known
    given = {"inventory": known.inventory, "edition": known.edition} if known else {}
    effort = _Effort(job, mirrors, source, network, limits, host)
    played = effort.made("act", messages.Played, facts=facts_to_json(facts), repo=repo, url=url, **given)
    return Acted(
        upgrades=played.upgrades,
        done=played.done,
        withheld=played.withheld,
        failed=played.failed,
        again_at=played.limited.until if played.limited else played.again_at,
        limited=played.limited is not None,
    )


def invite(
    job: Job,
    facts: Facts,
    invitation: Invitation,
    *,
    host: Host,
    repo: Repo,
    url: str,
    mirrors: Mirrors,
    source: Source,
    network: Lookups,
    limits: Limits,
) -> Invited:
    """Ask a repository whether debtscan may work there, and show what it would do. Safe to repeat.

    Everything else is as in `act`, and so is what it raises.
    """
    known = job.known
    given = {"inventory": known.inventory, "edition": known.edition} if known else {}
    effort = _Effort(job, mirrors, source, network, limits, host)
    came = effort.made(
        "invite",
        messages.Invited,
        facts=facts_to_json(facts),
        repo=repo,
        url=url,
        why=invitation.why,
        page=invitation.page,
        again=invitation.again,
        **given,
    )
    return Invited(standing=came.standing, pull=came.pull, done=came.done, left=came.left)


def compare(
    job: Job,
    pull: int,
    *,
    host: Host,
    repo: Repo,
    url: str,
    mirrors: Mirrors,
    source: Source,
    network: Lookups,
    limits: Limits,
) -> Compared:
    """Tell an open pull request what it adds and mends: its check run, and its comment. Safe to repeat.

    Raises what `act` raises.
    """
    asked = host.pull(pull)
    if asked.state != "open":
        return Compared(state=asked.state)
    refs = {f"refs/pull/{pull}/head": f"{_PULL}/{pull}", f"refs/heads/{asked.base}": f"{_BASE}/{pull}"}
    effort = _Effort(job, mirrors, source, network, limits, host, refs)
    told = effort.made(
        "compare", messages.Compared, repo=repo, url=url, pull=asked, head=f"{_PULL}/{pull}", base=f"{_BASE}/{pull}"
    )
    return Compared(
        state=asked.state,
        conclusion=told.conclusion,
        done=told.done,
        withheld=told.withheld,
        failed=told.failed,
        fresh=told.fresh,
        mended=told.mended,
        score_won=told.score_won,
        again_at=told.limited.until if told.limited else None,
        limited=told.limited is not None,
    )


@dataclass(slots=True)
class _Effort:
    """One piece of work on a mirror. `copy_seconds` is how long it took to bring that up to date."""

    job: Job
    mirrors: Mirrors
    source: Source
    network: Lookups
    limits: Limits
    host: Host | None = None
    refs: Mapping[str, str] = field(default_factory=dict)
    copy_seconds: float = 0

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
        reach = Reach(readable=(mirror.folder.resolve(),), written=(mirror.kept.resolve(),), tools=task.work == "act")
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
