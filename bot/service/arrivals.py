"""What a webhook means: which rows change, and what is to be done then. Pure; `bot.service.arriving` writes it.

Deliveries come in any order, and more than once. So a thing is known by GitHub's id, a fact counts only where no later
one is known, and what leaves an installation is touched only while it still belongs to that one. What cannot be put in
order by what a payload says is asked of GitHub soon after: a `ListingWanted`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from bot.service.changes import (
    NOTHING,
    AccountNamed,
    Arrival,
    Change,
    CompareWanted,
    ConfigurationWanted,
    InstallationTold,
    ListingWanted,
    PersonRevoked,
    Pushed,
    RepositoriesLeft,
    RepositoriesListed,
    RepositoryTold,
    ScanWanted,
    Want,
)
from bot.service.model import Delivery, Reason, Urgency
from bot.service.webhooks import kept
from bot.service.webhooks.kept import kept_of

ONBOARDING: Final = "debtscan/onboarding"
"""The branch of the pull request by which a repository hears of debtscan first."""
_OWN: Final = "debtscan/"
_CONFIGURATION: Final = "/.github"


def arrival_of(delivery: Delivery) -> Arrival:
    """Return what a delivery means. Raises ValueError where its body is none that was kept."""
    read = _READ.get(delivery.event)
    return read(delivery) if read else NOTHING


def _installed(delivery: Delivery) -> Arrival:
    said = kept_of(delivery.body, kept.Installed)
    number = delivery.installation or 0
    is_gone = delivery.action == "deleted" and delivery.event == "installation"
    told = InstallationTold(
        id=number,
        account=said.account,
        account_id=said.account_id,
        account_kind=said.account_kind,
        permissions=said.permissions,
        events=said.events,
        is_suspended=said.is_suspended,
        is_gone=is_gone,
        told_at=said.told_at,
    )
    changes: list[Change] = [told]
    if is_gone:
        return Arrival(changes=(told,))
    if said.added:
        changes.append(RepositoriesListed(installation=number, repositories=said.added))
    if said.removed:
        changes.append(RepositoriesLeft(installation=number, repositories=said.removed))
    # The organisation's file may be among what was added, and counts for all that is listed.
    wants = (ConfigurationWanted(installation=number), ListingWanted(installation=number))
    return Arrival(changes=tuple(changes), wants=() if said.is_suspended else wants)


def _account(delivery: Delivery) -> Arrival:
    said = kept_of(delivery.body, kept.AccountNamed)
    if delivery.installation is None:
        return NOTHING
    return Arrival(
        changes=(AccountNamed(installation=delivery.installation, account=said.account),),
        wants=(ListingWanted(installation=delivery.installation),),
    )


def _repository(delivery: Delivery) -> Arrival:
    said = kept_of(delivery.body, kept.RepositoryTold)
    repository, installation = delivery.repository, delivery.installation
    if repository is None or installation is None:
        return NOTHING
    if delivery.action == "deleted":
        return Arrival(changes=(RepositoriesLeft(installation=installation, repositories=(repository,)),))
    arrives = delivery.action in {"created", "transferred"}
    told = RepositoryTold(id=repository, installation=installation, told=said, arrives=arrives)
    reason = _reason(delivery.action, said)
    scan = ScanWanted(repository=repository, reason=reason or "renamed", urgency="change", topics=said.added)
    wants = (scan,) if reason and not said.skip else ()
    return Arrival(changes=(told,), wants=wants)


def _reason(action: str, said: kept.RepositoryTold) -> Reason | None:
    if action == "edited":
        # A topic may switch pull requests on, or off.
        return "renamed" if said.is_changed else None
    return _REASONS.get(action)


_REASONS: Final[Mapping[str, Reason]] = {
    "created": "installed",
    "transferred": "installed",
    "unarchived": "installed",
    "renamed": "renamed",
}


def _pushed(delivery: Delivery) -> Arrival:
    said = kept_of(delivery.body, kept.Pushed)
    repository, installation = delivery.repository, delivery.installation
    if not said.is_default or not said.head or repository is None or installation is None:
        return NOTHING
    pushed = Pushed(repository=repository, installation=installation, branch=said.branch, head=said.head)
    scan = ScanWanted(repository=repository, reason="push", urgency="change", settles=True)
    configuration = (ConfigurationWanted(installation=installation),) if said.name.endswith(_CONFIGURATION) else ()
    return Arrival(changes=(pushed,), wants=(scan, *configuration))


def _pull(delivery: Delivery) -> Arrival:
    said = kept_of(delivery.body, kept.PullTold)
    if delivery.repository is None:
        return NOTHING
    if delivery.action in {"opened", "synchronize", "reopened"}:
        return Arrival(wants=(CompareWanted(repository=delivery.repository, number=said.number, head=said.head),))
    is_own = said.branch.startswith(_OWN) and not said.is_fork
    if delivery.action == "closed" and is_own and said.by_person:
        return Arrival(wants=(_closed(delivery.repository, said),))
    return NOTHING


def _closed(repository: int, said: kept.PullTold) -> ScanWanted:
    """Return what follows where a person closed or merged one of debtscan's own: what comes next depends on it."""
    urgency: Urgency = "person" if said.branch == ONBOARDING else "change"
    return ScanWanted(repository=repository, reason="asked", urgency=urgency)


def _asked(delivery: Delivery) -> Arrival:
    said = kept_of(delivery.body, kept.Asked)
    if delivery.repository is None or not said.is_asked or delivery.action not in {"created", "edited"}:
        return NOTHING
    # A stranger is heard as well, and answered; nobody of the organisation's waits for that.
    urgency: Urgency = "person" if said.is_member else "change"
    reason: Reason = "box" if delivery.event == "issues" else "comment"
    return Arrival(wants=(ScanWanted(repository=delivery.repository, reason=reason, urgency=urgency),))


def _rerequested(delivery: Delivery) -> Arrival:
    said = kept_of(delivery.body, kept.Rerequested)
    if delivery.repository is None or delivery.action != "rerequested":
        return NOTHING
    return Arrival(wants=tuple(_checks(delivery.repository, said)))


def _checks(repository: int, said: kept.Rerequested) -> Iterator[Want]:
    if said.is_default or not said.pulls:
        yield ScanWanted(repository=repository, reason="re-request", urgency="person")
    for number in said.pulls:
        yield CompareWanted(repository=repository, number=number, head=said.head, again=True)


def _revoked(delivery: Delivery) -> Arrival:
    return Arrival(changes=(PersonRevoked(user_id=kept_of(delivery.body, kept.Revoked).user_id),))


_READ: Final[Mapping[str, Callable[[Delivery], Arrival]]] = {
    "installation": _installed,
    "installation_repositories": _installed,
    "installation_target": _account,
    "repository": _repository,
    "push": _pushed,
    "pull_request": _pull,
    "issues": _asked,
    "issue_comment": _asked,
    "check_run": _rerequested,
    "check_suite": _rerequested,
    "github_app_authorization": _revoked,
}
