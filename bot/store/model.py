"""What is kept of a scan, and what keeps it. Frozen; nothing here reads or writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from analyzers.model.facts import Facts
from analyzers.model.finding import Group, Severity
from bot.ruleset import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEntry:
    """What one group took from the score."""

    group: Group
    score_lost: float
    findings: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The scorecard of one scan: what `bot.scorecard.Scorecard` says, without the findings themselves.

    `id` (16 hexadecimal digits) follows from the commit, `as_of`, `ruleset` and the two digests: the same scan is the
    same entry. `commit` and `branch` are empty where there was none. `facts` and `config` are SHA-256 digests, in
    hexadecimal, of the Facts as JSON and of the configuration. `findings` counts them by severity, worst first.
    """

    id: str
    commit: str
    branch: str
    as_of: date
    ruleset: str
    version: str
    score: float
    low: float
    high: float
    grade: Grade
    points: int
    unknown: int
    size: float
    effort_minutes: int
    libyears: float
    groups: tuple[GroupEntry, ...]
    findings: Mapping[Severity, int]
    facts: str
    config: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Which entries are kept, in days before today: all of `all_days`, then one a week of `weekly_days`, then one a
    month. Facts are kept of the newest entry and of each quarter's first one of `facts_days`.
    """

    all_days: int = 90
    weekly_days: int = 365
    facts_days: int = 365


class Store(Protocol):
    """The entries of one repository. Methods raise `HistoryError` (bot/store/errors.py), and HostError on GitHub."""

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries, oldest first; none where nothing was stored yet."""

    def facts(self, entry: Entry) -> Facts | None:
        """Return the Facts of an entry; None where they are not kept any more."""

    def append(self, entry: Entry, facts: Facts, files: Mapping[str, bytes] | None = None) -> bool:
        """Store an entry with its Facts; return False where it is there already and nothing was written.

        ``files`` (path → content) are published beside the entries where the store is a place that people look at:
        written where they differ, in the same step. Other stores pass over them.
        """

    def prune(self, keep: Keep, today: date) -> int:
        """Remove what need not be kept, where that is worth it; return how many entries and Facts went."""
