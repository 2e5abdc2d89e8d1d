"""Files that could be parsed in part: which of their functions are sound, and what is said of the rest."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from analyzers.errors import InvalidSyntaxError
from analyzers.metrics._tree_functions import Found, span_of
from analyzers.metrics._tree_grammar import Grammar, error_query

if TYPE_CHECKING:
    from tree_sitter import Node

_STATEMENTS = frozenset(
    {
        "case",
        "catch",
        "const",
        "default",
        "do",
        "else",
        "finally",
        "for",
        "foreach",
        "func",
        "function",
        "if",
        "new",
        "return",
        "switch",
        "throw",
        "try",
        "until",
        "unless",
        "var",
        "when",
        "while",
        "with",
    }
)
"""Where braces are missing, a statement may read as a method."""
_FAR = 1 << 62


def errors_in(grammar: Grammar, root: Node) -> Sequence[Node]:
    """Return the nodes that stand for what could not be parsed, or for what is missing."""
    from tree_sitter import QueryCursor

    return QueryCursor(error_query(grammar)).captures(root).get("error", []) if root.has_error else []


def sound(functions: Sequence[Found], errors: Sequence[Node]) -> list[Found]:
    """Return the functions that hold no error, lie in none and are no statement in disguise."""
    if not errors:
        return list(functions)
    spans: list[tuple[int, int]] = []
    for start, end in sorted(map(span_of, errors)):
        # Of errors within each other the outer one counts.
        if not spans or end > spans[-1][1]:
            spans.append((start, end))

    def lies_in_one(node: Node) -> bool:
        before = bisect_right(spans, (node.start_byte, _FAR))
        return before > 0 and node.end_byte <= spans[before - 1][1]

    return [
        found
        for found in functions
        if not found.node.has_error and found.name.rpartition(".")[2] not in _STATEMENTS and not lies_in_one(found.node)
    ]


def doubt(errors: Sequence[Node], measured: int, left_out: int) -> InvalidSyntaxError:
    """Say where a file could not be parsed first, and what that leaves out."""
    line = min((node.start_point.row + 1 for node in errors), default=1)
    if not left_out:
        said = "cannot be parsed there" + ("; no function that was found is touched" if measured else "")
    else:
        functions = "1 function is" if left_out == 1 else f"{left_out:,} functions are"
        said = f"cannot be parsed there; {functions} not measured for such places"
    return InvalidSyntaxError(said, line=line)
