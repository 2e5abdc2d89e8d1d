"""The history on a branch of the repository itself, through the host: no server, no clone.

The branch shares no commit with the others. Each entry is a commit on top of the one that was read; where another run
came first, what it wrote is read and the entry goes on top of that. So nothing is lost, and a run that is killed
leaves at most objects that no branch leads to.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from analyzers.config import History
from analyzers.model.facts import Facts
from bot.github.errors import AlreadyThereError, NotThereError, StaleError
from bot.github.host import Host
from bot.store.errors import ForeignBranchError, HistoryError
from bot.store.files import HISTORY, README, Book, about, facts_path, pack_facts, read_book, unpack_facts
from bot.store.model import Entry
from bot.store.prune import WORTH

_ATTEMPTS: Final = 8


class BranchStore:
    """A `Store` on the branch ``branch`` of one repository. Methods raise HistoryError and HostError."""

    def __init__(self, host: Host, branch: str) -> None:
        self._host = host
        self._branch = branch
        # What a commit holds never changes.
        self._books: dict[str, Book] = {}

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries, oldest first."""
        head = self._head()
        return self._book(head).entries() if head else ()

    def facts(self, entry: Entry) -> Facts | None:
        """Return the Facts of an entry, None where they are not kept any more."""
        head = self._head()
        path = facts_path(entry.facts)
        content = self._host.file(path, head) if head else None
        return None if content is None else unpack_facts(content, entry.facts, self._named(path))

    def append(self, entry: Entry, facts: Facts, files: Mapping[str, bytes] | None = None) -> bool:
        """Store an entry with its Facts and ``files``; return False where nothing had to be written."""
        beside = dict(files or {})
        packed = pack_facts(facts, entry.facts)
        message = f"Add the scorecard of {entry.commit[:10] or 'no commit'} as of {entry.as_of}"
        for _attempt in range(_ATTEMPTS):
            head = self._head()
            changes = self._changes(head, entry, packed, beside)
            if not changes:
                return False
            if self._written(head, changes, message):
                return True
        raise self._busy()

    def prune(self, keep: History, today: date) -> int:
        """Begin the branch anew with what is kept, where that is worth it; return how many entries and Facts went."""
        for _attempt in range(_ATTEMPTS):
            head = self._head()
            if head is None:
                return 0
            book, gone, count = self._book(head).pruned(keep, today)
            if count < WORTH:
                return 0
            changes = {HISTORY: book.render(), README: about(), **dict.fromkeys(map(facts_path, gone))}
            if self._written(head, changes, "Keep what is to be kept of the history", root=True):
                return count
        raise self._busy()

    def _head(self) -> str | None:
        return self._host.branches(self._branch).get(self._branch)

    def _book(self, head: str) -> Book:
        """Return the book at a commit. Raises ForeignBranchError where debtscan did not make the branch."""
        if head not in self._books:
            content = self._host.file(HISTORY, head)
            if content is None:
                raise ForeignBranchError(
                    f"the branch {self._branch} has no {HISTORY}, so it is not debtscan's and is left as it is; set "
                    "history.branch to another name, or delete the branch if nobody needs it"
                )
            self._books[head] = read_book(content, self._named(HISTORY))
        return self._books[head]

    def _changes(
        self, head: str | None, entry: Entry, packed: bytes, beside: Mapping[str, bytes]
    ) -> dict[str, bytes | None]:
        """Return what has to be written on top of ``head``."""
        book = self._book(head) if head else Book()
        found: dict[str, bytes | None] = {
            path: content for path, content in beside.items() if not head or self._host.file(path, head) != content
        }
        if all(line.entry.id != entry.id for line in book.lines):
            found |= {HISTORY: book.with_entry(entry).render(), facts_path(entry.facts): packed}
        return found if head else {README: about(), **found}

    def _written(
        self, head: str | None, changes: Mapping[str, bytes | None], message: str, *, root: bool = False
    ) -> bool:
        """Write a commit and make the branch point at it; False where another run was faster."""
        sha = self._host.commit(head, changes, message, root=root)
        try:
            if head is None:
                self._host.create_branch(self._branch, sha)
            else:
                self._host.move_branch(self._branch, sha, expected=head)
        except (AlreadyThereError, StaleError, NotThereError):
            return False
        return True

    def _named(self, path: str) -> str:
        return f"{path} on the branch {self._branch}"

    def _busy(self) -> HistoryError:
        return HistoryError(
            f"the branch {self._branch} was moved by others {_ATTEMPTS} times while this run wrote to it; run it again"
        )
