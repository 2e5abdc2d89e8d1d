"""Manifests with their requirements and what resolves them: for the rules that judge files and not packages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from analyzers.checks.dependencies._rows import World, worlds
from analyzers.model.exposure import DEVELOPMENT, is_development
from analyzers.model.finding import Confidence, Finding, Rule, Scalar, Severity, Subject
from analyzers.model.inventory import Dependency, Inventory, Manifest
from analyzers.model.limits import BOUNDS, is_limit
from analyzers.model.subject import SubjectKey

# Lockfiles that resolve every group of their manifests. What a tool compiles may hold some of the groups only.
_WHOLE: Final = frozenset(
    {
        *("uv.lock", "poetry.lock", "Pipfile.lock"),
        *("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"),
        *("composer.lock", "Gemfile.lock", "Cargo.lock"),
    }
)


@dataclass(frozen=True)
class Project:
    """One manifest, the requirements that its installation takes from a registry, and its world."""

    manifest: Manifest
    world: World
    entries: tuple[Dependency, ...]

    @cached_property
    def resolves_all(self) -> bool:
        """Whether the lockfile, if there is one, resolves every group."""
        return (self.manifest.lockfile or "").rpartition("/")[2] in _WHOLE

    @cached_property
    def groups(self) -> tuple[tuple[Dependency, ...], ...]:
        """The requirements by kind and group: what is installed, and so locked, together."""
        found: dict[tuple[str, str | None], list[Dependency]] = defaultdict(list)
        for entry in self.entries:
            found[entry.kind, entry.dependency_group].append(entry)
        return tuple(tuple(group) for group in found.values())


def projects(inventory: Inventory) -> Iterator[Project]:
    """Yield every manifest of an ecosystem that can be judged and that requires something, in the inventory's order."""
    entries: dict[tuple[str, str], list[Dependency]] = defaultdict(list)
    for entry in inventory.dependencies:
        if entry.direct and not entry.skip_reason and entry.dependency_group not in BOUNDS and not is_limit(entry):
            entries[entry.ecosystem, entry.place.path].append(entry)
    for manifest in inventory.manifests:
        world = worlds().get(manifest.ecosystem)
        found = entries.get((manifest.ecosystem, manifest.path), ())
        if world and found and any(world.package(entry) for entry in found):
            yield Project(manifest, world, tuple(found))


def limited(inventory: Inventory) -> frozenset[SubjectKey]:
    """Return the packages that somebody forces or limits beside the requirements."""
    return frozenset(
        SubjectKey(world.name, world.normalise(entry.name))
        for entry in inventory.dependencies
        if is_limit(entry) and (world := worlds().get(entry.ecosystem))
    )


def of_file(
    rule: Rule,
    project: Project,
    concerned: Iterable[Dependency],
    *,
    title: str,
    message: str,
    confidence: Confidence = Confidence.HIGH,
    severity: Severity | None = None,
    details: dict[str, Scalar] | None = None,
) -> Finding:
    """Return a finding about a manifest, at the first of the requirements concerned."""
    listed = list(concerned)
    place = min(listed, key=lambda entry: entry.place).place
    development = all(is_development(entry) for entry in listed)
    return rule.finding(
        place,
        severity=severity,
        confidence=confidence,
        title=title,
        message=message,
        subject=Subject(ecosystem=project.world.name, name=project.manifest.path),
        key=SubjectKey("file", project.manifest.path),
        exposure=DEVELOPMENT if development else 1.0,
        identity=project.manifest.path,
        details=details,
    )


def listed(words: Iterable[str], most: int = 5) -> str:
    """Return ``a, b and 3 more``."""
    found = list(words)
    shown = ", ".join(found[:most])
    return f"{shown} and {len(found) - most} more" if len(found) > most else shown
