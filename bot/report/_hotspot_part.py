"""What JSON documents say of hotspots: functions, files, and what git's history tells beside them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from bot.report._parts import Count, Line, Minutes, Part, Path, Points

Share = Annotated[float, Meta(ge=0, le=1)]
MoreCouplings = Annotated[int, Meta(ge=0, description="pairs beside the strongest, which alone are kept")]
Months = Annotated[tuple[int, ...], Meta(description="commits of each month of the window, oldest first")]


class HotspotPart(Part, frozen=True, kw_only=True):
    """A complicated function that people keep changing.

    ``revisions``, ``authors``, ``fixes`` and ``trend`` are its own where it could be ``followed``, else its file's.
    """

    path: Path
    function: str
    line: Line
    end_line: Line
    language: str
    complexity: Count
    nesting: Count
    parameters: Count
    lines: Count
    revisions: Count
    authors: Count
    fixes: Count
    followed: bool
    points: Points
    effort_minutes: Minutes
    reasons: tuple[str, ...]
    trend: Months
    complexities: Annotated[
        tuple[int | None, ...], Meta(description="at the end of each month, oldest first; null where it is not known")
    ]


class FilePart(Part, frozen=True, kw_only=True):
    """A file of code that changed in the window. Who changed it since it exists is null where no history tells."""

    path: Path
    lines: Annotated[int, Meta(ge=0, description="of code")]
    complexity: Annotated[int, Meta(ge=0, description="of all its functions; 0 where none was measured")]
    most_complex: Annotated[int, Meta(ge=0, description="that of its most complex function")]
    revisions: Count
    authors: Count
    fixes: Count
    defect_density: Annotated[float | None, Meta(description="fixes in the window per 1,000 lines of code")]
    main_author: str | None
    main_share: Annotated[Share | None, Meta(description="the main author's part of all its commits")]
    authors_ever: Count | None
    authors_gone: Annotated[Count | None, Meta(description="those of whom the last year has no commit at all")]
    present_author: Annotated[str | None, Meta(description="who of the others has most of its commits")]
    present_share: Share | None
    added: Annotated[Count | None, Meta(description="lines of the window; null unless asked for with --lines")]
    deleted: Count | None
    points: Points
    months: Months


class CouplingPart(Part, frozen=True, kw_only=True):
    """Two files of different folders that commits of the window changed together."""

    one: Path
    other: Path
    together: Count
    one_revisions: Count
    other_revisions: Count


class FolderPart(Part, frozen=True, kw_only=True):
    """Who knows a folder; the empty path is the whole repository."""

    path: Path
    files: Count
    authors: Count
    gone: Count
    bus_factor: Annotated[
        int, Meta(ge=0, description="fewest authors without whom nobody is left who knows more than half of its files")
    ]


class CountedPart(Part, frozen=True, kw_only=True):
    """Which commits count: those of the window that no filter left out. Not ``complete``: the clone ends before."""

    since: date
    until: date
    commits: Count
    left_out: Annotated[dict[str, int], Meta(description="commits by the filter that left them out")]
    complete: bool


class BranchPart(Part, frozen=True, kw_only=True):
    """A part of a function that can become one of its own."""

    line: Line
    end_line: Line
    kind: str
    complexity: Count
    nesting: Count


class TargetPart(Part, frozen=True, kw_only=True):
    """A function to split. Where there are no ``branches``, ``reason`` says why; ``tests`` mention the function."""

    path: Path
    function: str
    line: Line
    end_line: Line
    complexity: Count
    effort_minutes: Minutes
    points: Points
    branches: tuple[BranchPart, ...]
    reason: str
    tests: tuple[str, ...]
    tests_seen: Count
    tests_complete: bool
