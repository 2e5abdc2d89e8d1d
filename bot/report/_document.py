"""The shape of the JSON report: docs/contract.md as types, from which the published schema is printed.

Additions are allowed, renames are not: `SCHEMA_VERSION` changes only when a key goes or changes its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Final, Literal

from msgspec import Meta

from analyzers.model.advisory import Level
from analyzers.model.finding import Confidence, Group, Scalar, Severity
from analyzers.model.skipped import Skipped
from bot.report._hotspot_part import CountedPart, CouplingPart, FilePart, FolderPart, HotspotPart, MoreCouplings
from bot.report._parts import Column, Line, Lost, Minutes, Part, Path, Points, Timings
from bot.report._scorecard_part import HistoryPart, ScorecardPart

SCHEMA_VERSION: Final = "1"


class Tool(Part, frozen=True, kw_only=True):
    """What wrote the report; scores compare only under one ruleset."""

    name: Literal["debtscan"]
    version: str
    ruleset: str


class RepositoryPart(Part, frozen=True, kw_only=True):
    """What was scanned. ``commit`` is null for a plain folder, ``branch`` when detached."""

    name: str
    commit: str | None
    branch: str | None
    dirty: bool


class DependencyPart(Part, frozen=True, kw_only=True):
    """One dependency where it is written; ``value`` is the text that an upgrade would change."""

    ecosystem: Annotated[str, Meta(description="the purl type")]
    name: str
    path: Path
    line: Line
    column: Column
    value: str | None
    version: str | None
    locked_version: str | None
    digest: str | None
    kind: str
    direct: bool
    dependency_group: str | None
    purl: str
    skip_reason: str | None


class SubjectPart(Part, frozen=True, kw_only=True):
    """What a finding is about."""

    ecosystem: str
    name: str
    current: str | None
    latest: str | None
    purl: str | None


class FixPart(Part, frozen=True, kw_only=True):
    """``to`` is the text that would stand there; ``safe`` when no breaking change is expected."""

    available: bool
    to: str | None
    safe: bool


class VulnerabilityPart(Part, frozen=True, kw_only=True):
    """One flaw of a version, by the name that people know best. ``score`` (0 to 10) comes from the CVSS ``vector``."""

    id: str
    aliases: tuple[str, ...]
    summary: str
    level: Level | None
    score: float | None
    vector: str | None
    published: date | None
    malicious: bool


class FindingPart(Part, frozen=True, kw_only=True):
    """One violation of one rule at one place. ``facts`` are the rule's own figures."""

    id: Annotated[str, Meta(description="the fingerprint, which names the finding within this report too")]
    rule: str
    group: Group
    severity: Severity
    confidence: Confidence
    title: str
    message: str
    path: Path
    line: Line
    column: Column
    end_line: Line
    subject: SubjectPart
    effort_minutes: Minutes
    points: Points
    score_lost: Lost
    fix: FixPart
    fingerprint: Annotated[str, Meta(description="survives line moves and renames of unrelated files")]
    owners: tuple[str, ...]
    new: Annotated[bool | None, Meta(description="whether the baseline lacks it; null without a baseline")]
    facts: dict[str, Scalar]
    vulnerabilities: Annotated[
        tuple[VulnerabilityPart, ...], Meta(description="the known flaws of the version, the worst first")
    ] = ()


class IgnoredPart(FindingPart, frozen=True, kw_only=True):
    """A finding that people set aside until a date, that day included."""

    reason: str
    until: date
    false_positive: bool


class KeyPart(Part, frozen=True, kw_only=True):
    """What the score has to treat as unknown."""

    ecosystem: str
    name: str


class SkippedPart(Part, frozen=True, kw_only=True):
    """One thing that was seen and could not be read, asked or judged, and why."""

    what: str
    path: Path
    source: str
    reason: str
    detail: str
    subject: KeyPart | None


class TablePart(Part, frozen=True, kw_only=True):
    """A bundled table and its age on the day of the scan."""

    name: str
    source: str
    dated: date
    days: int


class Head(Part, frozen=True, kw_only=True):
    """What every document begins with."""

    schema_version: Literal["1"]
    tool: Tool
    scanned_at: datetime
    as_of: date
    offline: bool
    repository: RepositoryPart
    inventory: tuple[DependencyPart, ...]


class InventoryDocument(Head, frozen=True, kw_only=True):
    """The report of ``debtscan inventory``: what was read, without judgement."""

    ignored: tuple[IgnoredPart, ...]
    skipped: tuple[SkippedPart, ...]
    tables: tuple[TablePart, ...]
    timings: Timings


class HistoryDocument(Part, frozen=True, kw_only=True):
    """What ``debtscan history`` prints: the same entries, by themselves."""

    schema_version: Literal["1"]
    tool: Tool
    repository: str
    history: tuple[HistoryPart, ...]


class Document(Head, frozen=True, kw_only=True):
    """The whole report of one scan."""

    findings: tuple[FindingPart, ...]
    ignored: tuple[IgnoredPart, ...]
    hotspots: tuple[HotspotPart, ...]
    hotspot_files: tuple[FilePart, ...]
    couplings: tuple[CouplingPart, ...]
    more_couplings: MoreCouplings
    folders: tuple[FolderPart, ...]
    history: CountedPart | None
    scorecard: ScorecardPart
    skipped: tuple[SkippedPart, ...]
    tables: tuple[TablePart, ...]
    timings: Timings


def skipped(entry: Skipped) -> SkippedPart:
    """Return what was left out as a part."""
    subject = KeyPart(ecosystem=entry.subject.ecosystem, name=entry.subject.name) if entry.subject else None
    return SkippedPart(
        what=entry.what,
        path=entry.path,
        source=entry.source,
        reason=entry.reason,
        detail=entry.detail,
        subject=subject,
    )


def timings(seconds: Mapping[str, float]) -> dict[str, float]:
    """Return seconds by stage as they are written."""
    return {stage: round(took, 4) for stage, took in seconds.items()}
