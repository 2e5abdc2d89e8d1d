"""The known vulnerabilities of a CycloneDX bill: one entry a flaw, with all components that it touches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from analyzers.model.advisory import Flaw
from analyzers.model.finding import Finding
from bot.markup import visible
from bot.scorecard import Report

if TYPE_CHECKING:
    from cyclonedx.model.component import Component
    from cyclonedx.model.vulnerability import Vulnerability, VulnerabilityRating, VulnerabilitySource

_OSV: Final = "OSV"
_PAGES: Final = "https://osv.dev/vulnerability"


def vulnerabilities(report: Report, components: Iterable[Component]) -> list[Vulnerability]:
    """Return the flaws of all findings, sorted by id."""
    references = _references(components)
    touched: dict[str, dict[str, Finding]] = defaultdict(dict)
    flaws: dict[str, Flaw] = {}
    for charged in report.findings:
        finding = charged.finding
        reference = references.get((visible(finding.path), finding.line, visible(finding.subject.name)))
        for flaw in finding.flaws if reference else ():
            flaws.setdefault(flaw.id, flaw)
            touched[flaw.id].setdefault(reference or "", finding)
    return [_vulnerability(flaws[name], touched[name]) for name in sorted(flaws)]


def _references(components: Iterable[Component]) -> Mapping[tuple[str, int, str], str]:
    """Return path, line and name → the reference of the component that stands there."""
    found = {}
    for component in components:
        for occurrence in component.evidence.occurrences if component.evidence else ():
            found[occurrence.location, occurrence.line or 0, component.name] = str(component.bom_ref.value)
    return found


def _vulnerability(flaw: Flaw, touched: Mapping[str, Finding]) -> Vulnerability:
    from cyclonedx.model.impact_analysis import ImpactAnalysisAffectedStatus
    from cyclonedx.model.vulnerability import BomTarget, BomTargetVersionRange, Vulnerability, VulnerabilityReference

    targets = []
    for reference, finding in sorted(touched.items()):
        current = visible(finding.subject.current or "")
        version = BomTargetVersionRange(version=current, status=ImpactAnalysisAffectedStatus.AFFECTED)
        targets.append(BomTarget(ref=reference, versions=[version] if current else []))
    fixed = sorted({finding.subject.latest for finding in touched.values() if finding.subject.latest})
    return Vulnerability(
        bom_ref=f"vulnerability {visible(flaw.id)}",
        id=visible(flaw.id),
        source=_source(flaw.id),
        references=[VulnerabilityReference(id=visible(name), source=_source(name)) for name in flaw.aliases],
        ratings=[_rating(flaw)],
        description=visible(flaw.summary) or None,
        recommendation=f"Move to {', '.join(map(visible, fixed))}." if fixed else None,
        published=datetime.combine(flaw.published, time(tzinfo=UTC)) if flaw.published else None,
        affects=targets,
    )


def _source(name: str) -> VulnerabilitySource:
    from cyclonedx.model import XsUri
    from cyclonedx.model.vulnerability import VulnerabilitySource

    return VulnerabilitySource(name=_OSV, url=XsUri(f"{_PAGES}/{quote(visible(name), safe='')}"))


def _rating(flaw: Flaw) -> VulnerabilityRating:
    from cyclonedx.model.vulnerability import VulnerabilityRating, VulnerabilityScoreSource, VulnerabilitySeverity

    level = "critical" if flaw.malicious else flaw.level or "unknown"
    vector = visible(flaw.vector) if flaw.vector else None
    return VulnerabilityRating(
        source=_source(flaw.id),
        score=Decimal(str(flaw.score)) if flaw.score is not None else None,
        severity=VulnerabilitySeverity(level),
        method=VulnerabilityScoreSource.get_from_vector(vector) if vector else None,
        vector=vector,
    )
