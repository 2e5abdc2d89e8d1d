"""What is kept of a scan, and what keeps it. Frozen; nothing here reads or writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Protocol

from msgspec import Meta

from analyzers.config import History
from analyzers.model.facts import Facts
from analyzers.model.finding import Group, Severity
from bot.ruleset import Grade

# What is read back may have been written by anybody who can write to the branch.
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}\\Z")]
Points = Annotated[float, Meta(ge=0, le=100)]
Count = Annotated[int, Meta(ge=0, le=10**12)]
Size = Annotated[float, Meta(ge=1, le=10**6)]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEntry:
    """What one group took from the score."""

    group: Group
    score_lost: Points
    findings: Count
    points: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The scorecard of one scan: what `bot.scorecard.Scorecard` says, without the findings themselves.

    `id` (16 hexadecimal digits) follows from the commit, `as_of`, `ruleset` and the two digests: the same scan is the
    same entry. `commit` and `branch` are empty where there was none. `facts` and `config` are SHA-256 digests, in
    hexadecimal, of the Facts as JSON and of the configuration. `findings` counts them by severity, worst first.
    """

    id: Annotated[str, Meta(pattern="^[0-9a-f]{16}\\Z")]
    commit: Annotated[str, Meta(pattern="^([0-9a-f]{40,64})?\\Z")]
    branch: str
    as_of: date
    ruleset: str
    version: str
    score: Points
    low: Points
    high: Points
    grade: Grade
    points: Count
    unknown: Count
    size: Size
    effort_minutes: Count
    libyears: float
    groups: tuple[GroupEntry, ...]
    findings: Mapping[Severity, Count]
    facts: Digest
    config: Digest


class Past(Protocol):
    """What is kept of one repository. Methods raise `HistoryError` (bot/store/errors.py), and HostError on GitHub."""

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries, oldest first; none where nothing was stored yet."""

    def facts(self, entry: Entry) -> Facts | None:
        """Return the Facts of an entry; None where they are not kept any more."""


class Store(Past, Protocol):
    """A past that is added to."""

    def append(self, entry: Entry, facts: Facts, files: Mapping[str, bytes] | None = None) -> bool:
        """Store an entry with its Facts; return False where all is there already and nothing was written.

        ``files`` (path → content) are published beside the entries where the store is a place that people look at:
        written where they differ, in the same step. Other stores pass over them.
        """

    def prune(self, keep: History, today: date) -> int:
        """Remove what need not be kept, where that is worth it; return how many entries and Facts went."""
