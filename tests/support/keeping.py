"""What runs keep, in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass
class InMemory:
    """Satisfies `analyzers.model.kept.Kept`. `loaded` and `saved` are keys in the order in which they came by."""

    entries: dict[tuple[str, bytes], bytes] = field(default_factory=dict)
    loaded: list[bytes] = field(default_factory=list)
    saved: list[bytes] = field(default_factory=list)

    def load(self, kind: str, keys: Collection[bytes]) -> Mapping[bytes, bytes]:
        self.loaded += keys
        return {key: self.entries[kind, key] for key in keys if (kind, key) in self.entries}

    def save(self, kind: str, entries: Mapping[bytes, bytes]) -> None:
        self.saved += entries
        self.entries.update({(kind, key): value for key, value in entries.items()})

    def drop(self, kind: str, keys: Collection[bytes]) -> None:
        for key in keys:
            self.entries.pop((kind, key), None)

    def copy(self) -> InMemory:
        """Return another one that has kept the same."""
        return InMemory(dict(self.entries))
