"""Which file is of which format, by its name and at a glance: what is loaded before any reader."""

from __future__ import annotations

from typing import Final

NPM: Final = ("npm-shrinkwrap.json", "package-lock.json")
PNPM: Final = "pnpm-lock.yaml"
YARN: Final = "yarn.lock"
BUN: Final = ("bun.lock", "bun.lockb")
LOCKS: Final = (*NPM, PNPM, YARN, *BUN)
"""Where several lie side by side, the first one counts, unless the package manager is named beside them."""

MANIFEST: Final = "package.json"
WORKSPACE: Final = "pnpm-workspace.yaml"
YARNRC: Final = ".yarnrc.yml"
YARNRC_1: Final = ".yarnrc"
BUNFIG: Final = "bunfig.toml"
