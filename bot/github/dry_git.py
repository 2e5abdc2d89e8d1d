"""Branches and commits on a dry run: as they would be by now, none of it written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.github.commits import sealed
from bot.github.dry_words import first_line
from bot.github.errors import AlreadyThereError, NotThereError, StaleError
from bot.github.host import Host
from bot.github.objects import Commit


@dataclass(frozen=True, slots=True)
class _MadeUp:
    """A commit that was not written."""

    parent: str | None
    files: Mapping[str, bytes | None]
    message: str
    root: bool
    tree: str


@dataclass(slots=True)
class DryGit:
    """Passes reads on to ``host``; `would` gets what would be done."""

    host: Host
    would: Callable[[str], None]
    _commits: dict[str, _MadeUp] = field(default_factory=dict)
    _branches: dict[str, str | None] = field(default_factory=dict)

    def branches(self, prefix: str) -> Mapping[str, str]:
        """Return the branches as they would be."""
        made_up = {name: sha for name, sha in self._branches.items() if name.startswith(prefix)}
        return {name: sha for name, sha in ({**self.host.branches(prefix), **made_up}).items() if sha is not None}

    def file(self, path: str, ref: str) -> bytes | None:
        """Return a file as it would be."""
        ref = self._branches.get(ref) or ref
        while ref in self._commits:
            made_up = self._commits[ref]
            if path in made_up.files:
                return made_up.files[path]
            if made_up.parent is None:
                return None
            ref = made_up.parent
        return self.host.file(path, ref)

    def commits_between(self, base: str, head: str) -> tuple[Commit, ...]:
        """Return the commits as they would be."""
        head = self._branches.get(head) or head
        new: list[Commit] = []
        while head in self._commits and head != base:
            made_up = self._commits[head]
            new.insert(0, self._shown(head, made_up))
            if made_up.root or made_up.parent is None:
                return tuple(new)
            head = made_up.parent
        return (*(self.host.commits_between(base, head) if head != base else ()), *new)

    def is_made_up(self, sha: str) -> bool:
        """Whether a commit was not written."""
        return sha in self._commits

    def _shown(self, sha: str, made_up: _MadeUp) -> Commit:
        login = self.host.login()
        return Commit(
            sha=sha,
            parents=() if made_up.root or made_up.parent is None else (made_up.parent,),
            tree=made_up.tree,
            message=made_up.message,
            author_name=login,
            author_email="",
            author_login=login,
            committer_login=login,
        )

    def commit(
        self,
        parent: str | None,
        files: Mapping[str, bytes | None],
        message: str,
        *,
        root: bool = False,
        seal: str = "",
    ) -> str:
        """Make a hash up: the same for the same content."""
        tree = _hash(f"{parent}", *(f"{path}\0{data!r}" for path, data in sorted(files.items())))
        message = sealed(message, seal, tree)
        sha = _hash(f"{parent} {root}", message, tree)
        self._commits[sha] = _MadeUp(parent, dict(files), message, root, tree)
        written = sorted(path for path, data in files.items() if data is not None)
        removed = sorted(path for path, data in files.items() if data is None)
        what = [*(f"write {path}" for path in written), *(f"delete {path}" for path in removed)]
        self.would(f"commit {first_line(message)!r}: {', '.join(what) or 'no file'}")
        return sha

    def create(self, name: str, sha: str) -> None:
        """Create a branch. Raises AlreadyThereError."""
        if name in self.branches(name):
            raise AlreadyThereError(f"the branch {name} is there already")
        self._branches[name] = sha
        self.would(f"create the branch {name}")

    def move(self, name: str, sha: str, *, expected: str) -> None:
        """Move a branch. Raises StaleError and NotThereError."""
        there = self.branches(name).get(name)
        if there is None:
            raise NotThereError(f"the branch {name} is gone")
        if there not in {expected, sha}:
            raise StaleError(f"the branch {name} was moved by somebody else")
        self._branches[name] = sha
        self.would(f"move the branch {name}")

    def delete(self, name: str) -> bool:
        """Delete a branch; return whether it was there."""
        if name not in self.branches(name):
            return False
        self._branches[name] = None
        self.would(f"delete the branch {name}")
        return True


def _hash(*parts: str) -> str:
    return hashlib.sha1("\0".join(parts).encode(), usedforsecurity=False).hexdigest()
