"""The step of a scan that scans: the commit is judged on today's Facts, and all that comes of it stored at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from analyzers.errors import DebtscanError
from analyzers.model.facts import Facts
from bot.github.objects import Repo
from bot.service import metrics
from bot.service.database.opening import writing
from bot.service.model import Reason
from bot.service.organizations import inherited_by
from bot.service.scanning import Job, Stored, scan
from bot.service.storing import Done, Packed, history_of, store, stored_of
from bot.service.workflows.admit import ScanArguments
from bot.service.workflows.looking import Begun, Resolved
from bot.service.workflows.parts import Parts
from bot.service.workflows.trying import Tried

# Whoever asks for it means now, whatever was found this morning.
_ANEW: frozenset[Reason] = frozenset({"asked", "box"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a scan is of. `repo` is None where GitHub was not asked for it."""

    installation: int
    name: str
    branch: str
    commit: str
    private: bool
    repo: Repo | None

    @classmethod
    def of(cls, begun: Begun, resolved: Resolved) -> Self:
        """Return it as GitHub says it is, else as the last scan knew it."""
        repo = resolved.repo
        if repo is None:
            return cls(
                installation=begun.installation,
                name=begun.name,
                branch=begun.branch,
                commit=begun.head,
                private=begun.private,
                repo=None,
            )
        return cls(
            installation=begun.installation,
            name=repo.name,
            branch=repo.default_branch,
            commit=repo.head or "",
            private=repo.private,
            repo=repo,
        )


class Judged(Tried, frozen=True, kw_only=True):
    """What came of it, as far as the next steps need it. `entry` is its id in the history."""

    entry: str = ""
    plan_digest: str = ""
    configured: str = ""
    wants_upgrades: bool = False
    is_unchanged: bool = False


def job_of(parts: Parts, given: ScanArguments, ground: Ground) -> Job:
    """Return what is to be scanned, with what is known of its commit. Raises DamagedError."""
    number, now = given.request.repository, parts.services.now()
    with parts.services.engine.connect() as connection:
        known = stored_of(connection, number, ground.commit)
        inherited = inherited_by(connection, ground.installation, ground.name)
    return Job(
        repository=number,
        name=ground.name,
        branch=ground.branch,
        commit=ground.commit,
        private=ground.private,
        as_of=now.date(),
        now=now,
        known=known,
        past=history_of(parts.services, number),
        inherited=inherited,
        anew=given.request.reason in _ANEW,
    )


def facts_of(parts: Parts, repository: int, entry: str) -> Facts:
    """Return the Facts that a scan was judged on, as they were stored. Raises DebtscanError where they are gone."""
    history = history_of(parts.services, repository)
    kept = next((one for one in history.entries() if one.id == entry), None)
    facts = history.facts(kept) if kept else None
    if facts is None:
        raise DebtscanError("the Facts of the scan are not stored any more; the next scan stores them anew")
    return facts


def judge(parts: Parts, given: ScanArguments, ground: Ground) -> Judged:
    """Scan and store. Raises HostError, ScanFailedError and kin."""
    job = job_of(parts, given, ground)
    number = given.request.repository
    client = parts.client(ground.installation, number, ground.name)
    found = scan(job, parts.mirrors, client.clone_source, parts.lookups, parts.limits)
    contents, now = Packed.of(found), parts.services.now()
    done = Done(services=parts.services, repository=number, scan=given.id, commit=ground.commit, now=now)
    with writing(parts.services.engine) as connection:
        if not store(connection, done, found, contents):
            return Judged(gone=True)
    for stage, seconds in found.timings.items():
        metrics.STAGE_SECONDS.labels(stage=stage).observe(seconds)
    if found.judged:
        metrics.SCORES.observe(found.entry.score)
    return Judged(
        entry=found.entry.id,
        plan_digest=found.plan_digest,
        configured=found.configured,
        wants_upgrades=found.upgrades,
        is_unchanged=_is_unchanged(job.known, found.edition),
    )


def _is_unchanged(known: Stored | None, edition: str) -> bool:
    return known is not None and known.edition == edition
