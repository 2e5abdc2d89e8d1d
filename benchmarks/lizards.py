"""Times the measuring of other languages beside lizard, and compares every function's number with lizard's."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import lizard

from analyzers.config import Config
from analyzers.metrics.measure import Measurement, languages, measure_tree
from analyzers.model.language import Language
from analyzers.repository.snapshot import open_snapshot

_PROCESSES = 2
_FEWEST = 20
_SHOWN = 5


class _Lizards(NamedTuple):
    """What lizard counts in a file: first and last line and complexity of each function; None where it gave up."""

    name: str
    functions: list[tuple[int, int, int]] | None


class _Taken(NamedTuple):
    """Seconds by the clock, and of the processor, which other work on the machine changes little."""

    seconds: float
    processor: float


def report(folder: Path, rounds: int) -> None:
    """Print a table for each language of which the folder holds some files and that tree-sitter parses."""
    for language in sorted(languages().values(), key=lambda one: one.name):
        found = [path for suffix in language.suffixes for path in folder.rglob(f"*{suffix}")]
        files = sorted(path for path in found if path.is_file() and "node_modules" not in path.parts)
        if language.needs_process and len(files) >= _FEWEST:
            with tempfile.TemporaryDirectory() as work:
                _report(folder, language, files, Path(work), rounds)


def _report(folder: Path, language: Language, files: Sequence[Path], work: Path, rounds: int) -> None:
    for number, path in enumerate(files):
        (work / f"f{number:05}{path.suffix}").write_bytes(path.read_bytes())
    snapshot = open_snapshot(work, Config())
    written = {source.path for source in measure_tree(snapshot, Config(), _PROCESSES).sources}
    others = {one.name: one for one in _lizards([path for path in work.iterdir() if path.name in written])}
    left_out = [path for path in work.iterdir() if path.name not in others or others[path.name].functions is None]
    for path in left_out:
        path.unlink()
    size = sum(path.stat().st_size for path in work.iterdir())
    gave_up = sum(one.functions is None for one in others.values())
    print(
        f"\n{folder}, {language.title}: {len(files) - len(left_out)} files, {size / 1e6:.1f} MB, median of {rounds};",
        end=" ",
    )
    print(f"left out: {len(left_out) - gave_up} generated, {gave_up} on which lizard {lizard.version} gives up")
    snapshot = open_snapshot(work, Config())
    theirs, ours = _in_turns(rounds, lambda: _run_lizard(work), lambda: measure_tree(snapshot, Config(), _PROCESSES))
    print(f"{'':28}{'seconds':>9}{'/ lizard':>9}{'processor':>11}{'/ lizard':>9}")
    for name, one in ((f"lizard -t {_PROCESSES}", theirs), (f"measure_tree, {_PROCESSES} processes", ours)):
        shares = (one.seconds / theirs.seconds, one.processor / theirs.processor)
        print(f"{name:28}{one.seconds:9.2f}{shares[0]:9.2f}{one.processor:11.2f}{shares[1]:9.2f}")
    _compare(measure_tree(snapshot, Config(), _PROCESSES), others, files)


def _in_turns(rounds: int, *works: Callable[[], object]) -> list[_Taken]:
    """Time the works one after the other, so that whatever else the machine does befalls all."""
    taken: list[list[_Taken]] = [[] for _ in works]
    for _ in range(rounds):
        for work, times in zip(works, taken, strict=True):
            threads, start, before = threading.active_count(), time.perf_counter(), os.times()
            work()
            seconds = time.perf_counter() - start
            # A process is counted once it was waited for, which the threads that fed it do after the last result.
            while threading.active_count() > threads:
                time.sleep(0.01)
            after = os.times()
            times.append(_Taken(seconds, sum(after[:4]) - sum(before[:4])))
    return [_Taken(*(statistics.median(figures) for figures in zip(*times, strict=True))) for times in taken]


def _run_lizard(folder: Path) -> None:
    command = [sys.executable, "-m", "lizard", "-t", str(_PROCESSES), str(folder)]
    # It ends with the number of functions that it warns of.
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _lizards(files: Sequence[Path]) -> Iterable[_Lizards]:
    with ProcessPoolExecutor(_PROCESSES) as pool:
        return list(pool.map(_lizard, files, chunksize=8))


def _lizard(path: Path) -> _Lizards:
    try:
        with redirect_stderr(StringIO()):
            found = lizard.analyze_file(str(path)).function_list
    except Exception:  # noqa: BLE001 - whatever it is, lizard's own command would end with it
        return _Lizards(path.name, None)
    return _Lizards(path.name, [(one.start_line, one.end_line, one.cyclomatic_complexity) for one in found])


def _compare(measured: Measurement, others: Mapping[str, _Lizards], files: Sequence[Path]) -> None:
    """Print how many functions have lizard's number, and of those that stand on the same lines some that do not."""
    ours = Counter((one.path, one.line, one.end_line, one.complexity) for one in measured.functions)
    theirs = Counter(
        (name, *function) for name, one in others.items() if one.functions is not None for function in one.functions
    )
    begins = Counter(_beginnings(ours)) & Counter(_beginnings(theirs))
    print(
        f"functions: {ours.total()} measured, {theirs.total()} by lizard; equal by file, line and complexity:", end=" "
    )
    print(f"{begins.total()} ({begins.total() / max(1, theirs.total()):.1%} of lizard's)")
    doubted = {entry.path for entry in measured.skipped if entry.path}
    print(f"files of which parts could not be parsed: {len(doubted)}")
    where = {(name, first, last): number for name, first, last, number in theirs}
    different = [(key, where[key[:3]]) for key in sorted(ours - theirs) if where.get(key[:3], key[3]) != key[3]]
    print(f"same lines: {(ours & theirs).total()} equal, {len(different)} differ, for example")
    for (name, first, last, number), other in different[:_SHOWN]:
        print(f"  {files[int(name[1:6])].name}:{first}-{last}: {number}, lizard {other}")


def _beginnings(functions: Iterable[tuple[str, int, int, int]]) -> list[tuple[str, int, int]]:
    return [(name, first, number) for name, first, _, number in functions]
