"""What an earlier run worked out and a later one need not: measured code, read history."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol


class Kept(Protocol):
    """Small values by kind and key. Best effort: what is lost is worked out anew, so nothing here ever raises."""

    def load(self, kind: str, keys: Collection[bytes]) -> Mapping[bytes, bytes]:
        """Return what is kept under those keys; one that is missing is left out."""

    def save(self, kind: str, entries: Mapping[bytes, bytes]) -> None:
        """Keep all entries, or none of them where the process ends in the middle."""

    def drop(self, kind: str, keys: Collection[bytes]) -> None:
        """Forget those entries."""


class NothingKept:
    """Keeps nothing: every run starts from nothing."""

    def load(self, kind: str, keys: Collection[bytes]) -> Mapping[bytes, bytes]:  # noqa: ARG002 - the protocol's
        """Return nothing."""
        return {}

    def save(self, kind: str, entries: Mapping[bytes, bytes]) -> None:
        """Keep nothing."""

    def drop(self, kind: str, keys: Collection[bytes]) -> None:
        """Forget nothing."""


NOTHING_KEPT = NothingKept()
