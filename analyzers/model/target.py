"""What to split first: one complicated function, the blocks worth taking out of it, and the tests that mention it."""

from __future__ import annotations

from dataclasses import dataclass

from analyzers.model.language import Branch


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One function and how to take it apart. `path`, `name`, `line`, `end_line`, `complexity` are the function's own.

    `branches` are few, in the order of the file, and none lies within another: each can become a function. Where there
    are none, `reason` says why. `tests` are at most five of the `tests_seen` test files that mention the function or
    what it is part of, those that do so most often first: seen there, not known to run it. With `tests_complete` False
    not every test file was looked at, or none because nothing is known of the language's imports.
    """

    path: str
    name: str
    line: int
    end_line: int
    complexity: int
    branches: tuple[Branch, ...] = ()
    reason: str = ""
    tests: tuple[str, ...] = ()
    tests_seen: int = 0
    tests_complete: bool = True
