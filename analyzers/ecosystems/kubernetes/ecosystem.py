"""Kubernetes: what manifests, kustomizations and Helm charts deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.ecosystems.kubernetes import _files
from analyzers.model.ecosystem import Ecosystem, Format, named
from analyzers.model.later import later

if TYPE_CHECKING:
    from analyzers.ecosystems.kubernetes import helm, helmfile, kustomize, manifests, pairing, questions
else:
    helm, helmfile, kustomize, manifests, pairing, questions = later(
        __package__, "helm", "helmfile", "kustomize", "manifests", "pairing", "questions"
    )

ECOSYSTEM = Ecosystem(
    name=_files.NAME,
    title="Kubernetes",
    formats=(
        Format(
            name=_files.NAME,
            title="manifests: images of every workload, API versions of every object; what Argo CD and Flux deploy",
            examples=("deploy/app.yaml", "k8s/web.yml", "manifests/list.json"),
            matches=_files.may_hold_objects,
            endings=(".json", ".yaml", ".yml"),
            sniff=_files.names_an_object,
            read=manifests.read,
        ),
        Format(
            name=_files.KUSTOMIZE,
            title="kustomizations: images, charts, repositories at a ref",
            examples=_files.KUSTOMIZE_NAMES,
            matches=named(*_files.KUSTOMIZE_NAMES),
            endings=(".yaml", ".yml", "kustomization"),
            read=kustomize.read,
        ),
        Format(
            name=_files.CHART,
            title="Helm charts: what they depend on",
            examples=_files.CHART_NAMES,
            matches=named(*_files.CHART_NAMES),
            endings=(".yaml", ".yml"),
            sniff=_files.may_be_chart,
            read=helm.read_chart,
        ),
        Format(
            name=_files.HELMFILE,
            title="helmfiles: charts of releases, images in their values",
            examples=_files.HELMFILE_NAMES,
            matches=_files.is_helmfile,
            endings=(".gotmpl", ".yaml", ".yml"),
            read=helmfile.read,
        ),
        Format(
            name=_files.LOCK,
            title="locks of Helm charts",
            examples=_files.LOCK_NAMES,
            matches=named(*_files.LOCK_NAMES),
            endings=(".lock",),
            read=helm.read_lock,
        ),
        Format(
            name=_files.VALUES,
            title="values of Helm charts: images",
            examples=("values.yaml", "values-prod.yaml", "staging.values.yml"),
            matches=_files.is_values,
            endings=(".yaml", ".yml"),
            read=helm.read_values,
        ),
    ),
    questions=questions.questions,
    normalise=str,
    pair=pairing.pair,
)
