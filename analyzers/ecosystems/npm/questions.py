"""What to ask about npm requirements and Node.js."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.model.facts import Facts
from analyzers.model.inventory import Dependency, Inventory
from analyzers.model.question import Question


def normalise(name: str) -> str:
    """Return the name as it is: npm tells ``JSONStream`` from ``jsonstream``."""
    return name


def package(dependency: Dependency) -> Question | None:
    """Return what to ask about a requirement; None for what no registry has."""
    if dependency.ecosystem != "npm" or dependency.skip_reason:
        return None
    return Question("npm", dependency.name, dependency.index or "")


def questions(inventory: Inventory, _facts: Facts) -> Iterator[Question]:
    """Ask for every direct requirement, and for the lifecycle of Node.js where a file names a version of it."""
    for dependency in inventory.dependencies:
        if dependency.ecosystem == "generic" and dependency.name == "node":
            yield Question("lifecycle", "nodejs")
        elif dependency.direct:
            asked = package(dependency)
            if asked:
                yield asked
