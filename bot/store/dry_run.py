"""A store that writes nothing: it says what it would store, for places that have no dry run of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from analyzers.config import History
from analyzers.model.facts import Facts
from bot.store.model import Entry, Store


@dataclass(frozen=True, slots=True)
class DryRunStore:
    """Passes reads on to ``store``; `say` gets a sentence an entry that it would store. Also a `Store`."""

    store: Store
    say: Callable[[str], None]

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries, oldest first."""
        return self.store.entries()

    def facts(self, entry: Entry) -> Facts | None:
        """Return the Facts of an entry."""
        return self.store.facts(entry)

    def append(self, entry: Entry, facts: Facts, files: Mapping[str, bytes] | None = None) -> bool:
        """Say that the entry would be stored, unless it is there."""
        del facts, files
        if any(there.id == entry.id for there in self.store.entries()):
            return False
        self.say(f"would store the scorecard of {entry.commit[:10] or 'no commit'} as of {entry.as_of} in the database")
        return True

    def prune(self, keep: History, today: date) -> int:
        """Remove nothing."""
        del keep, today
        return 0
