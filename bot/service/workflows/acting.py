"""The step of a scan that writes on GitHub: upgrades, wishes, posts. Each write is find-or-create by a known name."""

from __future__ import annotations

from typing import Final

from bot.github.errors import RateLimitedError
from bot.service.database.opening import writing
from bot.service.engine.steps import require
from bot.service.model import Reason
from bot.service.scanning import act as play
from bot.service.storing import Done, store_acted
from bot.service.workflows.admit import ScanArguments
from bot.service.workflows.judging import Ground, Judged, facts_of, job_of
from bot.service.workflows.looking import Begun
from bot.service.workflows.parts import Parts
from bot.service.workflows.trying import Tried

# What people ask for is no part of the commit, so it is looked at whatever the last round saw.
_WISHES: Final[frozenset[Reason]] = frozenset({"asked", "box", "comment", "re-request", "enabled", "renamed", "again"})


class Played(Tried, frozen=True, kw_only=True):
    """What came of it, in numbers."""

    done: int = 0
    failed_parts: int = 0


def is_due(begun: Begun, reason: Reason, found: Judged) -> bool:
    """Whether there may be something to write: the plan is another one, its time has come, or somebody asks.

    Only where debtscan posts at all.
    """
    # By what the first step kept: done anew elsewhere, the workflow takes the same way.
    has_come = begun.at is not None and begun.act_after is not None and begun.act_after <= begun.at
    return found.plan_digest != begun.acted_digest or has_come or reason in _WISHES


def act(parts: Parts, given: ScanArguments, ground: Ground, found: Judged) -> Played:
    """Act on what was stored. Raises HostError, ScanFailedError and kin."""
    require()
    number = given.request.repository
    client = parts.client(ground.installation, number, ground.name)
    acted = play(
        job_of(parts, given, ground),
        facts_of(parts, number, found.entry),
        host=client,
        repo=ground.repo or client.repository(),
        url=client.url,
        mirrors=parts.mirrors,
        source=client.clone_source,
        network=parts.lookups,
        limits=parts.limits,
    )
    done = Done(
        services=parts.services, repository=number, scan=given.id, commit=ground.commit, now=parts.services.now()
    )
    with writing(parts.services.engine) as connection:
        store_acted(connection, done, acted, found.plan_digest)
    if acted.limited:
        raise RateLimitedError("GitHub's limit ended it before all was written", acted.again_at)
    return Played(done=len(acted.done), failed_parts=len(acted.failed))
