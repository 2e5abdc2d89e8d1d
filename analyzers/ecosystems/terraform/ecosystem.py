"""Terraform and OpenTofu: providers, modules, and what they deploy by name."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.ecosystems.terraform import _configuration, _lock, _rows, _terragrunt
from analyzers.ecosystems.terraform._addresses import DEFAULT_HOST, OPENTOFU_HOST
from analyzers.ecosystems.terraform._pairing import pair
from analyzers.model.ecosystem import Ecosystem, Format
from analyzers.model.facts import Facts, Question
from analyzers.model.inventory import Dependency, Inventory
from analyzers.versions.terraform import SCHEME

SOURCE = "terraform"
_PROVIDERS = frozenset({_rows.PROVIDER, _rows.PROVIDER_BLOCK})
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
    return dependency.ecosystem == _rows.NAME and dependency.direct and is_known


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


ECOSYSTEM = Ecosystem(
    name=_rows.NAME,
    title="Terraform",
    formats=(
        Format(
            name="terraform",
            title="providers, modules, required_version; charts of helm_release, images of containers",
            examples=("main.tf", "versions.tofu", "main.tf.json"),
            matches=_configuration.matches,
            endings=(".tf", ".tofu", ".json"),
            read=_configuration.read,
        ),
        Format(
            name="terraform-lock",
            title="locked providers",
            examples=(_lock.FILE,),
            matches=_lock.matches,
            endings=(".hcl",),
            read=_lock.read,
        ),
        Format(
            name="terragrunt",
            title="modules of Terragrunt units and stacks",
            examples=tuple(sorted(_terragrunt.FILES)),
            matches=_terragrunt.matches,
            endings=(".hcl",),
            read=_terragrunt.read,
        ),
    ),
    questions=questions,
    normalise=normalise,
    pair=pair,
    package=package,
    scheme=SCHEME,
)
