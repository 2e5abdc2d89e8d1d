"""Complicated functions → what to split first in each, and the tests that mention it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from analyzers.errors import UnreadableError
from analyzers.mentions import Mentions, mentions
from analyzers.metrics.parts import Parts, telling
from analyzers.model.inventory import Function, SourceFile
from analyzers.model.language import Branch
from analyzers.model.snapshot import Snapshot
from analyzers.model.target import Target
from analyzers.splitting import large_table, worth_splitting

MOST_TESTS = 5


def targets(snapshot: Snapshot, functions: Sequence[Function], sources: Sequence[SourceFile]) -> tuple[Target, ...]:
    """Return a target for each of ``functions``, in their order; ``sources`` are all files of code of the snapshot."""
    parts = dict(_parts(snapshot, functions))
    seen = mentions(snapshot, functions, sources)
    return tuple(_target(function, parts[function], tests) for function, tests in zip(functions, seen, strict=True))


def _parts(snapshot: Snapshot, functions: Sequence[Function]) -> Iterator[tuple[Function, Parts]]:
    """Yield the parts of each function; each file is read once."""
    by_file: Mapping[tuple[str, str], list[Function]] = defaultdict(list)
    for function in functions:
        by_file[function.path, function.language].append(function)
    with telling(language for _, language in by_file) as tell:
        for (path, language), here in by_file.items():
            try:
                content = snapshot.read(path)
            except UnreadableError as error:
                found: Sequence[Parts] = [Parts(problem=error.detail)] * len(here)
            else:
                found = tell((language, content, [(function.line, function.end_line) for function in here]))
            yield from zip(here, found, strict=True)


def _target(function: Function, parts: Parts, tests: Mentions) -> Target:
    chosen = worth_splitting(parts.branches, function.complexity)
    return Target(
        path=function.path,
        name=function.name,
        line=function.line,
        end_line=function.end_line,
        complexity=function.complexity,
        branches=chosen,
        reason="" if chosen else parts.problem or _why_none(parts.branches, function.complexity),
        tests=tests.paths[:MOST_TESTS],
        tests_seen=len(tests.paths),
        tests_complete=tests.complete,
    )


def _why_none(branches: Sequence[Branch], complexity: int) -> str:
    table = large_table(branches, complexity)
    if table is None:
        return "its branches are small and lie apart"
    return f"its branches are small arms of one {table.kind}, lines {table.line}–{table.end_line}: try a table"
