"""What the interface answers with. Additions are allowed, renames are not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from bot.posts.model import UpgradeState
from bot.report._document import FindingPart
from bot.report._parts import Count, Line, Minutes, Part, Path, Points, Score
from bot.report._scorecard_part import HistoryPart
from bot.ruleset import Grade
from bot.service.model import Phase
from bot.service.reading.repositories import State

Next = Annotated[str | None, Meta(description="the `cursor` of the next page; null where this is the last one")]
Grades = Annotated[dict[Grade, int], Meta(description="repositories by grade")]
States = Annotated[dict[State, int], Meta(description="repositories by how far they are")]


class OrganizationPart(Part, frozen=True, kw_only=True):
    """An account with the figures of those of its repositories that the asker may see."""

    account: str
    url: str
    repositories: Count
    judged: Annotated[int, Meta(ge=0, description="those that have a score, and count in all figures of it")]
    median: Score | None
    grade: Annotated[Grade | None, Meta(description="of the median")]
    grades: Grades
    findings: Count
    effort_minutes: Minutes
    states: States


class OrganizationList(Part, frozen=True, kw_only=True):
    """A page of organisations, by name."""

    items: tuple[OrganizationPart, ...]
    total: Count
    next: Next


class WeekPart(Part, frozen=True, kw_only=True):
    """How the repositories that had been judged by the end of a week stood then."""

    until: date
    judged: Count
    median: Score | None
    grades: Grades
    findings: Count
    effort_minutes: Minutes


class OrganizationDetail(OrganizationPart, frozen=True, kw_only=True):
    """An organisation with its course."""

    configuration_error: Annotated[
        str,
        Meta(
            description="what is wrong with its configuration, for who sees the repository of it; empty where nothing"
        ),
    ]
    weeks: Annotated[tuple[WeekPart, ...], Meta(description="oldest first")]


class RepositoryRow(Part, frozen=True, kw_only=True):
    """One repository. Figures are null where there is no scorecard; after a failed scan they are of the one before."""

    id: Annotated[int, Meta(description="GitHub's, which outlives renames")]
    name: Annotated[str, Meta(description="OWNER/REPO")]
    url: str
    private: bool
    default_branch: str
    state: State
    phase: Phase
    skip_reason: Annotated[str, Meta(description="why it is left alone; empty where it is not")]
    score: Score | None
    low: Score | None
    high: Score | None
    grade: Grade | None
    findings: Count | None
    effort_minutes: Minutes | None
    commit: Annotated[str, Meta(description="the one that was scanned; empty before the first scan")]
    head: Annotated[str, Meta(description="the default branch's, as last heard of")]
    scanned_at: datetime | None
    judged_on: date | None
    error: Annotated[str, Meta(description="why the last scan failed; empty where it did not")]
    error_at: datetime | None


class RepositoryList(Part, frozen=True, kw_only=True):
    """A page of repositories, by id."""

    items: tuple[RepositoryRow, ...]
    total: Count
    next: Next


class FindingList(Part, frozen=True, kw_only=True):
    """A page of findings, those with the most points first."""

    as_of: date
    items: tuple[FindingPart, ...]
    total: Count
    next: Next


class HistoryList(Part, frozen=True, kw_only=True):
    """A page of a repository's past scorecards, the newest first."""

    items: tuple[HistoryPart, ...]
    total: Count
    next: Next
    damaged: Annotated[int, Meta(ge=0, description="entries that could not be read")]


class UpgradeRow(Part, frozen=True, kw_only=True):
    """One upgrade as it stood after the last round."""

    id: str
    title: str
    state: UpgradeState
    number: Annotated[int, Meta(ge=0, description="of its pull request; 0 without one")]
    url: str
    why: str
    by: str
    until: date | None
    points: Points
    security: bool
    draft: bool


class UpgradeList(Part, frozen=True, kw_only=True):
    """A page of a repository's upgrades."""

    items: tuple[UpgradeRow, ...]
    total: Count
    next: Next


class UseRow(Part, frozen=True, kw_only=True):
    """One place at which something is used."""

    ecosystem: str
    name: str
    version: Annotated[str, Meta(description="what is certain of it; empty where nothing is")]
    value: Annotated[str, Meta(description="what is written there")]
    kind: str
    repository: str
    path: Path
    line: Line
    direct: bool


class UseList(Part, frozen=True, kw_only=True):
    """A page of uses, by ecosystem, name, repository and place."""

    items: tuple[UseRow, ...]
    next: Next


class EndRow(Part, frozen=True, kw_only=True):
    """One repository that rests on something whose support ends, or ended."""

    subject: str
    ends_on: date
    days: Annotated[int, Meta(description="until then; negative where it is past")]
    repository: str
    path: Path


class EndList(Part, frozen=True, kw_only=True):
    """A page of ends, the earliest first."""

    items: tuple[EndRow, ...]
    total: Count
    next: Next


class ProblemPart(Part, frozen=True, kw_only=True):
    """What is wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    request_id: Annotated[str, Meta(description="to name it by to the operator")]
