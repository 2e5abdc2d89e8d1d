"""Helm charts, as the rules of this folder judge them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from analyzers.checks.infrastructure._rows import Kind, releases_of
from analyzers.ecosystems.kubernetes.questions import chart
from analyzers.model.facts import Answer, ImageTags, Known, Release
from analyzers.model.finding import Evidence
from analyzers.versions.helm import SCHEME


def _listed(answer: Answer) -> Iterable[Release]:
    if isinstance(answer, Known) and isinstance(answer.value, ImageTags):
        # A tag cannot hold the plus sign of a version, so that Helm writes an underscore. ``1.2`` is no release.
        versions = (tag.replace("_", "+") for tag in answer.value.tags)
        return [Release(version) for version in versions if SCHEME.pinned(version)]
    return releases_of(answer)


def _unfit(evidence: Evidence, release: Release) -> str:
    cluster, needs = evidence.config.kubernetes.version, release.runtime
    if cluster and needs and SCHEME.is_constraint(needs) and not SCHEME.satisfies(cluster, needs):
        return f"it needs Kubernetes {needs[:100]}, and [kubernetes] version is {cluster}"
    return ""


CHARTS: Final = Kind(
    noun="chart",
    registry="repository",
    refresh="Run helm dependency update and commit the lock.",
    scheme=SCHEME,
    question=chart,
    subject=str,
    identity=lambda entry: f"{entry.index}|{entry.name}|{entry.kind}",
    listed=_listed,
    unfit=_unfit,
)
