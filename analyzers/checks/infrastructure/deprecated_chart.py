"""A Helm chart that its publisher has declared deprecated."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.infrastructure._charts import CHARTS
from analyzers.checks.infrastructure._rows import Row, finding, rows
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="deprecated-chart",
    group="infrastructure",
    title="A Helm chart is deprecated",
    what="Finds charts whose newest release is marked deprecated in the index of their repository.",
    why=(
        "Nobody works on such a chart: the images in it stay as old as they are, and sooner or later Kubernetes "
        "refuses what it renders."
    ),
    remediation="Move to the chart that the publisher names, usually in the readme of the last release.",
    minutes=240,
    severity=Severity.HIGH,
    example="- name: mysql\n  version: 1.6.9\n  repository: https://charts.helm.sh/stable",
    better="- name: mysql\n  version: 9.14.4\n  repository: https://charts.bitnami.com/bitnami",
    sources=("helm",),
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each deprecated chart; what cannot be looked up is left to outdated-chart to say."""
    charts = list(rows(evidence, CHARTS))
    if evidence.as_of < evidence.facts.looked_up:
        if any(_last_is_deprecated(one) for one in charts):
            detail = "repositories do not say since when a chart is deprecated, so nothing is judged for a past date"
            yield Skipped(what="rule", source=RULE.id, reason="not-dated", detail=detail)
        return
    for one in charts:
        if _last_is_deprecated(one):
            yield _finding(one)


def _last_is_deprecated(row: Row) -> bool:
    return bool(row.stable) and row.stable[-1].deprecated is not None


def _finding(row: Row) -> Finding:
    entry = row.dependency
    return finding(
        RULE,
        row,
        title=f"The chart {entry.name} is deprecated",
        message=(
            f"The newest release of the chart {entry.name} is marked deprecated by its repository ({entry.index}): "
            "nobody maintains it there. Move to the chart that its readme names."
        ),
    )
