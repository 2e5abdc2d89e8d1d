"""A Helm chart whose version in use is behind the newest release."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.infrastructure._charts import CHARTS
from analyzers.checks.infrastructure._lag import outdated
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="outdated-chart",
    group="infrastructure",
    title="A newer release of a Helm chart is out",
    what=(
        "Compares the chart's version in use (from Chart.lock, else the version that is pinned, else the newest that "
        "the range admits) with the newest stable release of its repository, which may be a registry of containers. "
        "A release that is too young for minimum-release-age-days, or does not run on the release of Kubernetes that "
        "[kubernetes] version names, is held back. A range without a lock is outdated only when it keeps the newest "
        "release out."
    ),
    why=(
        "A chart carries the versions of everything in it: behind on the chart means behind on every image, and on "
        "the API versions that the next release of Kubernetes still serves."
    ),
    remediation=(
        "Raise the version, run helm dependency update where there is a Chart.lock, and compare what both versions "
        "render: charts rename their values between major lines. Take one major line at a time."
    ),
    minutes=20,
    severity=Severity.LOW,
    example="- name: postgresql\n  version: 12.1.2\n  repository: https://charts.example.com",
    better="- name: postgresql\n  version: 16.4.0\n  repository: https://charts.example.com",
    sources=("helm", "oci-tags"),
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each chart that is behind, and a note for what could not be looked up or judged."""
    return outdated(RULE, CHARTS, evidence)
