"""What to ask about runtimes and tools, whichever file names them."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.lifecycles import tools
from analyzers.model.facts import Facts
from analyzers.model.inventory import Inventory
from analyzers.model.question import Question


def questions(inventory: Inventory, _facts: Facts) -> Iterator[Question]:
    """Ask for the lifecycle of every runtime that some file names; its releases are other ecosystems' to ask for."""
    for dependency in inventory.dependencies:
        if dependency.ecosystem == "generic" and not dependency.skip_reason:
            product = tools.product(dependency.name, tools.distribution_of(dependency.purl))
            if product:
                yield Question("lifecycle", product)
