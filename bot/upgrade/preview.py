"""What an upgrade wins, exactly: the merged tree is read, asked about and judged as a scan of it would be.

The same base, Facts and date as the scan's; only what the new files name for the first time is looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from analyzers import settings as configuration
from analyzers.model.facts import Facts
from analyzers.model.finding import Finding
from analyzers.model.inventory import Inventory
from analyzers.model.kept import NOTHING_KEPT, Kept
from analyzers.model.skipped import Skipped
from analyzers.model.snapshot import Snapshot
from analyzers.model.subject import SubjectKey
from analyzers.read import reread
from analyzers.scan import ScanResult, judge, rules
from analyzers.settings import Settings
from bot import score
from bot.ruleset import Grade, grade
from bot.upgrade.model import Written
from bot.weighed import Weighed, priced, weighed

LookUp = Callable[[Inventory, Facts], Facts]
"""(the merged tree's inventory, what is known already) → all Facts: `look_up` with ``known``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a repository stands: points of debt, and the score and grade that follow."""

    points: int
    score: float
    grade: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What merging changes. `mended` findings are gone then, `fresh` ones are new then.

    `weighed` are these and those that stay with other points, the largest change first: together they make `won`.
    `unjudged` is what could not be judged there about that which moves. `result` is the whole scan of the merged tree.
    """

    before: Standing
    after: Standing
    mended: tuple[Finding, ...]
    fresh: tuple[Finding, ...]
    weighed: tuple[Weighed, ...]
    unjudged: tuple[Skipped, ...]
    result: ScanResult

    @property
    def won(self) -> int:
        """The points that it wins; negative where it costs some."""
        return self.before.points - self.after.points

    @property
    def score_won(self) -> float:
        """What the score gains, to four places."""
        return score.summed((self.after.score, -self.before.score))


def preview(
    base: ScanResult,
    snapshot: Snapshot,
    settings: Settings,
    written: Written,
    look_up: LookUp,
    kept: Kept = NOTHING_KEPT,
) -> Preview:
    """Return what ``written`` changes, merged into ``snapshot``, which ``base`` is the scan of."""
    merged = snapshot.with_files(written.files)
    settled = _settings(merged, settings, written.files)
    inventory = reread(merged, settled, base.inventory, written.files.keys(), as_of=base.as_of, kept=kept)
    facts = look_up(inventory, base.facts)
    result = judge(inventory, facts, settled.config, as_of=base.as_of, offline=base.offline)
    return compare(base, result, (move.key for move in written.upgrade.moves))


def compare(base: ScanResult, result: ScanResult, moved: Iterable[SubjectKey]) -> Preview:
    """Return what lies between the scans of two trees, ``moved`` being what moves."""
    keys = frozenset(moved)
    old, new = priced(base.findings), priced(result.findings)
    return Preview(
        before=_standing(base),
        after=_standing(result),
        mended=tuple(finding for name, (finding, _points) in old.items() if name not in new),
        fresh=tuple(finding for name, (finding, _points) in new.items() if name not in old),
        weighed=weighed(old, new),
        unjudged=tuple(entry for entry in result.skipped if entry.subject in keys),
        result=result,
    )


def _settings(merged: Snapshot, settings: Settings, files: Iterable[str]) -> Settings:
    """Return the settings that the merged tree has: the file that holds them may be one that changes."""
    if settings.path not in {*files} & {*configuration.IN_REPOSITORY, "pyproject.toml"}:
        return settings
    return configuration.load(merged, explicit=None, rules=rules(), inherited=settings.inherited)


def _standing(result: ScanResult) -> Standing:
    points = score.total_points(result.findings)
    value = score.score(points, score.size(result.inventory.sources))
    return Standing(points=points, score=value, grade=grade(value))
