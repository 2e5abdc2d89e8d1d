"""Labels and people of a new pull request: those of the configuration, and the owners of the files it changes."""

from __future__ import annotations

from collections.abc import Iterable

from analyzers.config import Upgrades
from analyzers.model.inventory import Inventory
from analyzers.repository.paths import owners_of
from bot.upgrade.model import Written
from bot.upgrade.publish import Dress

_TEAM = "team:"
# GitHub asks no more people than this for a review.
_MOST_REVIEWERS = 15


def dress(written: Written, inventory: Inventory, settings: Upgrades, organisation: str) -> Dress:
    """Return what a pull request of ``organisation`` gets. Owners given by address or of elsewhere are left out."""
    wanted = dict.fromkeys(settings.reviewers)
    if settings.code_owners:
        owners = (owner for path in sorted(written.files) for owner in owners_of(path, inventory.owners))
        wanted.update(dict.fromkeys(filter(None, (_reviewer(owner, organisation) for owner in owners))))
    logins, teams = _apart(list(wanted)[:_MOST_REVIEWERS])
    assignees, _ = _apart(settings.assignees)
    return Dress(labels=settings.labels, assignees=assignees, reviewers=logins, teams=teams)


def _reviewer(owner: str, organisation: str) -> str | None:
    if not owner.startswith("@"):
        return None
    first, slash, team = owner[1:].partition("/")
    if not slash:
        return first
    return f"{_TEAM}{team}" if first.lower() == organisation.lower() else None


def _apart(wanted: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names = list(wanted)
    teams = tuple(name.removeprefix(_TEAM) for name in names if name.startswith(_TEAM))
    return tuple(name for name in names if not name.startswith(_TEAM)), teams
