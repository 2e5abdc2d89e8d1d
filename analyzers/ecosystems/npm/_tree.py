"""All files of npm's world by folder: which lockfile counts where, and which root speaks for which folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from analyzers.ecosystems.npm import _files
from analyzers.ecosystems.npm._files import LOCKS as NAMES
from analyzers.ecosystems.npm._files import NPM, YARN
from analyzers.ecosystems.npm._locks import Lock, chosen
from analyzers.ecosystems.npm._workspaces import Members, parents, relative
from analyzers.model.ecosystem import Reading

# Roots above one another that are asked for a folder, nearest first; two are rare.
_MOST_ROOTS: Final = 5


def split(path: str) -> tuple[str, str]:
    """Return folder (``""`` for the repository) and file name."""
    folder, _, name = path.rpartition("/")
    return folder, name


def join(folder: str, name: str) -> str:
    """Return the path of ``name`` in ``folder``."""
    return f"{folder}/{name}" if folder else name


@dataclass(frozen=True, slots=True)
class Tree:
    """All readings of a repository.

    `owners` maps a folder to the one whose lockfile lists it as a member, `members` a file to the folders that it names
    as members of a workspace.
    """

    readings: Mapping[str, Reading]
    locks: Mapping[str, Lock]
    owners: Mapping[str, str]
    members: Mapping[str, Members]

    @classmethod
    def of(cls, readings: Mapping[str, Reading]) -> Tree:
        """Take over what was read, by path."""
        found: dict[str, dict[str, Reading]] = defaultdict(dict)
        for path, reading in readings.items():
            folder, name = split(path)
            if name in NAMES:
                found[folder][name] = reading
        locks = {}
        for folder, names in found.items():
            manifest = readings.get(join(folder, _files.MANIFEST))
            managers = (row for row in manifest.dependencies if row.kind == "package-manager") if manifest else ()
            counts = chosen(names, tuple(managers))
            if counts:
                locks[folder] = Lock.of(join(folder, counts), names[counts])
        owners = {member: folder for folder, lock in locks.items() for member in lock.members if member != folder}
        return cls(readings, locks, owners, dict(_members(readings)))

    def get(self, folder: str, name: str) -> Reading | None:
        """Return the reading of the file ``name`` in ``folder``."""
        return self.readings.get(join(folder, name))

    def named(self, folder: str) -> Members | None:
        """Return which folders the workspace root ``folder`` names as its members; pnpm's own file goes first."""
        return self.members.get(join(folder, _files.WORKSPACE)) or self.members.get(join(folder, _files.MANIFEST))

    def root(self, folder: str) -> str:
        """Return the workspace root that speaks for ``folder``; itself where none does."""
        if folder in self.locks:
            return next((above for above in self._roots(folder) if self._rules(above, folder)), folder)
        return next(self._roots(folder), folder)

    def _roots(self, folder: str) -> Iterator[str]:
        """Yield the roots that name ``folder``, in their lockfile or as a workspace."""
        owner = self.owners.get(folder)
        if owner is not None:
            yield owner
        named = ((above, found) for above in parents(folder) if (found := self.named(above)))
        for above, members in islice(named, _MOST_ROOTS):
            if members.has(relative(folder, above)):
                yield above

    def _rules(self, root: str, folder: str) -> bool:
        """Return whether the root's lockfile counts even where ``folder`` has one of its own, a leftover then.

        pnpm may be told to keep one for each folder, and its root does not list those. npm lists folders that are
        merely linked as well; those may have their own.
        """
        lock = self.locks.get(root)
        if lock is None:
            return False
        name = split(lock.path)[1]
        if name in NPM or name == YARN:
            named = self.members.get(join(root, _files.MANIFEST))
            return named is not None and named.has(relative(folder, root))
        return folder in lock.members


def _members(readings: Mapping[str, Reading]) -> Iterator[tuple[str, Members]]:
    for path, reading in readings.items():
        if reading.members and split(path)[1] in (_files.WORKSPACE, _files.MANIFEST):
            yield path, Members.of(reading.members)
