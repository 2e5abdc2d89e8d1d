"""A version in use that its publisher has withdrawn."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.dependencies._candidates import nearest, policy
from analyzers.checks.dependencies._rows import Row, finding, is_dated, not_dated, rows, worst
from analyzers.checks.dependencies._runtimes import Support
from analyzers.model.facts import Release
from analyzers.model.finding import Evidence, Finding, Fix, Rule, Severity
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="yanked-release",
    group="dependencies",
    title="A release in use was yanked",
    what=(
        "Reports a pinned or locked version that its publisher has yanked: taken back without deleting it, so that "
        "only those who ask for exactly this version still get it. The publisher's reason is shown."
    ),
    why=(
        "A release is yanked because it is broken, was built wrongly, or has a hole. Everybody else has stopped "
        "getting it; a pin or a lockfile keeps on installing it, without a warning that anybody reads."
    ),
    remediation="Move to the release that replaced it, most often the next patch, and refresh the lockfile.",
    minutes=20,
    severity=Severity.MEDIUM,
    example="cryptography==45.0.0  # yanked: regression in key loading",
    better="cryptography==45.0.2",
    sources=("pypi",),
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each yanked version in use; on a past date only a note, for yanks carry no date."""
    judged = rows(evidence)
    if not is_dated(evidence):
        yield from not_dated(RULE, judged, "a release has been yanked")
        return
    support = Support(evidence.inventory)
    yield from worst(
        _report(evidence, support, row, row.release) for row in judged if row.release and row.release.yanked is not None
    )


def _report(evidence: Evidence, support: Support, row: Row, release: Release) -> Finding:
    wanted = policy(evidence, row, support.lowest(row))
    chosen = nearest(wanted, row.catalogue, release.version) if row.catalogue else None
    reason = f": {_shown(release.yanked)}" if release.yanked else ", without a reason"
    to = row.rewritten(chosen.version) if chosen else None
    remedy = f"Move to {chosen.version}." if chosen else "No newer release fits this project: move to an older one."
    return finding(
        RULE,
        row,
        title=f"{row.dependency.name} {release.version} was yanked",
        message=f"{row.dependency.name} {release.version} was yanked by its publisher{reason}. {remedy}",
        latest=chosen.version if chosen else None,
        fix=Fix(available=to is not None, to=to),
        details={"reason": release.yanked or None},
    )


def _shown(reason: str | None) -> str:
    return " ".join((reason or "").split())[:300].rstrip(".")
