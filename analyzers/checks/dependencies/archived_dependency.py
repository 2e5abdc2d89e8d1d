"""A package that its owners have archived, or that its registry has put under quarantine."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.dependencies._rows import Row, finding, is_dated, not_dated, rows, worst
from analyzers.model.facts import Package
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="archived-dependency",
    group="dependencies",
    title="A dependency is archived or quarantined",
    what=(
        "Reports a package that its owners have marked as archived in the registry (no further release is to be "
        "expected), or that the registry has quarantined (suspected of being harmful, and not to be installed)."
    ),
    why=(
        "Nobody will mend an archived package: a hole found in it tomorrow stays, and sooner or later it fails on a "
        "new runtime. A quarantined package may be malware that is already on the machines that installed it."
    ),
    remediation=(
        "Archived: look for a maintained successor (the project's page often names one), or take over the few "
        "functions in use. Quarantined: stop installing it at once, and treat machines that did as exposed until "
        "the registry has decided."
    ),
    minutes=240,
    severity=Severity.MEDIUM,
    example="nose==1.3.7",
    better="pytest==9.0.1",
    sources=("pypi",),
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each archived or quarantined package; on a past date only a note."""
    judged = rows(evidence)
    if not is_dated(evidence):
        yield from not_dated(RULE, judged, "a package has been archived")
        return
    yield from worst(
        _report(row, row.package) for row in judged if row.package and row.package.status in ("archived", "quarantined")
    )


def _report(row: Row, package: Package) -> Finding:
    name = row.dependency.name
    reason = " ".join(package.status_reason.split())[:300].rstrip(".")
    said = f" Its owners say: {reason}." if reason else ""
    if package.status == "quarantined":
        return finding(
            RULE,
            row,
            title=f"{name} is quarantined",
            message=f"The registry has quarantined {name}: it may be harmful.{said} Stop installing it at once.",
            severity=Severity.CRITICAL,
            details={"status": package.status, "reason": reason or None},
        )
    return finding(
        RULE,
        row,
        title=f"{name} is archived",
        message=f"The owners of {name} have archived it: no further release is to be expected.{said} Replace it.",
        details={"status": package.status, "reason": reason or None},
    )
