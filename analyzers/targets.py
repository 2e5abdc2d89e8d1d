"""Complicated functions → what to split first in each, and the tests that mention it."""

from __future__ import annotations

from collections.abc import Sequence

from analyzers.errors import UnreadableError
from analyzers.mentions import Mentions, mentions
from analyzers.metrics.measure import languages
from analyzers.model.inventory import Function, SourceFile
from analyzers.model.language import Branch
from analyzers.model.snapshot import Snapshot
from analyzers.model.target import Target
from analyzers.splitting import large_table, worth_splitting

MOST_TESTS = 5


def targets(snapshot: Snapshot, functions: Sequence[Function], sources: Sequence[SourceFile]) -> tuple[Target, ...]:
    """Return a target for each of ``functions``, in their order; ``sources`` are all files of code of the snapshot."""
    seen = mentions(snapshot, functions, sources)
    return tuple(_target(snapshot, function, tests) for function, tests in zip(functions, seen, strict=True))


def _target(snapshot: Snapshot, function: Function, tests: Mentions) -> Target:
    branches, reason = _branches(snapshot, function)
    return Target(
        path=function.path,
        name=function.name,
        line=function.line,
        end_line=function.end_line,
        complexity=function.complexity,
        branches=branches,
        reason=reason,
        tests=tests.paths[:MOST_TESTS],
        tests_seen=len(tests.paths),
        tests_complete=tests.complete,
    )


def _branches(snapshot: Snapshot, function: Function) -> tuple[tuple[Branch, ...], str]:
    """Return the blocks worth taking out of a function, or none and why."""
    language = languages()[function.language]
    if language.branches is None:
        return (), f"parts of functions are not told apart in {language.title}"
    try:
        found = language.branches(snapshot.read(function.path), function.line, function.end_line)
    except UnreadableError as error:
        return (), error.detail
    chosen = worth_splitting(found, function.complexity)
    return chosen, "" if chosen else _why_none(found, function.complexity)


def _why_none(branches: Sequence[Branch], complexity: int) -> str:
    table = large_table(branches, complexity)
    if table is None:
        return "its branches are small and lie apart"
    return f"its branches are small arms of one {table.kind}, lines {table.line}–{table.end_line}: try a table"
