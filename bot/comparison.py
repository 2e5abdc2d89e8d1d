"""What lies between two commits that were judged with the same Facts, date and configuration. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from analyzers.model.skipped import Skipped, SkipReason
from analyzers.scan import ScanResult
from bot import baseline as baselines
from bot import score
from bot.assemble import build
from bot.scorecard import Accepted, Charged, Report
from bot.standing import not_judged

# What nobody wants to be judged, and what was judged all the same: a change that adds some takes nothing out of sight.
_NO_NEWS: Final[frozenset[SkipReason]] = frozenset({"vendored", "generated", "test-data", "ignored", "bundled-table"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One finding that is in both and counts otherwise: as it was `before`, and as it is `after`."""

    before: Charged
    after: Charged

    @property
    def points(self) -> int:
        """The points that it counts more; negative where it counts fewer."""
        return self.after.points - self.before.points


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a change does. `before` and `after` are the whole reports; in `after`, what is new is marked so.

    `fresh` findings are new, `mended` ones are gone. `worse` and `better` are in both, and count more or fewer points.
    `accepted` were set aside by the change itself. `unjudged` is what could not be judged after it and is not so
    before; `unseen` findings are gone because they were found in that. `moved` findings only stand in another file.
    """

    before: Report
    after: Report
    fresh: tuple[Charged, ...]
    mended: tuple[Charged, ...]
    worse: tuple[Shift, ...]
    better: tuple[Shift, ...]
    accepted: tuple[Accepted, ...]
    unseen: tuple[Charged, ...]
    unjudged: tuple[Skipped, ...]
    moved: int

    @property
    def score_won(self) -> float:
        """What the score gains, to four places; negative where it loses."""
        return score.summed((self.after.scorecard.score, -self.before.scorecard.score))

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to tell. A look-up that got no answer is nothing that the change does."""
        broken = any(entry.what == "file" for entry in self.unjudged)
        told = (self.fresh, self.mended, self.worse, self.better, self.accepted, self.unseen)
        return not broken and not any(told)


def compare(base: ScanResult, head: ScanResult, *, scanned_at: datetime) -> Comparison:
    """Return what lies between two scans."""
    before = build(base, scanned_at=scanned_at)
    after = build(head, scanned_at=scanned_at, baseline=baselines.of(before))
    kept = baselines.of(after)
    gone = [charged for charged in before.findings if charged.fingerprint not in kept]
    moved = _moved(gone, [charged for charged in after.findings if charged.new])
    after = replace(
        after,
        findings=tuple(
            replace(charged, new=False) if charged.fingerprint in moved else charged for charged in after.findings
        ),
    )
    lost = _lost(before, after)
    left = [charged for charged in gone if charged.fingerprint not in moved]
    unseen = tuple(charged for charged in left if _is_of(charged, lost))
    shifts = _shifts(before, after)
    aside = {entry.charged.fingerprint for entry in before.ignored}
    return Comparison(
        before=before,
        after=after,
        fresh=tuple(charged for charged in after.findings if charged.new),
        mended=tuple(charged for charged in left if charged not in unseen),
        worse=tuple(shift for shift in shifts if shift.points > 0),
        better=tuple(shift for shift in shifts if shift.points < 0),
        accepted=tuple(entry for entry in after.ignored if entry.charged.fingerprint not in aside),
        unseen=unseen,
        unjudged=tuple(entry for entry in lost if entry.reason not in _NO_NEWS and entry.what != "dependency"),
        moved=len(moved) // 2,
    )


def _moved(gone: Iterable[Charged], fresh: Iterable[Charged]) -> frozenset[str]:
    """Return the fingerprints, old and new, of findings that stand in another file and are else the same."""
    waiting: dict[tuple[str, str], list[Charged]] = defaultdict(list)
    for charged in gone:
        waiting[charged.finding.rule, charged.finding.identity].append(charged)
    found: set[str] = set()
    for charged in fresh:
        same = waiting[charged.finding.rule, charged.finding.identity]
        if same:
            found |= {charged.fingerprint, same.pop(0).fingerprint}
    return frozenset(found)


def _lost(before: Report, after: Report) -> tuple[Skipped, ...]:
    """Return what was judged and is not any more. What a sentence about it says does not tell one from another."""
    known = {_named(entry) for entry in not_judged(before)}
    return tuple(entry for entry in not_judged(after) if _named(entry) not in known)


def _named(entry: Skipped) -> Skipped:
    return entry if entry.what == "dependency" else replace(entry, detail="")


def _is_of(charged: Charged, lost: Sequence[Skipped]) -> bool:
    finding = charged.finding
    return any(
        (entry.what == "file" and entry.path == finding.path)
        or (entry.what == "rule" and entry.source == finding.rule)
        or (entry.subject is not None and entry.subject == finding.key)
        or (entry.what == "dependency" and (entry.path, entry.detail) == (finding.path, finding.subject.name))
        for entry in lost
    )


def _shifts(before: Report, after: Report) -> tuple[Shift, ...]:
    """Return what counts otherwise, the largest change first."""
    old = {charged.fingerprint: charged for charged in before.findings}
    found = [
        Shift(before=old[charged.fingerprint], after=charged)
        for charged in after.findings
        if charged.fingerprint in old and old[charged.fingerprint].points != charged.points
    ]
    return tuple(sorted(found, key=lambda shift: -abs(shift.points)))
