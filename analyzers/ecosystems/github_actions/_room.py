"""How much the expressions of one file may stand for: a matrix multiplies with every step that names it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from analyzers.syntax.node import Mapping, Node, Scalar

MOST_VALUES: Final = 5_000
# Nodes gone through to find these: each costs a small part of what a value costs.
_MOST_NODES: Final = 1_000_000
# So many characters count as one more value.
_TEXT: Final = 100


class Values(NamedTuple):
    """What one matrix expression stands for: whether these are all, and how much room they take each time."""

    nodes: tuple[Node, ...]
    complete: bool
    size: int


@dataclass(slots=True)
class Room:
    """What is left for further expressions of a file. `left_out` counts those that are not followed.

    `known` holds what was found, by where the matrix begins and the path in it; `sizes` the sizes of matrices.
    """

    values: int = MOST_VALUES
    nodes: int = _MOST_NODES
    left_out: int = 0
    known: dict[tuple[int, tuple[str, ...]], Values] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)

    def takes(self, size: int) -> bool:
        """Take room for values of this size; False, and nothing taken, where there is not as much."""
        if size > self.values:
            return False
        self.values -= size
        return True

    def searches(self, matrix: Mapping) -> bool:
        """Take what it costs to look through a matrix once."""
        if matrix.start not in self.sizes:
            self.sizes[matrix.start] = self.size((matrix,))
        return self.looks_at(self.sizes[matrix.start])

    def looks_at(self, count: int) -> bool:
        """Take what it costs to go through so many nodes; False, from then on for good, where that is too much."""
        self.nodes -= count
        return self.nodes >= 0

    def size(self, nodes: Iterable[Node]) -> int:
        """Return how many values there are at and below nodes, long texts and each line counted; costs as much."""
        waiting = list(nodes)
        found = 0
        while waiting and found <= self.nodes:
            node = waiting.pop()
            found += 1
            if isinstance(node, Scalar):
                found += len(node.value) // _TEXT + node.value.count("\n")
            elif isinstance(node, Mapping):
                waiting.extend(value for _, value in node.items)
            else:
                waiting.extend(node.items)
        self.nodes -= found
        return found
