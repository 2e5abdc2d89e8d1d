"""npm: package.json, its lockfile, and the Node.js that a project runs on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analyzers.ecosystems.npm import (
    _bun_lock,
    _bunfig,
    _node_version,
    _npmrc,
    _package_json,
    _package_lock,
    _pnpm_lock,
    _pnpm_workspace,
    _yarn_lock,
    _yarnrc,
)
from analyzers.ecosystems.npm._locks import BUN, NPM, PNPM, YARN, lockfile
from analyzers.ecosystems.npm._pairing import pair
from analyzers.ecosystems.npm._tree import BUNFIG, WORKSPACE, YARNRC, YARNRC_1
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
            title="requirements, overrides, catalogs, engines, package manager, workspaces",
            examples=("package.json",),
            matches=_named("package.json"),
            endings=(".json",),
            read=_package_json.read,
        ),
        Format(
            name="package-lock",
            title="npm's lockfile, versions 1 to 3",
            examples=NPM,
            matches=_named(*NPM),
            endings=(".json",),
            read=lockfile(_package_lock.read, "package-lock"),
        ),
        Format(
            name="nvmrc",
            title="Node.js version of a folder",
            examples=(".nvmrc", ".node-version"),
            matches=_named(".nvmrc", ".node-version"),
            endings=(".node-version", ".nvmrc"),
            read=_node_version.read,
        ),
        Format(
            name="npmrc",
            title="registries (addresses only, nothing expanded)",
            examples=(".npmrc",),
            matches=_named(".npmrc"),
            endings=(".npmrc",),
            read=_npmrc.read,
        ),
        Format(
            name="yarnrc-1",
            title="registries of Yarn 1 (addresses only, nothing expanded)",
            examples=(YARNRC_1,),
            matches=_named(YARNRC_1),
            endings=(".yarnrc",),
            read=_npmrc.read_yarnrc,
        ),
        Format(
            name="bunfig",
            title="registries of Bun (addresses only, nothing expanded)",
            examples=(BUNFIG,),
            matches=_named(BUNFIG),
            endings=(".toml",),
            read=_bunfig.read,
        ),
        Format(
            name="yarn-lock",
            title="lockfile of Yarn, 1 and later",
            examples=(YARN,),
            matches=_named(YARN),
            endings=(".lock",),
            read=lockfile(_yarn_lock.read, "yarn-lock"),
        ),
        Format(
            name="yarnrc",
            title="catalogs and registries of Yarn (addresses only, nothing expanded)",
            examples=(YARNRC,),
            matches=_named(YARNRC),
            endings=(".yml",),
            read=_yarnrc.read,
        ),
        Format(
            name="pnpm-lock",
            title="lockfile of pnpm, versions 5 to 9",
            examples=(PNPM,),
            matches=_named(PNPM),
            endings=(".yaml",),
            read=lockfile(_pnpm_lock.read, "pnpm-lock"),
        ),
        Format(
            name="pnpm-workspace",
            title="workspace of pnpm: folders, catalogs, overrides",
            examples=(WORKSPACE,),
            matches=_named(WORKSPACE),
            endings=(".yaml",),
            read=_pnpm_workspace.read,
        ),
        Format(
            name="bun-lock",
            title="lockfile of Bun",
            examples=BUN[:1],
            matches=_named(*BUN[:1]),
            endings=(".lock",),
            read=lockfile(_bun_lock.read, "bun-lock"),
        ),
        Format(
            name="bun-lockb",
            title="older, binary lockfile of Bun: named as not read, with the way to one that is",
            examples=BUN[1:],
            matches=_named(*BUN[1:]),
            endings=(".lockb",),
            read=_bun_lock.read_binary,
            opaque=True,
        ),
    ),
    questions=questions,
    normalise=normalise,
    pair=pair,
    package=package,
    scheme=SCHEME,
)
