"""npm: package.json, its lockfile, and the Node.js that a project runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.ecosystems.npm import _files
from analyzers.ecosystems.npm._named import lockfile
from analyzers.model.ecosystem import Ecosystem, Format, named
from analyzers.model.later import later, later_scheme

if TYPE_CHECKING:
    from analyzers.ecosystems.npm import (
        _bun_lock,
        _bunfig,
        _node_version,
        _npmrc,
        _package_json,
        _package_lock,
        _pairing,
        _pnpm_lock,
        _pnpm_workspace,
        _yarn_lock,
        _yarnrc,
        questions,
    )
else:
    (
        _bun_lock,
        _bunfig,
        _node_version,
        _npmrc,
        _package_json,
        _package_lock,
        _pairing,
        _pnpm_lock,
        _pnpm_workspace,
        _yarn_lock,
        _yarnrc,
        questions,
    ) = later(
        __package__,
        "_bun_lock",
        "_bunfig",
        "_node_version",
        "_npmrc",
        "_package_json",
        "_package_lock",
        "_pairing",
        "_pnpm_lock",
        "_pnpm_workspace",
        "_yarn_lock",
        "_yarnrc",
        "questions",
    )

ECOSYSTEM = Ecosystem(
    name="npm",
    title="npm",
    formats=(
        Format(
            name="package-json",
            title="requirements, overrides, catalogs, engines, package manager, workspaces",
            examples=("package.json",),
            matches=named("package.json"),
            endings=(".json",),
            read=_package_json.read,
        ),
        Format(
            name="package-lock",
            title="npm's lockfile, versions 1 to 3",
            examples=_files.NPM,
            matches=named(*_files.NPM),
            endings=(".json",),
            read=lockfile(_package_lock.read, "package-lock"),
        ),
        Format(
            name="nvmrc",
            title="Node.js version of a folder",
            examples=(".nvmrc", ".node-version"),
            matches=named(".nvmrc", ".node-version"),
            endings=(".node-version", ".nvmrc"),
            read=_node_version.read,
        ),
        Format(
            name="npmrc",
            title="registries (addresses only, nothing expanded), the least age of releases",
            examples=(".npmrc",),
            matches=named(".npmrc"),
            endings=(".npmrc",),
            read=_npmrc.read,
        ),
        Format(
            name="yarnrc-1",
            title="registries of Yarn 1 (addresses only, nothing expanded)",
            examples=(_files.YARNRC_1,),
            matches=named(_files.YARNRC_1),
            endings=(".yarnrc",),
            read=_npmrc.read_yarnrc,
        ),
        Format(
            name="bunfig",
            title="registries of Bun (addresses only, nothing expanded)",
            examples=(_files.BUNFIG,),
            matches=named(_files.BUNFIG),
            endings=(".toml",),
            read=_bunfig.read,
        ),
        Format(
            name="yarn-lock",
            title="lockfile of Yarn, 1 and later",
            examples=(_files.YARN,),
            matches=named(_files.YARN),
            endings=(".lock",),
            read=lockfile(_yarn_lock.read, "yarn-lock"),
        ),
        Format(
            name="yarnrc",
            title="catalogs and registries of Yarn (addresses only, nothing expanded)",
            examples=(_files.YARNRC,),
            matches=named(_files.YARNRC),
            endings=(".yml",),
            read=_yarnrc.read,
        ),
        Format(
            name="pnpm-lock",
            title="lockfile of pnpm, versions 5 to 9",
            examples=(_files.PNPM,),
            matches=named(_files.PNPM),
            endings=(".yaml",),
            read=lockfile(_pnpm_lock.read, "pnpm-lock"),
        ),
        Format(
            name="pnpm-workspace",
            title="workspace of pnpm: folders, catalogs, overrides, the least age of releases",
            examples=(_files.WORKSPACE,),
            matches=named(_files.WORKSPACE),
            endings=(".yaml",),
            read=_pnpm_workspace.read,
        ),
        Format(
            name="bun-lock",
            title="lockfile of Bun",
            examples=_files.BUN[:1],
            matches=named(*_files.BUN[:1]),
            endings=(".lock",),
            read=lockfile(_bun_lock.read, "bun-lock"),
        ),
        Format(
            name="bun-lockb",
            title="older, binary lockfile of Bun: named as not read, with the way to one that is",
            examples=_files.BUN[1:],
            matches=named(*_files.BUN[1:]),
            endings=(".lockb",),
            read=_bun_lock.read_binary,
            opaque=True,
        ),
    ),
    questions=questions.questions,
    normalise=questions.normalise,
    pair=_pairing.pair,
    package=questions.package,
    scheme=later_scheme("npm", "analyzers.versions.npm"),
)
