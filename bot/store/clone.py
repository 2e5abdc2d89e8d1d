"""The history of a clone: the branch as it was fetched, read with git. Nothing is written and nobody is asked."""

from __future__ import annotations

from pathlib import Path

from analyzers.errors import UnreadableError
from analyzers.model.facts import Facts
from analyzers.repository.elsewhere import Elsewhere
from bot.store.errors import DamagedHistoryError, ForeignBranchError
from bot.store.files import HISTORY, LARGEST, facts_path, read_book, unpack_facts
from bot.store.model import Entry


class ClonedHistory:
    """Reads as a `Store` does."""

    def __init__(self, elsewhere: Elsewhere, branch: str) -> None:
        self._elsewhere = elsewhere
        self._branch = branch

    @classmethod
    def find(cls, folder: Path, branch: str) -> ClonedHistory | None:
        """Return the history in the repository that holds ``folder``; None where the branch was not fetched."""
        elsewhere = Elsewhere.find(folder, branch)
        return cls(elsewhere, branch) if elsewhere else None

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries, oldest first. Raises HistoryError."""
        content = self._file(HISTORY)
        if content is None:
            raise ForeignBranchError(
                f"the branch {self._branch} has no {HISTORY}, so it is not debtscan's; set history.branch to another"
            )
        return read_book(content, self._named(HISTORY)).entries()

    def facts(self, entry: Entry) -> Facts | None:
        """Return the Facts of an entry, None where they are not kept any more. Raises HistoryError."""
        path = facts_path(entry.facts)
        content = self._file(path)
        return None if content is None else unpack_facts(content, entry.facts, self._named(path))

    def _file(self, path: str) -> bytes | None:
        try:
            return self._elsewhere.file(path, LARGEST)
        except UnreadableError as error:
            raise DamagedHistoryError(f"{self._named(path)}: {error.detail}") from error

    def _named(self, path: str) -> str:
        return f"{path} on the branch {self._branch}"
