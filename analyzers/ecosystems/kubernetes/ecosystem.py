"""Kubernetes: what manifests and kustomizations deploy."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.ecosystems.kubernetes import manifests
from analyzers.ecosystems.kubernetes._documents import may_hold_objects, names_an_object
from analyzers.ecosystems.kubernetes.manifests import API, NAME
from analyzers.ecosystems.kubernetes.overrides import pair
from analyzers.lifecycles import kubernetes
from analyzers.model.ecosystem import Ecosystem, Format
from analyzers.model.facts import Facts, Question
from analyzers.model.inventory import Inventory


def questions(inventory: Inventory, facts: Facts) -> Iterator[Question]:  # noqa: ARG001 - the stated signature
    """Ask which releases are supported where some object is written in a version of the API that goes away."""
    seen = (entry for entry in inventory.observations if entry.kind == API)
    if any(kubernetes.api(entry.text, entry.name) for entry in seen):
        yield Question("lifecycle", "kubernetes")


ECOSYSTEM = Ecosystem(
    name=NAME,
    title="Kubernetes",
    formats=(
        Format(
            name=NAME,
            title="manifests: the images of every workload, the version of the API of every object",
            examples=("deploy/app.yaml", "k8s/web.yml", "manifests/list.json"),
            matches=may_hold_objects,
            sniff=names_an_object,
            read=manifests.read,
        ),
    ),
    questions=questions,
    normalise=str,
    pair=pair,
)
