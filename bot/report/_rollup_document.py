"""The shape of the JSON roll-up, as types from which the published schema is printed.

As with the report, additions are allowed and renames are not.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal

from msgspec import Meta

from bot.report._document import Tool
from bot.report._parts import Count, Minutes, Part, Score
from bot.rollup import UnscannedState
from bot.rollup_member import Kind
from bot.ruleset import Grade

SCHEMA_VERSION: Final = "1"
Together = Annotated[int, Meta(ge=0, description="of all repositories together")]
Names = Annotated[tuple[str, ...], Meta(description="the repositories' names, sorted")]


class SincePart(Part, frozen=True, kw_only=True):
    """How it stood on an earlier day: four weeks ago or longer, else on the first day that is known."""

    day: date
    score: Score
    grade: Grade


class UpgradesPart(Part, frozen=True, kw_only=True):
    """How many upgrades have a pull request, get one later, are not wanted, or could not be made."""

    open: Count
    waiting: Count
    ignored: Count
    stuck: Count


class RepositoryPart(Part, frozen=True, kw_only=True):
    """One repository that was scanned."""

    name: str
    url: str
    commit: str
    unjudged: Annotated[str, Meta(description="why there is no grade: score and grade mean nothing then; else empty")]
    score: Score
    low: Score
    grade: Grade
    points: Count
    effort_minutes: Minutes
    libyears: float
    findings: Count
    unknown: Annotated[int, Meta(ge=0, description="subjects that could not be judged")]
    since: Annotated[SincePart | None, Meta(description="null where no earlier scan under this ruleset is known")]
    upgrades: UpgradesPart
    failed: Annotated[tuple[str, ...], Meta(description="what could not be done there")]


class LeftOutPart(Part, frozen=True, kw_only=True):
    """A repository without a scorecard."""

    name: str
    state: UnscannedState
    why: str


class GradePart(Part, frozen=True, kw_only=True):
    """How many repositories have a grade."""

    grade: Grade
    repositories: Count


class MovedPart(Part, frozen=True, kw_only=True):
    """A repository whose score is another than a while ago."""

    name: str
    since: date
    score_before: Score
    score_after: Score
    grade_before: Grade
    grade_after: Grade


class SharedPart(Part, frozen=True, kw_only=True):
    """The same thing in several repositories."""

    ecosystem: Annotated[str, Meta(description="the purl type")]
    name: str
    kinds: Annotated[tuple[Kind, ...], Meta(description="what is wrong, the worst first")]
    versions: Annotated[tuple[str, ...], Meta(description="in use, at most 20")]
    target: Annotated[str | None, Meta(description="the version that most are offered; null where none mends it")]
    repositories: Names
    points: Together
    effort_minutes: Together


class EndPart(Part, frozen=True, kw_only=True):
    """A last day of support, and the repositories that use what ends."""

    day: date
    title: str
    repositories: Names


class RollUpDocument(Part, frozen=True, kw_only=True):
    """The roll-up of one run over many repositories. ``more_`` counts what is not listed."""

    schema_version: Literal["1"]
    tool: Tool
    scanned_at: datetime
    as_of: date
    owner: Annotated[str, Meta(description="the organisation or user; empty where the repositories were named")]
    repositories: Annotated[tuple[RepositoryPart, ...], Meta(description="the worst first")]
    left_out: tuple[LeftOutPart, ...]
    grades: tuple[GradePart, ...]
    median: Annotated[Score | None, Meta(description="of the scores; null where none could be judged")]
    points: Together
    effort_minutes: Together
    libyears: float
    findings: Together
    upgrades: UpgradesPart
    improved: tuple[MovedPart, ...]
    fallen: tuple[MovedPart, ...]
    shared: Annotated[tuple[SharedPart, ...], Meta(description="those with the most points first")]
    more_shared: Count
    ends: tuple[EndPart, ...]
    more_ends: Count
