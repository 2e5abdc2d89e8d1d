"""The step of a scan that settles whether debtscan posts in a repository: its organisation and its people want that.

First contact is one pull request. Merged, it is a yes; closed, it is a no that is asked about once more only where
somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from bot.onboarding.settle import Onboarding
from bot.rollout import Candidate, Decision, Wish, decide
from bot.service.database.opening import writing
from bot.service.database.tables import REPOSITORIES, SCANS
from bot.service.engine.steps import require
from bot.service.model import Phase
from bot.service.organizations import organization_of
from bot.service.scanning import Invitation, Invited, invite
from bot.service.workflows.admit import ScanArguments
from bot.service.workflows.judging import Ground, Judged, facts_of, job_of
from bot.service.workflows.looking import Begun
from bot.service.workflows.parts import Parts
from bot.service.workflows.trying import Tried

_WITHDRAWN: Final = "The organisation's configuration does not name this repository any more, so I close this."
# What needs no step, by what the organisation wants; and by which reasons a refusal may be taken back.
_AT_REST: Final[Mapping[Wish, frozenset[Phase]]] = {
    "silent": frozenset({"silent", "declined"}),
    "posting-wanted": frozenset({"posting", "declined"}),
}
_ASKING: Final = frozenset({"enabled", "comment"})
_MOST_TOLD: Final = 2000


class Enabled(Tried, frozen=True, kw_only=True):
    """How far the repository is now."""

    phase: Phase = "silent"


def settle(parts: Parts, given: ScanArguments, begun: Begun, ground: Ground, found: Judged) -> Enabled:
    """Settle it, and write what came of it. Raises HostError, ScanFailedError and kin."""
    decision = _decision(parts, given, begun, ground)
    may_ask = decision.wish == "posting-wanted" and given.request.reason in _ASKING
    if begun.phase in _AT_REST[decision.wish] and not (begun.phase == "declined" and may_ask):
        return Enabled(phase=begun.phase)
    if decision.wish == "silent":
        came = _silenced(parts, given, begun, ground)
    else:
        came = _invited(parts, given, ground, found, decision.why)
    _keep(parts, given, begun, came)
    return Enabled(phase=came.standing)


def _decision(parts: Parts, given: ScanArguments, begun: Begun, ground: Ground) -> Decision:
    candidate = Candidate(
        id=given.request.repository,
        name=ground.name,
        topics=begun.topics,
        is_enabled=begun.phase in {"posting", "invited"},
    )
    with parts.services.engine.connect() as connection:
        organization = organization_of(connection, ground.installation)
    return decide(candidate, organization, parts.services.now().date())


def _silenced(parts: Parts, given: ScanArguments, begun: Begun, ground: Ground) -> Invited:
    """Return what follows where nobody wants it any more: an open question is taken back, upgrades stay as they are."""
    if begun.phase == "invited":
        require()
        client = parts.client(ground.installation, given.request.repository, ground.name)
        settled = Onboarding(client, ground.repo or client.repository()).withdraw(_WITHDRAWN)
        return Invited(standing="silent", done=settled.done, left=settled.left)
    return Invited(standing="silent")


def _invited(parts: Parts, given: ScanArguments, ground: Ground, found: Judged, why: str) -> Invited:
    require()
    number = given.request.repository
    client = parts.client(ground.installation, number, ground.name)
    page = f"{parts.services.settings.file.url}/{ground.name}"
    return invite(
        job_of(parts, given, ground),
        facts_of(parts, number, found.entry),
        Invitation(why=why, page=page, again=given.request.reason == "enabled"),
        host=client,
        repo=ground.repo or client.repository(),
        url=client.url,
        mirrors=parts.mirrors,
        source=client.clone_source,
        network=parts.lookups,
        limits=parts.limits,
    )


def _keep(parts: Parts, given: ScanArguments, begun: Begun, came: Invited) -> None:
    with writing(parts.services.engine) as connection:
        if came.standing != begun.phase:
            mine = sa.update(REPOSITORIES).where(REPOSITORIES.c.id == given.request.repository)
            connection.execute(mine.values(phase=came.standing, phase_since=parts.services.now()))
        if came.left:
            told = "; ".join(came.left)[:_MOST_TOLD]
            connection.execute(sa.update(SCANS).where(SCANS.c.id == given.id).values(error=told))
