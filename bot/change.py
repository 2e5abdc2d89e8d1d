"""The change of a score since an earlier scan, split exactly into own, world and rules. Pure; see docs/score.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from analyzers.scan import ScanResult
from bot import score
from bot.change_items import Item, between, points_of, score_of, under_rules
from bot.ruleset import Grade, grade
from bot.store.model import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changed since the scan `since`. Scores are differences to four places, points those of debt (more is worse).

    `own` is what the commits did, `world` what releases, advisories, ends of life and the passing of time did, `rules`
    what a newer debtscan did. They sum exactly to the whole, and `items` exactly to each of them; `items` come part by
    part, the largest first. `unsplit` says why the change could not be split; the parts are 0 then and there are no
    items.
    """

    since: Entry
    score_before: float
    score_after: float
    grade_before: Grade
    grade_after: Grade
    points_before: int
    points_after: int
    own: float = 0.0
    world: float = 0.0
    rules: float = 0.0
    own_points: int = 0
    world_points: int = 0
    rules_points: int = 0
    items: tuple[Item, ...] = ()
    unsplit: str = ""

    @property
    def score(self) -> float:
        """The whole change of the score, to four places."""
        return score.summed((self.score_after, -self.score_before))


def last_before(entries: Sequence[Entry], now: str) -> Entry | None:
    """Return the entry that the scan with the id ``now`` is compared with: the one before it, else the newest.

    A scan that is repeated finds its own entry, and has to tell the same change again. ``entries`` are oldest first.
    """
    earlier: Entry | None = None
    for entry in entries:
        if entry.id == now:
            break
        earlier = entry
    return earlier


def split(since: Entry, old: ScanResult, world: ScanResult, today: ScanResult) -> Change:
    """Split the change since an entry.

    ``old`` is its commit judged by today's rules with the Facts and the date of then, ``world`` the same commit with
    those of today, ``today`` what is told.
    """
    scores = [since.score, score_of(old), score_of(world), score_of(today)]
    rules, moved, own = (score.summed((after, -before)) for before, after in pairwise(scores))
    points = [since.points, points_of(old), points_of(world), points_of(today)]
    return replace(
        whole(since, today, ""),
        own=own,
        world=moved,
        rules=rules,
        own_points=points[3] - points[2],
        world_points=points[2] - points[1],
        rules_points=points[1] - points[0],
        items=(*between("own", world, today), *between("world", old, world), *under_rules(since, old)),
    )


def whole(since: Entry, today: ScanResult, reason: str) -> Change:
    """Return the change that cannot be split, for that reason."""
    now = score_of(today)
    return Change(
        since=since,
        score_before=since.score,
        score_after=now,
        grade_before=since.grade,
        grade_after=grade(now),
        points_before=since.points,
        points_after=points_of(today),
        unsplit=reason,
    )
