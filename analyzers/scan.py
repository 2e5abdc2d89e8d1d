"""read, look up, check: one commit of a repository in, everything known about its debt out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from analyzers.config import Config
from analyzers.model.facts import Facts
from analyzers.model.finding import Finding
from analyzers.model.inventory import Inventory
from analyzers.model.skipped import Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A finding that people accept until a date (that day included), or deny (`false_positive`)."""

    finding: Finding
    reason: str
    until: date
    false_positive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanResult:
    """Everything one scan found. `skipped` holds what reading, asking and judging left out, in one stable order.

    `findings` are those that count, `ignored` those that people set aside. `timings` are seconds a stage.
    """

    inventory: Inventory
    facts: Facts
    findings: tuple[Finding, ...]
    ignored: tuple[Ignored, ...]
    skipped: tuple[Skipped, ...]
    config: Config
    as_of: date
    offline: bool = False
    timings: Mapping[str, float] = field(default_factory=dict)
