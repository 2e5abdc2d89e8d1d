"""What to ask about Python requirements and Python itself."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.ecosystems.python._files import ECOSYSTEM_NAME
from analyzers.ecosystems.python._rows import normalise
from analyzers.model.facts import Facts
from analyzers.model.inventory import Dependency, Inventory
from analyzers.model.question import Question


def package(dependency: Dependency) -> Question | None:
    """Return what to ask about a requirement; None for what no index has."""
    if dependency.ecosystem != ECOSYSTEM_NAME or dependency.skip_reason:
        return None
    return Question("pypi", normalise(dependency.name), dependency.index or "")


def questions(inventory: Inventory, _facts: Facts) -> Iterator[Question]:
    """Ask for every direct requirement, and for Python's lifecycle where a file names a version of it."""
    for dependency in inventory.dependencies:
        if dependency.ecosystem == "generic" and dependency.name == "python":
            yield Question("lifecycle", "python")
        elif dependency.direct:
            asked = package(dependency)
            if asked:
                yield asked
