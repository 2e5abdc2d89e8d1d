"""What to ask about providers and modules."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.ecosystems.terraform import _files
from analyzers.ecosystems.terraform._addresses import DEFAULT_HOST, OPENTOFU_HOST
from analyzers.model.facts import Facts
from analyzers.model.inventory import Dependency, Inventory
from analyzers.model.question import Question

SOURCE = "terraform"
_PROVIDERS = frozenset({_files.PROVIDER, _files.PROVIDER_BLOCK})
_FROM_REGISTRY = "pkg:terraform/"


def normalise(name: str) -> str:
    """Return the address without a default registry; registries do not tell capitals apart."""
    return name.lower().removeprefix(f"{DEFAULT_HOST}/").removeprefix(f"{OPENTOFU_HOST}/")


def package(dependency: Dependency) -> Question | None:
    """Return what to ask about a registry's module; None for all else: providers have their own rule."""
    if not _is_asked(dependency) or dependency.kind in _PROVIDERS:
        return None
    return Question(SOURCE, f"modules/{_path(dependency)}", dependency.index or "")


def provider(dependency: Dependency) -> Question | None:
    """Return what to ask about a provider; None for what is none, or cannot be judged."""
    if not _is_asked(dependency) or dependency.kind not in _PROVIDERS:
        return None
    return Question(SOURCE, f"providers/{_path(dependency)}", dependency.index or "")


def _is_asked(dependency: Dependency) -> bool:
    is_known = dependency.purl.startswith(_FROM_REGISTRY) and not dependency.skip_reason
    return dependency.ecosystem == _files.NAME and dependency.direct and is_known


def _path(dependency: Dependency) -> str:
    """Return the name without the host of its registry."""
    first, _, rest = dependency.name.partition("/")
    return (rest if "." in first or first.startswith("localhost") else dependency.name).lower()


def questions(inventory: Inventory, _facts: Facts) -> Iterator[Question]:
    """Ask for every module and every provider that the files name themselves."""
    for dependency in inventory.dependencies:
        asked = package(dependency) or provider(dependency)
        if asked:
            yield asked
