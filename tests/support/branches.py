"""What the parts of a function must be like, whatever its language."""

from __future__ import annotations

from collections.abc import Iterable

from analyzers.model.language import Branch


def are_nested(told: Iterable[Branch]) -> bool:
    """Return whether parts come outer ones first, each in the lines and the complexity of the one around it."""
    around: list[tuple[Branch, int]] = []
    for branch in told:
        if len(around) < branch.nesting:
            return False
        del around[branch.nesting :]
        if around:
            outer, left = around.pop()
            around.append((outer, left - branch.complexity))
            if not outer.line <= branch.line <= branch.end_line <= outer.end_line or left < branch.complexity:
                return False
        around.append((branch, branch.complexity))
    return True
