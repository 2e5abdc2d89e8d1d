"""The one value that every report of ``debtscan hotspots`` renders. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from analyzers.model import exposure
from analyzers.model.history import Coupling, FolderKnowledge
from analyzers.model.inventory import History, Repository
from analyzers.model.skipped import Skipped
from analyzers.model.target import Target
from bot.scorecard import FileSize, Hotspot, Report

Row = TypeVar("Row")

TOP = 20
"""How many rows each list of a report has where nobody says otherwise."""

FEWEST_REVISIONS = 3
"""Commits of the window that must have changed a file for it to be listed, unless it has points."""

_PART = 4

_LINES_A_PATH = 4
"""Lines of code a point of complexity, where that is not measured: the Python of large projects has 3.5 to 4.5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Which commits the figures rest on: those of `since` to `until` (both included) that no filter left out.

    `left_out` holds how many commits each filter removed, sorted by filter. With `complete` False the clone ends
    before the window does, and every figure is a lower bound.
    """

    since: date
    until: date
    commits: int
    left_out: tuple[tuple[str, int], ...]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotReport:
    """Where complicated code is changed again and again, and what stands beside it. Lists are whole, the worst first.

    `files` are all files of code that changed often enough in the window, `map` every file of code by its path.
    `top` is how many rows of each list are shown; 0 shows all. `more_couplings` are those beside the
    strongest, which alone are kept. `accepted` counts the hotspots that people set aside.
    `history` is None where git knows nothing, and then nothing is a hotspot.
    """

    version: str
    ruleset: str
    scanned_at: datetime
    as_of: date
    repository: Repository
    top: int
    functions: tuple[Hotspot, ...]
    files: tuple[FileSize, ...]
    map: tuple[FileSize, ...]
    couplings: tuple[Coupling, ...] = ()
    more_couplings: int = 0
    folders: tuple[FolderKnowledge, ...] = ()
    history: Counted | None = None
    targets: tuple[Target, ...] = ()
    accepted: int = 0
    skipped: tuple[Skipped, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)

    def rows(self, found: tuple[Row, ...]) -> tuple[Row, ...]:
        """Return those of a list that are shown."""
        return found[: self.top or None]

    @property
    def elsewhere(self) -> tuple[FileSize, ...]:
        """The files in which no function was measured: all that is known of them is known of the whole."""
        return tuple(size for size in self.files if not size.complexity)

    @property
    def is_mostly_unmeasured(self) -> bool:
        """Whether more than half of the code that changed is in files in which no function was measured."""
        return 2 * sum(size.lines for size in self.elsewhere) > sum(size.lines for size in self.files)

    @property
    def has_lines(self) -> bool:
        """Whether added and deleted lines were counted."""
        return any(size.added is not None for size in self.files)

    def target_of(self, spot: Hotspot) -> Target | None:
        """Return how to take a function apart; None where that was not asked for."""
        place = (spot.path, spot.function, spot.line)
        return next((one for one in self.targets if (one.path, one.name, one.line) == place), None)


def hotspot_report(report: Report, *, top: int = TOP, targets: Sequence[Target] = ()) -> HotspotReport:
    """Return what a scan of code and history found."""
    history = report.inventory.history
    return HotspotReport(
        version=report.version,
        ruleset=report.ruleset,
        scanned_at=report.scanned_at,
        as_of=report.as_of,
        repository=report.repository,
        top=top,
        functions=report.hotspots,
        files=ranked(report.files),
        map=report.files,
        couplings=history.couplings if history else (),
        more_couplings=history.more_couplings if history else 0,
        folders=history.folders if history else (),
        history=counted(history) if history else None,
        targets=tuple(targets),
        accepted=sum(entry.charged.finding.group == "hotspots" for entry in report.ignored),
        skipped=report.skipped,
        timings=report.timings,
    )


def part(rows: int) -> int:
    """Return how many rows a list beside the functions has where theirs has so many; 0 is all."""
    return -(-rows // _PART)


def fewest_first(folders: Sequence[FolderKnowledge]) -> tuple[FolderKnowledge, ...]:
    """Return folders as people look at them: the whole, then where the fewest people know most files."""
    return tuple(sorted(folders, key=lambda one: (one.path != "", one.bus_factor, -one.files, one.path)))


def counted(history: History) -> Counted:
    """Return which commits a history rests on."""
    return Counted(
        since=history.since,
        until=history.until,
        commits=history.commits,
        left_out=history.left_out,
        complete=history.complete,
    )


def ranked(files: Sequence[FileSize]) -> tuple[FileSize, ...]:
    """Return the files that changed often enough: by the points of their hotspots, then by `weight`, the most first."""
    changed = (size for size in files if size.revisions >= (1 if size.points else FEWEST_REVISIONS))
    return tuple(sorted(changed, key=lambda size: (-size.points, -weight(size), -size.revisions, size.path)))


def weight(size: FileSize) -> float:
    """Return complexity × exposure of a whole file: an absolute figure, that no other file of the repository moves.

    Where a language's functions are not measured, its lines of code stand for their complexity.
    """
    return (size.complexity or size.lines / _LINES_A_PATH) * exposure.revisions(size.revisions)
