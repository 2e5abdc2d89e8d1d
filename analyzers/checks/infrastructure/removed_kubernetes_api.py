"""The object is written in a version of the API that Kubernetes no longer serves."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.infrastructure import _apis
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="removed-kubernetes-api",
    group="infrastructure",
    title="The version of the Kubernetes API is gone",
    what=(
        "Reports objects whose apiVersion is not served any more: by the release that [kubernetes] version names, "
        "else by the oldest release of Kubernetes that is supported on the day of judgement. The bundled table is made "
        "from the project's own guide for migrating."
    ),
    why=(
        "The cluster refuses such an object. One that was made long ago keeps running, so nobody notices before the "
        "next deployment, or the rebuild of a cluster after a failure."
    ),
    remediation=(
        "Write the version that replaces it. Where fields differ, `kubectl convert` does most of it; the guide names "
        "what remains."
    ),
    minutes=60,
    severity=Severity.HIGH,
    example="apiVersion: networking.k8s.io/v1beta1",
    better="apiVersion: networking.k8s.io/v1",
    sources=("lifecycle",),
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each kind and file, and a note for each file that cannot be judged."""
    for item in _apis.judged(evidence):
        if isinstance(item, Skipped):
            yield item
        elif item[0].api.removed <= item[1].release:
            yield _finding(*item)


def _finding(use: _apis.Use, aim: _apis.Target) -> Finding:
    api = use.api
    since = _apis.show(api.removed)
    return _apis.finding(
        RULE,
        use,
        aim,
        title=f"{api.kind} of {api.version} is gone since Kubernetes {since}",
        message=(
            f"{api.kind} in {api.version} is not served since Kubernetes {since}; judged for {aim.shown}, {aim.reason}."
        ),
        exposure=1.0,
    )
