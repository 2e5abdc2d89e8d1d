"""The lockfiles of npm, pnpm, Yarn and Bun, asked what a requirement resolved to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from analyzers.ecosystems.npm import _files
from analyzers.ecosystems.npm._workspaces import parents
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency

_TOOLS: Final = {
    "npm": _files.NPM,
    "pnpm": (_files.PNPM,),
    "yarn": (_files.YARN,),
    "@yarnpkg/cli-dist": (_files.YARN,),
    "bun": _files.BUN,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A requirement as its file writes it: the name under which it installs, and the whole text.

    `overrides` are the keys and texts with which the workspace's root sets it anew.
    """

    alias: str
    text: str
    overrides: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Lock:
    """One lockfile. `members` are the folders (seen from the repository) that it speaks for besides its own.

    `nested` finds by the folder below which a package counts and the name under which it is installed,
    `descriptors` by the requirement as written.
    """

    path: str
    members: frozenset[str]
    nested: Mapping[tuple[str, str], Locked]
    descriptors: Mapping[str, Locked]

    @classmethod
    def of(cls, path: str, reading: Reading) -> Lock:
        """Take over what was read from one lockfile."""
        folder = path.rpartition("/")[0]
        descriptors = {descriptor: entry for entry in reading.locked for descriptor in entry.descriptors}
        for descriptor, entry in tuple(descriptors.items()):
            # ``a@file:./a::locator=…``: what Yarn adds to tell folders apart stands in no package.json.
            descriptors.setdefault(descriptor.partition("::")[0], entry)
        return cls(
            path,
            frozenset(posixpath.normpath(posixpath.join(folder, member)) for member in reading.members),
            {(entry.within, entry.alias or entry.name): entry for entry in reading.locked if not entry.descriptors},
            descriptors,
        )

    def find(self, folder: str, wanted: Wanted) -> Locked | None:
        """Return what the requirement of ``folder`` (seen from the lockfile's) resolved to, None for nothing."""
        name = self.path.rpartition("/")[2]
        if name == _files.YARN:
            return next((self.descriptors[key] for key in _descriptors(wanted) if key in self.descriptors), None)
        # pnpm lists what each folder requires; for the others it lies in the next ``node_modules`` outwards.
        folders = (folder,) if name == _files.PNPM else (folder, *parents(folder))
        found = (self.nested.get((within, wanted.alias)) for within in folders)
        return next((entry for entry in found if entry), None)


def chosen(names: Mapping[str, Reading], managers: tuple[Dependency, ...]) -> str | None:
    """Return which of the lockfiles that lie side by side counts: the one of the package manager in use, if named."""
    for manager in managers:
        for name in _TOOLS.get(manager.name, ()):
            if name in names:
                return name
    return next((name for name in _files.LOCKS if name in names), None)


def _descriptors(wanted: Wanted) -> Iterator[str]:
    """Yield the words in which Yarn may list the requirement: as written by Yarn 1, with a protocol by later ones."""
    alias, text = wanted.alias, wanted.text
    keys = (f"{alias}@{text}", f"{alias}@npm:{text}")
    yield from keys
    for key in (alias, f"**/{alias}", *keys):
        override = wanted.overrides.get(key)
        if override is not None:
            yield f"{alias}@{override}"
            yield f"{alias}@npm:{override}"
