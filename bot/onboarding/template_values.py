"""What the template of the onboarding pull request is given. Frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from bot.markup import Raw
from bot.scorecard import Report, Scorecard
from bot.template_words import More, Shortened, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeRow:
    """An upgrade that would be offered: its title, the points that it mends, and when it would be opened, in words."""

    title: str
    points: int
    when: str
    security: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What debtscan would do: `offers` upgrades, of which at most `open_limit` are open at once and `weekly_limit` new
    in any seven days; some it `merges` itself. `dashboard` is the title of its issue and `history` the name of its
    branch, empty without one. A `check` passes or fails where it is `gated`. It would `comment` on pull requests, and
    raise `alerts` in code scanning.
    """

    offers: bool
    open_limit: int
    weekly_limit: int
    merges: bool
    dashboard: str
    check: bool
    gated: bool
    comment: bool
    alerts: bool
    history: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnboardingValues(Words):
    """What debtscan would do in a repository, and how people say yes, no, or otherwise."""

    report: Annotated[Report, "everything that was found"]
    card: Annotated[Scorecard, "its scorecard"]
    acts: Annotated[Acts, "what it would do once this is merged"]
    headline: Annotated[str, "grade and score, or that nothing could be judged"]
    why: Annotated[str, "why this repository is asked, as half a sentence; may be empty"]
    page: Annotated[Raw, "a link to the page that shows the scorecard; empty for none"]
    path: Annotated[str, "the file that this adds"]
    branch: Annotated[Raw, "the branch that this is on, as code"]
    edited: Annotated[bool, "whether people wrote what the file says"]
    problem: Annotated[str, "why what the file says cannot be read; empty where it can"]
    overruled: Annotated[Sequence[str], "what the file says and the organisation locks, in sentences"]
    upgrades: Annotated[Sequence[UpgradeRow], "the pull requests that would be opened, the first ones first"]
    first: Annotated[int, "how many of them would be opened at once"]
    promise: Annotated[str, "how far the best fixes lead, in one sentence; empty where there are none"]
    as_of: Annotated[date, "the day on which it was judged"]
    rows: Annotated[int, "how many rows each list has; falls with the length"]
    name: Annotated[Shortened, ""]
    prose: Annotated[Shortened, ""]
    more: Annotated[More, ""]
