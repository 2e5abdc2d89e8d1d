"""What the child does: it scans, acts and compares as `debtscan run` does, with the service in the network's place."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

import msgspec

from analyzers.errors import DebtscanError
from analyzers.facts_json import facts_from_json, facts_to_json
from analyzers.http.credentials import Credentials, Settings
from analyzers.inventory_json import InventoryFormatError, inventory_from_json, inventory_to_json
from analyzers.model.inventory import Inventory
from analyzers.reading_edition import reading_edition
from analyzers.repository.kept import KeptFile
from analyzers.scan import ScanResult
from bot.github.errors import RateLimitedError
from bot.hotspots import hotspot_report
from bot.posts.posted import Posted
from bot.posts.pull_request import post
from bot.posts.words import Setting
from bot.report.hotspots_json import HOTSPOTS
from bot.report.json import RENDERER
from bot.report.renderer import Options
from bot.rounds.acting import Acting, Judged
from bot.rounds.clock import Clock
from bot.rounds.comparing import compared, note, sides
from bot.rounds.inviting import Inviting, propose
from bot.rounds.judging import judged
from bot.rounds.posting import not_done, upgrade_lines
from bot.rounds.repository import Opened, open_repository
from bot.rounds.scanning import Scanner
from bot.scorecard import Report
from bot.service.child import messages
from bot.service.child.asking import Answers, Handed, Service, host_of
from bot.service.child.carried import failure_of
from bot.service.hosts import Hosts
from bot.standing import is_judged
from bot.store.entries import config_digest, entry_of
from bot.upgrade.locks.locker import Locker
from bot.upgrade.rounds import Round

Value = TypeVar("Value")

_MOST_KEPT: Final = 256 * 1024 * 1024


def scan(task: messages.Task, service: Service) -> messages.Scanned:
    """Read, look up, judge and compare with the last scan; return all that is stored of it."""
    with ExitStack() as stack:
        ground = _Ground.laid(task, service, stack)
        result = ground.scanned()
        found = ground.judged(result)
        report = found.report
        return messages.Scanned(
            document=_stored(RENDERER.render(report, Options())),
            hotspots=_stored(HOTSPOTS.render(hotspot_report(report, top=0), Options())),
            inventory=inventory_to_json(result.inventory),
            edition=ground.edition,
            facts=facts_to_json(result.facts),
            entry=entry_of(report, result),
            usages=tuple(_usages(result.inventory)),
            ends=tuple(_ends(found)),
            skipped=len(report.skipped),
            configured=_text(ground.opened.settings.path or ""),
            upgrades=ground.opened.settings.config.upgrades.enabled,
            notes=tuple(map(_text, (*found.posted.failed, *found.posted.withheld))),
            timings=dict(result.timings),
            plan_digest=_plan_digest(found),
            judged=is_judged(report),
        )


def act(task: messages.Task, service: Service) -> messages.Played:
    """Judge what was scanned once more, then open, update and close pull requests, and post."""
    repo = _given(task.repo)
    with ExitStack() as stack:
        ground = _Ground.laid(task, service, stack)
        found = ground.judged(ground.scanned())
        outcomes: list[Round] = []
        acting = Acting(
            host=host_of(service), repo=repo, url=task.url, clock=ground.scanner.clock, played=outcomes.append
        )
        limited: messages.Failure | None = None
        try:
            acting.act(found)
        except RateLimitedError as error:
            if not outcomes:
                raise
            limited = _crossing(error, service)
        outcome = outcomes[-1]
        return messages.Played(
            upgrades=_lines(outcome, task.url),
            done=tuple(map(_text, (*outcome.tidied, *outcome.merged, *found.posted.done))),
            withheld=tuple(map(_text, (*outcome.withheld, *found.posted.withheld))),
            failed=tuple(map(_text, not_done(outcome, found.posted))),
            again_at=_again_at(outcome, task.now),
            limited=limited,
        )


def compare(task: messages.Task, service: Service) -> messages.Compared:
    """Tell a pull request what it adds and mends."""
    repo, pull = _given(task.repo), _given(task.pull)
    with ExitStack() as stack:
        ground = _Ground.laid(task, service, stack)
        both = sides(ground.opened, head=task.head, base=task.base, branch=pull.base)
        change = compared(both, ground.scanner)
        setting = Setting(url=task.url, base=pull.base, note=note(both, repo.default_branch))
        posted = post(host_of(service), pull, change, ground.opened.settings.config, setting)
        return messages.Compared(
            conclusion=posted.verdict.conclusion,
            done=tuple(map(_text, posted.done)),
            withheld=tuple(map(_text, posted.withheld)),
            failed=tuple(map(_text, posted.failed)),
            fresh=len(change.fresh),
            mended=len(change.mended),
            score_won=change.score_won,
            limited=_limited(posted, service),
        )


def invite(task: messages.Task, service: Service) -> messages.Invited:
    """Ask whether debtscan may work there, by a pull request that shows what it would do."""
    host, repo = host_of(service), _given(task.repo)
    with ExitStack() as stack:
        proposal = propose(host, lambda files: _opened(task, service, files))
        ground = _Ground.laid(task, service, stack, proposal.opened)
        inviting = Inviting(host=host, repo=repo, why=task.why, page=task.page, again=task.again)
        came = inviting.invite(ground.judged(ground.scanned()), proposal)
        return messages.Invited(
            standing=came.standing,
            pull=came.pull.number if came.pull else 0,
            done=tuple(map(_text, came.done)),
            left=tuple(map(_text, came.left)),
        )


WORK: Final[Mapping[str, Callable[[messages.Task, Service], Any]]] = {
    "scan": scan,
    "act": act,
    "compare": compare,
    "invite": invite,
}
"""What a task asks for, by its name."""


@dataclass(frozen=True, slots=True)
class _Ground:
    """The commit, opened under its configuration, and what judges it."""

    task: messages.Task
    service: Service
    opened: Opened
    scanner: Scanner
    edition: str

    @classmethod
    def laid(cls, task: messages.Task, service: Service, stack: ExitStack, opened: Opened | None = None) -> _Ground:
        """Open the mirror, unless it is. What is opened for that stays so as long as ``stack``."""
        opened = opened or _opened(task, service)
        kept = stack.enter_context(closing(KeptFile(Path(task.kept), max_size=_MOST_KEPT)))
        scanner = Scanner(
            clock=Clock(task.as_of, task.now),
            network=Answers(service),
            progress=lambda _stage, _done, _total: None,
            jobs=task.jobs,
            kept=kept,
        )
        return cls(task, service, opened, scanner, reading_edition(opened.settings.config))

    def scanned(self) -> ScanResult:
        """Scan; what was read of this commit before, and looked up, is neither read nor looked up again."""
        task = self.task
        known = facts_from_json(task.facts) if task.facts else None
        return self.scanner.scan(self.opened, known, self._before())

    def judged(self, result: ScanResult) -> Judged:
        """Return the scan among the earlier ones."""
        wanted = self.opened.settings.config.history.enabled and self.task.entries is not None
        store = Handed(self.service, self.task.entries or ()) if wanted else None
        return judged(self.opened, result, self.scanner, store, self._locker())

    def _before(self) -> Inventory | None:
        if not self.task.inventory or self.task.edition != self.edition:
            return None
        try:
            return inventory_from_json(self.task.inventory)
        except InventoryFormatError:
            # It is read anew, as if nobody had.
            return None

    def _locker(self) -> Locker:
        # Nobody's registries and credentials: what a repository needs of them is not for this process.
        nobody = Settings({}, Credentials(), ())
        locker = Locker.of(os.environ, Path(self.task.home), nobody, keep_out=self.opened.folder)
        return replace(locker, allows=Hosts(self.task.hosts).allows_host)


def _opened(task: messages.Task, service: Service, proposed: Mapping[str, bytes] = MappingProxyType({})) -> Opened:
    """Open the mirror at the commit, with files laid over it that may hold its configuration."""
    opened = open_repository(
        Path(task.folder),
        config=None,
        commit=task.commit,
        bring=service.bring,
        inherited=task.inherited,
        proposed=proposed,
        # A mirror lies in a folder by a number, and its own settings may be of a name that is past.
        name=task.name,
    )
    snapshot = opened.snapshot
    about = replace(snapshot.repository, branch=task.branch)
    return replace(opened, snapshot=replace(snapshot, about=about))  # type: ignore[type-var]  # a FileSnapshot


def _given(value: Value | None) -> Value:
    if value is None:
        raise DebtscanError("the task lacks what it is about")
    return value


def _limited(posted: Posted, service: Service) -> messages.Failure | None:
    return _crossing(posted.limited, service) if posted.limited else None


def _crossing(error: RateLimitedError, service: Service) -> messages.Failure:
    """Return an error as it crosses: as the service's own, where it is that."""
    met = service.failure_met(error)
    return failure_of(error) if met is None else met


def _lines(outcome: Round, url: str) -> bytes:
    lines = msgspec.to_builtins(upgrade_lines(outcome, url))
    # A file name that is no UTF-8 may stand in a sentence.
    texts = ({key: _text(value) if isinstance(value, str) else value for key, value in one.items()} for one in lines)
    return msgspec.json.encode(tuple(texts))


def _again_at(outcome: Round, now: datetime) -> datetime | None:
    """Return when there is something to do although nothing changed: what waited may be opened, an ignore has ended."""
    moments = [entry.until for entry in outcome.plan.waiting if entry.until]
    days = [entry.until for entry in (*outcome.plan.left_out, *outcome.left_out) if entry.until]
    return min((one for one in (*moments, *map(_after, days)) if one > now), default=None)


def _after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def _usages(inventory: Inventory) -> Iterator[messages.Usage]:
    for one in inventory.dependencies:
        yield messages.Usage(
            ecosystem=_text(one.ecosystem, 40),
            name=_text(one.name, 255),
            kind=_text(one.kind, 40),
            path=_text(one.place.path),
            line=one.place.line,
            direct=one.direct,
            value=_text(one.value or "", 255),
            version=_text(one.locked_version or one.version or "", 100),
        )


def _ends(found: Judged) -> Iterator[messages.Ending]:
    for end in found.ends:
        path = end.places[0].finding.path if end.places else ""
        yield messages.Ending(subject=_text(end.title, 255), ends_on=end.day, path=_text(path))


def _plan_digest(found: Judged) -> str:
    """Return what acting depends on, as far as this commit and the world say it, and not the day."""
    report = found.report
    stated = {
        "version": report.version,
        "ruleset": report.ruleset,
        "commit": report.repository.commit,
        "config": config_digest(found.scanned.result.config),
        "score": report.scorecard.score,
        "findings": sorted(_findings(report)),
        "ends": sorted((end.day.isoformat(), _text(end.title)) for end in found.ends),
    }
    return hashlib.sha256(msgspec.json.encode(stated)).hexdigest()


def _findings(report: Report) -> Iterator[tuple[str, ...]]:
    for charged in report.findings:
        finding = charged.finding
        latest, to = finding.subject.latest or "", finding.fix.to or ""
        flaws = ",".join(sorted(flaw.id for flaw in finding.flaws))
        words = (charged.fingerprint, finding.severity, str(charged.points), latest, to, flaws)
        yield tuple(map(_text, words))


def _stored(text: str) -> bytes:
    return text.encode()


def _text(text: str, most: int = 4000) -> str:
    """Return a text that every database takes."""
    return text.encode(errors="backslashreplace").decode().replace("\0", "\\0")[:most]
