"""A stored scorecard as the value that reports are drawn from. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.change import Change
from bot.change_items import Item
from bot.report._change_part import ChangePart
from bot.report._encoded import same
from bot.report._scorecard_part import ScorecardPart
from bot.scorecard import BestFix, GroupShare, PathShare, Scorecard
from bot.store.model import Entry


def card_of(part: ScorecardPart) -> Scorecard:
    """Return the scorecard that a report holds."""
    return Scorecard(
        score=part.score,
        low=part.low,
        high=part.high,
        grade=part.grade,
        points=part.points,
        effort_minutes=part.effort_minutes,
        libyears=part.libyears,
        size=part.size,
        groups=tuple(same(share, GroupShare) for share in part.groups),
        accepted_minutes=part.accepted.points,
        accepted_until=part.accepted.until,
        best=tuple(
            BestFix(
                title=fix.title,
                fingerprints=fix.findings,
                points=fix.points,
                minutes=fix.effort_minutes,
                score_won=fix.score_won,
                score_after=fix.score_after,
                grade_after=fix.grade_after,
            )
            for fix in part.best_fixes
        ),
        paths=tuple(same(share, PathShare) for share in part.paths),
        unknown=part.unknown,
    )


def change_of(part: ChangePart | None, entries: Sequence[Entry]) -> Change | None:
    """Return what moved the score, None where that is not known or the scan it counts from is not kept any more."""
    if part is None:
        return None
    since = next((one for one in reversed(entries) if (one.as_of, one.commit) == (part.since, part.commit)), None)
    if since is None:
        return None
    return Change(
        since=since,
        score_before=part.score_before,
        score_after=part.score_after,
        grade_before=part.grade_before,
        grade_after=part.grade_after,
        points_before=part.points_before,
        points_after=part.points_after,
        own=part.own,
        world=part.world,
        rules=part.rules,
        own_points=part.own_points,
        world_points=part.world_points,
        rules_points=part.rules_points,
        items=tuple(same(item, Item) for item in part.items),
        unsplit=part.unsplit,
    )
