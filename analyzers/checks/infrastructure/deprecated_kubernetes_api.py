"""The object is written in a version of the API that Kubernetes is going to remove."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.infrastructure import _apis
from analyzers.model.exposure import ANNOUNCED
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="deprecated-kubernetes-api",
    group="infrastructure",
    title="The version of the Kubernetes API is deprecated",
    what=(
        "Reports objects whose apiVersion is still served and will not be for long: in the release that [kubernetes] "
        "version names, else in the oldest release of Kubernetes that is supported on the day of judgement."
    ),
    why="The upgrade of the cluster to the release that removes it has to wait until every such object is rewritten.",
    remediation="Write the version that replaces it before the cluster is upgraded; both are served until then.",
    minutes=60,
    severity=Severity.LOW,
    example="apiVersion: resource.k8s.io/v1beta1",
    better="apiVersion: resource.k8s.io/v1",
    sources=("lifecycle",),
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each kind and file. What cannot be judged is left to removed-kubernetes-api to say."""
    for item in _apis.judged(evidence):
        if not isinstance(item, Skipped) and item[0].api.deprecated <= item[1].release < item[0].api.removed:
            yield _finding(*item)


def _finding(use: _apis.Use, aim: _apis.Target) -> Finding:
    api = use.api
    since, until = _apis.show(api.deprecated), _apis.show(api.removed)
    return _apis.finding(
        RULE,
        use,
        aim,
        title=f"{api.kind} of {api.version} goes with Kubernetes {until}",
        message=(
            f"{api.kind} in {api.version} is deprecated since Kubernetes {since} and gone with {until}; judged for "
            f"{aim.shown}, {aim.reason}."
        ),
        exposure=ANNOUNCED,
    )
