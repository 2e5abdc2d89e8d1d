"""npm: package.json, its lockfile, and the Node.js that a project runs on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analyzers.ecosystems.npm import _node_version, _npmrc, _other_locks, _package_json, _package_lock
from analyzers.ecosystems.npm._pairing import LOCKS, pair
from analyzers.model.ecosystem import Ecosystem, Format
from analyzers.model.facts import Facts, Question
from analyzers.model.inventory import Dependency, Inventory
from analyzers.versions.npm import SCHEME


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


def _named(*names: str) -> Callable[[str], bool]:
    wanted = frozenset(names)
    return lambda path: path.rpartition("/")[2] in wanted


ECOSYSTEM = Ecosystem(
    name="npm",
    title="npm",
    formats=(
        Format(
            name="package-json",
            title="requirements, overrides, engines, package manager, workspaces",
            examples=("package.json",),
            matches=_named("package.json"),
            read=_package_json.read,
        ),
        Format(
            name="package-lock",
            title="npm's lockfile, versions 1 to 3",
            examples=LOCKS,
            matches=_named(*LOCKS),
            read=_package_lock.read,
        ),
        Format(
            name="nvmrc",
            title="Node.js version of a folder",
            examples=(".nvmrc", ".node-version"),
            matches=_named(".nvmrc", ".node-version"),
            read=_node_version.read,
        ),
        Format(
            name="npmrc",
            title="registries (addresses only, nothing expanded)",
            examples=(".npmrc",),
            matches=_named(".npmrc"),
            read=_npmrc.read,
        ),
        Format(
            name="other-npm-lock",
            title="lockfiles of Yarn, pnpm and Bun: seen and named, not read yet",
            examples=tuple(_other_locks.NAMES),
            matches=_named(*_other_locks.NAMES),
            read=_other_locks.read,
        ),
    ),
    questions=questions,
    normalise=normalise,
    pair=pair,
    package=package,
    scheme=SCHEME,
)
