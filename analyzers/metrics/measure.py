"""Measures every file of code of a snapshot: functions, lines, imports."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from analyzers.config import Config
from analyzers.errors import UnreadableError
from analyzers.metrics._collector import without_collector
from analyzers.metrics.files import FileResult, Job, measure_file
from analyzers.metrics.imports import own_modules, package_of
from analyzers.metrics.processes import batches, measure_in_processes
from analyzers.metrics.stored import Results
from analyzers.model.discovery import modules
from analyzers.model.inventory import Function, SourceFile
from analyzers.model.kept import NOTHING_KEPT, Kept
from analyzers.model.language import Language
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.model.snapshot import Snapshot
from analyzers.repository.paths import suffix_of

_WORTH_A_PROCESS = 1_500_000
"""Bytes of code of languages that are parsed, from which on more processes win more than their start costs."""
_COUNTING_COST = 20
"""Counting lines is so many times cheaper than parsing."""
_MOST_JOBS = 8
_MOST_WITHOUT_SUFFIX = 2_000
_ENV = re.compile(rb"#!\s*\S*/env\s+(?:-S\s+|-\w+\s+|\w+=\S+\s+)*(?:\S*/)?([A-Za-z][A-Za-z-]*)")
_DIRECT = re.compile(rb"#!\s*(?:\S*/)?([A-Za-z][A-Za-z-]*)")

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """All that was measured. `importers` maps ``(ecosystem, package)`` to the files that import it, sorted.

    `marked` are the paths of code that holds an ignore comment.
    """

    functions: tuple[Function, ...] = ()
    sources: tuple[SourceFile, ...] = ()
    importers: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    marked: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()


def measure_tree(
    snapshot: Snapshot,
    config: Config,  # noqa: ARG001 - what counts is settled by the snapshot; a language may ask for more one day
    jobs: int = 0,
    *,
    progress: Progress = lambda _stage, _done, _total: None,
    kept: Kept = NOTHING_KEPT,
) -> Measurement:
    """Measure the tree with so many processes (0: as many as the machine has).

    What an earlier run ``kept`` of the same content is not measured again. The result depends on neither.
    """
    found = _Found(snapshot)
    work = list(found.work())
    processes = _processes(jobs, work)
    results = Results(snapshot, languages(), kept)
    apart = processes > 1 or any(languages()[job.language].needs_process for job in work)
    measured = measure_in_processes(results, work, processes) if apart else _in_turn(results, work)
    by_path: dict[str, FileResult] = {}
    with without_collector():
        for done, result in enumerate(measured, start=1):
            by_path[result.path] = result
            progress("code", done, len(work))
    return _measurement(snapshot, found, [by_path[path] for path in sorted(by_path)])


def is_code(snapshot: Snapshot, path: str) -> bool:
    """Return whether a file is one of code, by its name or its first line."""
    return _Found(snapshot).language(path) is not None


@cache
def languages() -> Mapping[str, Language]:
    """Return every language by name."""
    stated = modules("analyzers.metrics", states="LANGUAGES")
    return {language.name: language for module in stated for language in module.LANGUAGES}


@cache
def _suffixes() -> Mapping[str, Language]:
    return {suffix: language for language in languages().values() for suffix in language.suffixes}


@cache
def _interpreters() -> Mapping[str, Language]:
    return {name: language for language in languages().values() for name in language.interpreters}


class _Found:
    """The files of code of a snapshot, and those left out."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.left_out: Counter[SkipReason] = Counter()
        self._looked_into = 0

    def work(self) -> Iterator[Job]:
        """Yield what is to be measured."""
        for path in self.snapshot.paths():
            language = self.language(path)
            if language is None:
                continue
            if self.snapshot.is_vendored(path):
                self.left_out["vendored"] += 1
            elif self.snapshot.is_generated(path):
                self.left_out["generated"] += 1
            else:
                yield Job(path, language.name, self._size(path))

    def language(self, path: str) -> Language | None:
        """Return the language of a file, None for what is no code."""
        name = path.rpartition("/")[2]
        suffix = suffix_of(name)
        if suffix or name.startswith("."):
            return _suffixes().get(suffix)
        return self._by_first_line(path)

    def _by_first_line(self, path: str) -> Language | None:
        if self._looked_into >= _MOST_WITHOUT_SUFFIX or self._size(path) > _MOST_SCRIPT_BYTES:
            return None
        self._looked_into += 1
        try:
            first = self.snapshot.read(path)[:200]
        except UnreadableError:
            return None
        found = _ENV.match(first) or _DIRECT.match(first)
        return _interpreters().get(found[1].decode()) if found else None

    def _size(self, path: str) -> int:
        try:
            return self.snapshot.size(path)
        except UnreadableError:
            return 0


_MOST_SCRIPT_BYTES = 256 * 1024


def _processes(jobs: int, work: Sequence[Job]) -> int:
    """Return how many processes are worth their start."""
    parsed = [job.size for job in work if languages()[job.language].measures_functions]
    counted = sum(job.size for job in work) - sum(parsed)
    worth = (sum(parsed) + counted // _COUNTING_COST) // _WORTH_A_PROCESS
    available = jobs or min(_MOST_JOBS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
    return min(available, worth + 1)


def _in_turn(results: Results, work: Sequence[Job]) -> Iterator[FileResult]:
    for jobs in batches(work):
        batch = results.batch(jobs)
        yield from batch.results
        measured = [measure_file(path, languages()[language], content) for path, language, content in batch.tasks]
        yield from measured
        results.keep(batch, measured)


def _measurement(snapshot: Snapshot, found: _Found, results: Sequence[FileResult]) -> Measurement:
    own = own_modules(snapshot.paths())
    counted = [result for result in results if not result.generated]
    written = Counter(result.generated for result in results)[True]
    found.left_out["generated"] += written
    importers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for result in counted:
        for package in {package_of(name) for name in result.imports if name not in own}:
            if package is not None:
                importers["pypi", package].append(result.path)
    return Measurement(
        functions=tuple(function for result in counted for function in result.functions),
        sources=tuple(
            SourceFile(path=result.path, language=result.language, lines=result.code_lines)
            for result in counted
            if result.was_read
        ),
        importers={key: tuple(paths) for key, paths in sorted(importers.items())},
        marked=tuple(result.path for result in counted if result.marked),
        skipped=tuple(_skipped(found, counted)),
    )


def _skipped(found: _Found, results: Iterable[FileResult]) -> Iterator[Skipped]:
    unmeasured: Counter[str] = Counter()
    for result in results:
        language = languages()[result.language]
        if result.failure:
            detail = (
                result.failure.detail
                if result.failure.line is None
                else f"line {result.failure.line}: {result.failure.detail}"
            )
            yield Skipped(
                what="file", path=result.path, source=language.name, reason=result.failure.reason, detail=detail
            )
        elif language.has_functions and not language.measures_functions:
            unmeasured[language.title] += 1
    for title, count in sorted(unmeasured.items()):
        files = f"1 {title} file" if count == 1 else f"{count:,} {title} files"
        detail = f"complexity of {files} is not measured; their lines are counted"
        yield Skipped(what="file", source="metrics", reason="not-measured", detail=detail)
    for reason, count in sorted(found.left_out.items()):
        if count:
            files = "1 file of code is" if count == 1 else f"{count:,} files of code are"
            yield Skipped(what="file", source="metrics", reason=reason, detail=f"{files} {reason} and not measured")
