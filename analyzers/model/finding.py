"""One violation of one rule at one place."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

from analyzers.model.skipped import Skipped

if TYPE_CHECKING:
    from analyzers.config import Config
    from analyzers.model.advisory import Flaw
    from analyzers.model.facts import Facts
    from analyzers.model.inventory import Inventory
    from analyzers.model.place import Place
    from analyzers.model.subject import SubjectKey

Group = Literal["dependencies", "hotspots", "docker", "actions", "infrastructure"]
GROUPS: tuple[Group, ...] = ("dependencies", "docker", "actions", "hotspots", "infrastructure")


class Severity(enum.StrEnum):
    """How bad. Never mixed with how sure."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Confidence(enum.StrEnum):
    """How sure. `LOW` and `MEDIUM` leave the score's upper bound."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the finding is about. `current` and `latest` are versions, tags or dates as people write them."""

    ecosystem: str
    name: str
    current: str | None = None
    latest: str | None = None
    purl: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """`to` is the text that would stand at the place; `safe` when no breaking change is expected."""

    available: bool = False
    to: str | None = None
    safe: bool = False


Scalar: TypeAlias = str | int | float | bool | None


def also_lines(first: int, lines: Iterable[int]) -> dict[str, Scalar]:
    """Return the details that name the other lines of a file with the same fact; none where there are none."""
    others = sorted(set(lines) - {first})
    return {"also_lines": ", ".join(map(str, others))} if others else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One violation. `minutes` of work times `exposure` make its points (rounded up, in bot/score).

    `title` is a short line without markup; `message` says what is wrong, since when, and what to do, in one or two
    sentences of plain text. `identity` is what stays when lines move: the fingerprint is made of rule, path and
    identity. `details` are the rule's own figures for reports (``{"end_of_life": "2025-04-30"}``).
    `related` are further places with the same fact, beside `path` and `line`. `flaws` are the known
    vulnerabilities of the version that the finding is about, the worst first.
    """

    rule: str
    group: Group
    severity: Severity
    confidence: Confidence
    title: str
    message: str
    path: str
    line: int
    end_line: int
    subject: Subject
    key: SubjectKey
    minutes: int
    exposure: float
    identity: str
    column: int = 1
    fix: Fix = Fix()
    flaws: tuple[Flaw, ...] = ()
    details: dict[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule's page and its price. One file in ``checks/`` states one as ``RULE``; its id is the file's name.

    `title`: what the finding says, in a few words. `what`: what it does. `why`: why that is bad.
    `remediation`: how to fix it. `minutes`: the usual effort (a finding may state more, see docs/score.md).
    `example` and `better` show the offending text and the mended one. `sources` are the names of what it asks.
    """

    id: str
    group: Group
    title: str
    what: str
    why: str
    remediation: str
    minutes: int
    severity: Severity
    example: str = ""
    better: str = ""
    sources: tuple[str, ...] = ()

    def finding(
        self,
        place: Place,
        *,
        title: str,
        message: str,
        subject: Subject,
        key: SubjectKey,
        identity: str,
        group: Group | None = None,
        severity: Severity | None = None,
        confidence: Confidence = Confidence.HIGH,
        minutes: int | None = None,
        exposure: float = 1.0,
        fix: Fix | None = None,
        details: dict[str, Scalar] | None = None,
    ) -> Finding:
        """Return a finding at the line of a place; group, severity and minutes are the rule's own if not given."""
        return Finding(
            rule=self.id,
            group=group or self.group,
            severity=severity or self.severity,
            confidence=confidence,
            title=title,
            message=message,
            path=place.path,
            line=place.line,
            end_line=place.line,
            column=place.column,
            subject=subject,
            key=key,
            minutes=self.minutes if minutes is None else minutes,
            exposure=exposure,
            identity=identity,
            fix=fix or Fix(),
            details=details or {},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a check may look at. Checks are pure functions of this."""

    inventory: Inventory
    facts: Facts
    config: Config
    as_of: date


Check: TypeAlias = Callable[[Evidence], Iterator[Finding | Skipped]]
