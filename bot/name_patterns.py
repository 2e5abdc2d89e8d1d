"""Patterns of names in which ``*`` stands for any characters. Each takes time in proportion to both texts."""

from __future__ import annotations

from collections.abc import Iterable


def matches(name: str, pattern: str) -> bool:
    """Return whether the whole name fits the pattern; case does not count."""
    name, parts = name.lower(), pattern.lower().split("*")
    if len(parts) == 1:
        return name == parts[0]
    first, last = parts[0], parts[-1]
    if len(name) < len(first) + len(last) or not name.startswith(first) or not name.endswith(last):
        return False
    # The leftmost place of each part leaves most to the next, so nothing is ever tried twice.
    at, end = len(first), len(name) - len(last)
    for part in parts[1:-1]:
        found = name.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def matches_any(name: str, patterns: Iterable[str]) -> bool:
    """Return whether any of the patterns fits."""
    return any(matches(name, pattern) for pattern in patterns)
