"""The change since an earlier scan, as the JSON report holds it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from bot.change_items import How
from bot.change_items import Part as Of
from bot.report._parts import Part, Path, Points, Score
from bot.ruleset import Grade


class ChangeItemPart(Part, frozen=True, kw_only=True):
    """One cause of a change; more ``points`` of debt are less ``score``.

    ``path``, ``rule`` and ``fingerprint`` are empty where it is no finding.
    """

    part: Of
    how: How
    title: str
    points: int
    score: float
    path: Path
    rule: str
    fingerprint: str
    since: Annotated[date | None, Meta(description="the day on which the world changed, where it is known")]


class ChangePart(Part, frozen=True, kw_only=True):
    """What changed since the scan of ``commit`` on the day ``since``; the parts sum to it, and the items to the parts.

    ``unsplit`` says why it could not be split; the parts are 0 then.
    """

    since: date
    commit: str
    ruleset: str
    score_before: Score
    score_after: Score
    grade_before: Grade
    grade_after: Grade
    points_before: Points
    points_after: Points
    own: Annotated[float, Meta(description="of the score: what the commits did")]
    world: Annotated[float, Meta(description="of the score: what releases, advisories and ends of life did")]
    rules: Annotated[float, Meta(description="of the score: what a newer debtscan did")]
    own_points: int
    world_points: int
    rules_points: int
    items: tuple[ChangeItemPart, ...]
    unsplit: str
