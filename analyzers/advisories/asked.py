"""Which advisories to ask for: all that is resolved, direct or not, in as few requests as possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from datetime import date
from typing import TypeAlias

from analyzers.model.advisory import AdvisoryIds
from analyzers.model.ecosystem import Ecosystem
from analyzers.model.facts import Facts, Known, Package
from analyzers.model.inventory import Dependency, Inventory
from analyzers.model.limits import BOUNDS, is_never_installed, lockfiles
from analyzers.model.question import Question
from analyzers.model.scheme import Scheme
from analyzers.registries import osv

Chosen: TypeAlias = MutableMapping[tuple[Question, str], str | None]
"""What an installer takes of a package for a constraint."""


def questions(
    inventory: Inventory, facts: Facts, worlds: Iterable[Ecosystem], chosen: Chosen | None = None
) -> Iterator[Question]:
    """Ask for each version in use, and for all advisories of the packages that one touches.

    A requirement that nothing locks counts as what an installer takes today, once its releases are known. What only
    limits others, and what a package leaves to its user, installs nothing: nobody is asked about it.
    ``chosen`` remembers what was worked out from known releases, for the next call about the same inventory.
    """
    chosen = {} if chosen is None else chosen
    resolving = lockfiles(inventory)
    by_name = {world.name: world for world in worlds if world.scheme and world.name in osv.ECOSYSTEMS}
    for entry in inventory.dependencies:
        world = by_name.get(entry.ecosystem)
        if world is None or is_never_installed(entry, resolving):
            continue
        version = _version(entry, world, facts, chosen)
        if version is None:
            continue
        name = world.normalise(entry.name)
        question = about_version(world.name, name, version)
        yield question
        answer = facts.get(question)
        if isinstance(answer, Known) and isinstance(answer.value, AdvisoryIds) and answer.value.ids:
            yield osv.package_question(world.name, name)


def about_version(ecosystem: str, name: str, version: str) -> Question:
    """Return what to ask about a version; a local label (``2.1+cpu``) names a build of the public release."""
    public = version.partition("+")[0] if ecosystem == "pypi" else version
    return osv.version_question(ecosystem, name, public)


def about_package(ecosystem: str, name: str) -> Question:
    """Return what to ask about a package as a whole."""
    return osv.package_question(ecosystem, name)


def is_covered(ecosystem: str) -> bool:
    """Return whether the database knows this ecosystem."""
    return ecosystem in osv.ECOSYSTEMS


def _version(entry: Dependency, world: Ecosystem, facts: Facts, chosen: Chosen) -> str | None:
    if entry.skip_reason:
        return None
    in_use = entry.locked_version or entry.version
    if in_use or not entry.direct or entry.dependency_group in BOUNDS or not world.package or not world.scheme:
        return in_use
    if not entry.value:
        return None
    question = world.package(entry)
    answer = facts.get(question) if question else None
    if question is None or not isinstance(answer, Known) or not isinstance(answer.value, Package):
        return None
    if (question, entry.value) not in chosen:
        chosen[question, entry.value] = installed(world.scheme, answer.value, entry.value, facts.looked_up)
    return chosen[question, entry.value]


def installed(scheme: Scheme, package: Package, constraint: str, day: date) -> str | None:
    """Return the version that an installer takes for the constraint: the highest stable one, else any."""
    keyed: Mapping[str, object] = {
        release.version: key
        for release in package.releases
        if release.yanked is None
        and (release.published is None or release.published <= day)
        and (key := scheme.key(release.version)) is not None
    }
    fallback = None
    for version in sorted(keyed, key=lambda one: keyed[one], reverse=True):  # type: ignore[arg-type, return-value] # keys of one scheme sort
        if scheme.satisfies(version, constraint):
            if scheme.is_stable(version):
                return version
            fallback = fallback or version
    return fallback
