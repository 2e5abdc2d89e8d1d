"""Kubernetes: what manifests, kustomizations and Helm charts deploy."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.ecosystems.kubernetes import helm, helmfile, kustomize, manifests
from analyzers.ecosystems.kubernetes._charts import chart_question
from analyzers.ecosystems.kubernetes._documents import may_hold_objects, names_an_object
from analyzers.ecosystems.kubernetes.helm import file_name
from analyzers.ecosystems.kubernetes.manifests import API, NAME
from analyzers.ecosystems.kubernetes.pairing import pair
from analyzers.lifecycles import kubernetes
from analyzers.model.ecosystem import Ecosystem, Format
from analyzers.model.facts import Facts, Question
from analyzers.model.inventory import Dependency, Inventory


def chart(dependency: Dependency) -> Question | None:
    """Return what to ask about a Helm chart; None for what is none, or cannot be asked about."""
    return chart_question(dependency)


def questions(inventory: Inventory, facts: Facts) -> Iterator[Question]:  # noqa: ARG001 - the stated signature
    """Ask for every chart, and for Kubernetes' releases where an object is written in a version that goes away."""
    yield from filter(None, map(chart, inventory.dependencies))
    seen = (entry for entry in inventory.observations if entry.kind == API)
    if any(kubernetes.api(entry.text, entry.name) for entry in seen):
        yield Question("lifecycle", "kubernetes")


ECOSYSTEM = Ecosystem(
    name=NAME,
    title="Kubernetes",
    formats=(
        Format(
            name=NAME,
            title="manifests: images of every workload, API versions of every object; what Argo CD and Flux deploy",
            examples=("deploy/app.yaml", "k8s/web.yml", "manifests/list.json"),
            matches=may_hold_objects,
            endings=(".json", ".yaml", ".yml"),
            sniff=names_an_object,
            read=manifests.read,
        ),
        Format(
            name=kustomize.NAME,
            title="kustomizations: images, charts, repositories at a ref",
            examples=kustomize.NAMES,
            matches=lambda path: file_name(path) in kustomize.NAMES,
            endings=(".yaml", ".yml", "kustomization"),
            read=kustomize.read,
        ),
        Format(
            name=helm.CHART,
            title="Helm charts: what they depend on",
            examples=helm.CHART_NAMES,
            matches=lambda path: file_name(path) in helm.CHART_NAMES,
            endings=(".yaml", ".yml"),
            sniff=helm.may_be_chart,
            read=helm.read_chart,
        ),
        Format(
            name=helmfile.NAME,
            title="helmfiles: charts of releases, images in their values",
            examples=helmfile.NAMES,
            matches=helmfile.is_helmfile,
            endings=(".gotmpl", ".yaml", ".yml"),
            read=helmfile.read,
        ),
        Format(
            name=helm.LOCK,
            title="locks of Helm charts",
            examples=helm.LOCK_NAMES,
            matches=lambda path: file_name(path) in helm.LOCK_NAMES,
            endings=(".lock",),
            read=helm.read_lock,
        ),
        Format(
            name=helm.VALUES,
            title="values of Helm charts: images",
            examples=("values.yaml", "values-prod.yaml", "staging.values.yml"),
            matches=helm.is_values,
            endings=(".yaml", ".yml"),
            read=helm.read_values,
        ),
    ),
    questions=questions,
    normalise=str,
    pair=pair,
)
