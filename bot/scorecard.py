"""The one value that every report renders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias

from analyzers.model.finding import Finding, Group
from analyzers.model.inventory import Inventory, Repository
from analyzers.model.skipped import Skipped
from bot import ruleset
from bot.store.model import Entry
from bot.tables import TableAge

if TYPE_CHECKING:
    from bot.change import Change

Grade: TypeAlias = ruleset.Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """A finding with its price. `score_lost` is its share of the group's loss; `new` is None without a baseline.

    `points` count after the limit of its subject.
    """

    finding: Finding
    points: int
    score_lost: float
    fingerprint: str
    owners: tuple[str, ...] = ()
    new: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A finding that people set aside: not in the score, shown beside the grade."""

    charged: Charged
    reason: str
    until: date
    false_positive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupShare:
    """What one group takes from the score. The groups' `score_lost` sum to ``100 - score``."""

    group: Group
    score_lost: float
    findings: int
    points: int
    effort_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PathShare:
    """The same for one folder of a monorepo (a project root, or ``.``)."""

    path: str
    owners: tuple[str, ...]
    score: float
    grade: Grade
    findings: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotspot:
    """A complicated function that people keep changing. `trend` holds its commits a month, oldest first.

    `revisions`, `authors`, `fixes` and `trend` are those of the function where it could be `followed`, else those of
    its file. `complexities` holds its complexity at the end of each month, oldest first, None where that is not
    known; empty where nobody asked. `effort_minutes` is the usual work of simplifying it.
    """

    path: str
    function: str
    line: int
    complexity: int
    revisions: int
    authors: int
    lines: int
    points: int
    reasons: tuple[str, ...]
    trend: tuple[int, ...]
    complexities: tuple[int | None, ...] = ()
    end_line: int = 0
    language: str = ""
    nesting: int = 0
    parameters: int = 0
    fixes: int = 0
    effort_minutes: int = 0
    followed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSize:
    """One file of code with its figures: the hotspot map and its folders are made of these.

    `revisions`, `fixes` and `authors` are those of the window, `months` its commits a month, oldest first;
    `complexity` is the sum over its functions, `most_complex` that of the largest, `most_complex_function`. Who changed
    it since it exists is None where no history tells: `main_author` has the part `main_share` (0–1) of its commits,
    `authors_gone` of its `authors_ever` left the repository; of the others, `present_author` has most of them
    (`present_share`). `added` and `deleted` are lines of the window, None where nobody asked or git cannot tell.
    """

    path: str
    lines: int
    revisions: int
    complexity: int
    points: int
    authors: int = 0
    fixes: int = 0
    months: tuple[int, ...] = ()
    most_complex: int = 0
    most_complex_function: str | None = None
    main_author: str | None = None
    main_share: float | None = None
    authors_ever: int | None = None
    authors_gone: int | None = None
    present_author: str | None = None
    present_share: float | None = None
    added: int | None = None
    deleted: int | None = None

    @property
    def defect_density(self) -> float | None:
        """Fixes in the window per 1,000 lines of code; None without lines."""
        return round(self.fixes * 1000 / self.lines, 2) if self.lines else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BestFix:
    """One step that wins much for little. `fingerprints` are the findings it mends.

    `score_after` and `grade_after` hold when this fix and all better ones are done.
    """

    title: str
    fingerprints: tuple[str, ...]
    points: int
    minutes: int
    score_won: float
    score_after: float
    grade_after: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """The score with its bounds and its parts. Minutes are work; libyears are years behind, summed.

    `size` is the s of docs/score.md. `accepted_minutes` are the points that people set aside, false positives not
    among them. `unknown` counts the subjects that could not be judged: `low` charges each in full.
    """

    score: float
    low: float
    high: float
    grade: Grade
    points: int
    effort_minutes: int
    libyears: float
    size: float
    groups: tuple[GroupShare, ...]
    accepted_minutes: int
    accepted_until: date | None
    best: tuple[BestFix, ...]
    paths: tuple[PathShare, ...] = ()
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a renderer may show. Lists are in the order in which they are shown.

    `change` is what moved the score since an earlier scan; None where none is known.
    `history` holds the scorecards of earlier scans, oldest first, where they are at hand.
    """

    version: str
    ruleset: str
    scanned_at: datetime
    as_of: date
    offline: bool
    repository: Repository
    inventory: Inventory
    findings: tuple[Charged, ...]
    ignored: tuple[Accepted, ...]
    hotspots: tuple[Hotspot, ...]
    files: tuple[FileSize, ...]
    scorecard: Scorecard
    skipped: tuple[Skipped, ...]
    tables: tuple[TableAge, ...] = ()
    history: tuple[Entry, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    change: Change | None = None
