"""What a scan is for the service: a repository's commit in, all that is stored of it out. A child does the work."""

from __future__ import annotations

import hashlib
from typing import Final

from analyzers.facts_json import FactsFormatError, facts_from_json, facts_to_json
from analyzers.model.facts import Facts
from bot.github.host import Host
from bot.github.objects import Repo
from bot.service.child import messages
from bot.service.child.messages import Ending, Usage
from bot.service.effort import Effort
from bot.service.errors import ScanFailedError
from bot.service.lookups import Lookups
from bot.service.mirror import Mirrors, Source
from bot.service.scan_values import Acted, Compared, Invitation, Invited, Job, Limits, Scan, Stored

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

_BASE: Final = "refs/debtscan/base"
_PULL: Final = "refs/debtscan/pull"


def scan(job: Job, mirrors: Mirrors, source: Source, network: Lookups, limits: Limits) -> Scan:
    """Scan. ``source`` is asked for an address and a header only where something has to be fetched.

    Raises ScanFailedError, HistoryError, and what ``source`` raises.
    """
    effort = Effort(job, mirrors, source, network, limits)
    found = effort.made("scan", messages.Scanned, **effort.known)
    _check(found, job)
    return Scan(
        document=found.document,
        hotspots=found.hotspots,
        inventory=found.inventory,
        edition=found.edition,
        facts=found.facts,
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
    effort = Effort(job, mirrors, source, network, limits, host)
    played = effort.made("act", messages.Played, facts=facts_to_json(facts), repo=repo, url=url, **effort.known)
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
    effort = Effort(job, mirrors, source, network, limits, host)
    came = effort.made(
        "invite",
        messages.Invited,
        facts=facts_to_json(facts),
        repo=repo,
        url=url,
        why=invitation.why,
        page=invitation.page,
        again=invitation.again,
        **effort.known,
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
    effort = Effort(job, mirrors, source, network, limits, host, refs)
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


def _check(found: messages.Scanned, job: Job) -> None:
    """Raise ScanFailedError where a child says another thing than what it was asked: nothing of that is stored."""
    entry = found.entry
    facts = hashlib.sha256(found.facts).hexdigest()
    if (entry.commit, entry.as_of, entry.facts) != (job.commit, job.as_of, facts):
        raise ScanFailedError("protocol", "its process told of another scan than the one that was wanted")
    if not _is_facts(found.facts):
        raise ScanFailedError("protocol", "its process told of facts that nobody could read again")


def _is_facts(content: bytes) -> bool:
    """Whether it is what `facts_to_json` writes. The bytes are stored as they are: the same Facts, the same bytes."""
    try:
        return facts_to_json(facts_from_json(content)) == content
    except FactsFormatError:
        return False
