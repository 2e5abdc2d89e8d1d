"""What posts say. Frozen values; nothing here asks anybody or writes anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.scorecard import Report
from bot.store.model import Entry

UpgradeState = Literal["open", "waiting", "ignored", "stuck"]
"""How an upgrade stands: `open` has a pull request, `waiting` gets one later, `ignored` is not wanted by people, and
`stuck` could not be made.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeLine:
    """One upgrade, as far as posts tell of it.

    `id` is stable while the upgrade exists (``pypi-requests-2``). `number` and `url` are of its pull request: the open
    one, or the one that a person closed; 0 and "" without one. `why` is why it waits, is ignored or is stuck, and `by`
    what says so (``alice``, ``debtscan.toml``); both are sentences or names without markup, "" where there is nothing
    to say. `until` is the first day on which it may be opened, or the last of an ignore. `points` are those of the
    findings that it mends. `draft` cannot be merged as it is. `touched` has commits that are not debtscan's, as `why`
    says, so that nothing is written there. `manual` says that debtscan could not do it if it were asked to. `here` says
    that the dashboard itself keeps the ignore: `id` and `title` are its name.
    """

    id: str
    title: str
    state: UpgradeState
    number: int = 0
    url: str = ""
    why: str = ""
    by: str = ""
    until: date | None = None
    points: int = 0
    security: bool = False
    draft: bool = False
    touched: bool = False
    manual: bool = False
    here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EndLine:
    """A day after which something is not supported any more: `what` (``Python 3.9``) and one place that uses it.

    `more` counts the further places.
    """

    day: date
    what: str
    where: str
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Urls:
    """Where more can be read; "" where there is no such place.

    `repository` is the repository's page. `run` is that of the run that posts: only what is made anew in every run may
    name it, for the others have to stay as they are while nothing changes.
    """

    repository: str = ""
    run: str = ""
    history: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything that a post may say of one scan of one commit.

    `entries` are those of earlier scans, oldest first. `notes` are sentences about what could not be done.
    """

    repo: str
    commit: str
    branch: str
    as_of: date
    report: Report
    entries: tuple[Entry, ...] = ()
    upgrades: tuple[UpgradeLine, ...] = ()
    ends: tuple[EndLine, ...] = ()
    urls: Urls = field(default_factory=Urls)
    notes: tuple[str, ...] = ()
