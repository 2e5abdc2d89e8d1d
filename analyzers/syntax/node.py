"""What the JSON, TOML and YAML readers have in common: a tree of nodes with spans in code points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf. `value` is its text after unescaping (``3.10`` stays ``3.10``); ``start``–``end`` is what stands
    between the quotes, or the plain text.

    `quoted` says that it was written as a string; only then is it surely one. Where ``value`` differs from the
    source between `start` and `end` (escapes, folding), an edit has to be refused.
    """

    value: str
    start: int
    end: int
    quoted: bool = True


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """A table. Keys keep their order; where a key stands twice, the last one wins (`get`)."""

    items: tuple[tuple[Scalar, Node], ...]
    start: int
    end: int

    def get(self, *keys: str) -> Node | None:
        """Follow ``keys`` through nested mappings; None where one is missing."""
        node: Node = self
        for key in keys:
            if not isinstance(node, Mapping):
                return None
            found = next((value for name, value in reversed(node.items) if name.value == key), None)
            if found is None:
                return None
            node = found
        return node

    def mapping(self, *keys: str) -> Mapping:
        """Return the mapping at ``keys``, or an empty one."""
        node = self.get(*keys)
        return node if isinstance(node, Mapping) else Mapping((), self.start, self.start)

    def scalar(self, *keys: str) -> Scalar | None:
        """Return the scalar at ``keys``, or None."""
        node = self.get(*keys)
        return node if isinstance(node, Scalar) else None

    def scalars(self, *keys: str) -> Iterator[Scalar]:
        """Yield the scalars of the list at ``keys``; nothing where there is none."""
        node = self.get(*keys)
        if isinstance(node, Sequence):
            yield from (item for item in node.items if isinstance(item, Scalar))


Node: TypeAlias = Scalar | Sequence | Mapping
