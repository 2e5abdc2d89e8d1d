"""The scorecard in the JSON report, and the scorecards of earlier scans."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from msgspec import Meta

from analyzers.model.finding import Group, Severity
from bot.report._change_part import ChangePart
from bot.report._parts import Count, Lost, Minutes, Part, Path, Points, Score
from bot.ruleset import Grade


class PastGroupPart(Part, frozen=True, kw_only=True):
    """What one group took from the score of an earlier scan."""

    group: Group
    score_lost: Lost
    findings: Count
    points: Points


class GroupPart(PastGroupPart, frozen=True, kw_only=True):
    """What one group takes from the score; all of them sum to ``100 - score``."""

    effort_minutes: Minutes


class AcceptedPart(Part, frozen=True, kw_only=True):
    """The points of what people set aside, false positives not counted; ``until`` is the first date."""

    points: Points
    findings: Count
    until: date | None


class BestFixPart(Part, frozen=True, kw_only=True):
    """One step that wins much for little; ``score_after`` holds when this and all better ones are done."""

    title: str
    findings: tuple[str, ...]
    points: Points
    effort_minutes: Minutes
    score_won: Lost
    score_after: Score
    grade_after: Grade


class PathPart(Part, frozen=True, kw_only=True):
    """One project of a monorepo, scored by itself."""

    path: Path
    owners: tuple[str, ...]
    score: Score
    grade: Grade
    findings: Count
    points: Points


class HistoryPart(Part, frozen=True, kw_only=True):
    """The scorecard of an earlier scan. `findings` counts them by severity."""

    id: str
    as_of: date
    commit: str
    branch: str
    ruleset: str
    version: str
    score: Score
    low: Score
    high: Score
    grade: Grade
    points: Points
    unknown: Count
    size: float
    effort_minutes: Minutes
    libyears: float
    groups: tuple[PastGroupPart, ...]
    findings: dict[Severity, Count]


class ScorecardPart(Part, frozen=True, kw_only=True):
    """The score with its bounds. ``low`` charges what is unknown in full, ``high`` leaves out what is unsure."""

    score: Score
    low: Score
    high: Score
    grade: Grade
    points: Points
    effort_minutes: Minutes
    libyears: float
    size: Annotated[float, Meta(ge=1, description="how much bigger than the smallest size the repository counts")]
    unknown: Annotated[int, Meta(ge=0, description="subjects that could not be judged")]
    groups: tuple[GroupPart, ...]
    accepted: AcceptedPart
    best_fixes: tuple[BestFixPart, ...]
    paths: Annotated[tuple[PathPart, ...], Meta(description="empty unless there are several projects")]
    change: Annotated[ChangePart | None, Meta(description="null where no earlier scan is known")]
    budgets: Annotated[tuple[Any, ...], Meta(description="reserved, always empty in this version")]
    history: Annotated[
        tuple[HistoryPart, ...], Meta(description="earlier scans, oldest first, where the history is at hand")
    ]
