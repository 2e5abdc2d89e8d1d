"""Hotspots and what stands beside them as parts of JSON documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from bot.report import _document as document
from bot.report import _hotspot_part as parts
from bot.report._encoded import same
from bot.report._parts import Count, Part, Timings

if TYPE_CHECKING:
    from analyzers.model.history import Coupling, FolderKnowledge
    from analyzers.model.target import Target
    from bot.hotspots import Counted, HotspotReport
    from bot.scorecard import FileSize, Hotspot


class HotspotDocument(Part, frozen=True, kw_only=True):
    """What ``debtscan hotspots`` says. ``top`` is how many rows of each list it was asked for; 0 is all."""

    schema_version: Literal["1"]
    tool: document.Tool
    scanned_at: datetime
    as_of: date
    repository: document.RepositoryPart
    top: Count
    accepted: Count
    history: parts.CountedPart | None
    hotspots: tuple[parts.HotspotPart, ...]
    hotspot_files: tuple[parts.FilePart, ...]
    couplings: tuple[parts.CouplingPart, ...]
    more_couplings: parts.MoreCouplings
    folders: tuple[parts.FolderPart, ...]
    targets: tuple[parts.TargetPart, ...]
    skipped: tuple[document.SkippedPart, ...]
    timings: Timings


def functions(spots: Iterable[Hotspot]) -> tuple[parts.HotspotPart, ...]:
    """Return functions as parts."""
    return tuple(same(spot, parts.HotspotPart) for spot in spots)


def files(sizes: Iterable[FileSize]) -> tuple[parts.FilePart, ...]:
    """Return files as parts."""
    return tuple(same(size, parts.FilePart) for size in sizes)


def couplings(found: Iterable[Coupling]) -> tuple[parts.CouplingPart, ...]:
    """Return couplings as parts."""
    return tuple(same(coupling, parts.CouplingPart) for coupling in found)


def folders(known: Iterable[FolderKnowledge]) -> tuple[parts.FolderPart, ...]:
    """Return folders as parts."""
    return tuple(same(folder, parts.FolderPart) for folder in known)


def counted(history: Counted | None) -> parts.CountedPart | None:
    """Return which commits count as a part."""
    if history is None:
        return None
    return parts.CountedPart(
        since=history.since,
        until=history.until,
        commits=history.commits,
        left_out=dict(history.left_out),
        complete=history.complete,
    )


def targets(report: HotspotReport) -> Iterator[parts.TargetPart]:
    """Yield what to split, each with the work that the score charges for it."""
    spots = {(spot.path, spot.function, spot.line): spot for spot in report.functions}
    for target in report.targets:
        yield _target(target, spots[target.path, target.name, target.line])


def _target(target: Target, spot: Hotspot) -> parts.TargetPart:
    return parts.TargetPart(
        path=target.path,
        function=target.name,
        line=target.line,
        end_line=target.end_line,
        complexity=target.complexity,
        effort_minutes=spot.effort_minutes,
        points=spot.points,
        branches=tuple(same(branch, parts.BranchPart) for branch in target.branches),
        reason=target.reason,
        tests=target.tests,
        tests_seen=target.tests_seen,
        tests_complete=target.tests_complete,
    )
