"""What to ask about charts, and about Kubernetes' own releases."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.ecosystems.kubernetes._charts import chart_question
from analyzers.ecosystems.kubernetes._files import API
from analyzers.lifecycles import kubernetes
from analyzers.model.facts import Facts
from analyzers.model.inventory import Dependency, Inventory
from analyzers.model.question import Question


def chart(dependency: Dependency) -> Question | None:
    """Return what to ask about a Helm chart; None for what is none, or cannot be asked about."""
    return chart_question(dependency)


def questions(inventory: Inventory, _facts: Facts) -> Iterator[Question]:
    """Ask for every chart, and for Kubernetes' releases where an object is written in a version that goes away."""
    yield from filter(None, map(chart, inventory.dependencies))
    seen = (entry for entry in inventory.observations if entry.kind == API)
    if any(kubernetes.api(entry.text, entry.name) for entry in seen):
        yield Question("lifecycle", "kubernetes")
