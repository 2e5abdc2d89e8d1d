"""What a round posts beside its pull requests and its commit's checks: the dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.config import Posts
from bot.github.host import Host
from bot.github.objects import Missing, Repo
from bot.posts.boxes import Wish
from bot.posts.issue import DashboardIssue
from bot.posts.model import Told
from bot.posts.posted import Posted


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where posts go, and what may be done there."""

    host: Host
    repo: Repo
    settings: Posts
    missing: Sequence[Missing] = ()


def post(place: Place, told: Told, posted: Posted, obeyed: frozenset[Wish] = frozenset()) -> None:
    """Make the dashboard what it should be, and keep in ``posted`` what came of it.

    ``obeyed`` are the wishes that this run fulfilled: their boxes are cleared.
    """

    def settle() -> str:
        settled = _dashboard(place).post(told, obeyed)
        posted.withheld.extend(settled.left)
        posted.done.extend(settled.done)
        return ""

    posted.attempt("the dashboard", settle)


def wishes(place: Place) -> frozenset[Wish]:
    """Return what people ticked in the dashboard. Raises HostError."""
    return _dashboard(place).wishes()


def _dashboard(place: Place) -> DashboardIssue:
    return DashboardIssue(place.host, place.repo, place.settings, place.missing)
