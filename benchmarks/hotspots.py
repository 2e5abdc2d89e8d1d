"""Times the measuring of Python code beside radon and beside parsing alone, and compares every number with radon's.

Of other languages that are measured, where a folder holds some files, the same beside lizard.

Usage: python -m benchmarks.hotspots FOLDER… [--rounds N] (without a folder: the standard library of this Python)
"""

from __future__ import annotations

import argparse
import ast
import gc
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from radon.complexity import add_inner_blocks
from radon.visitors import ComplexityVisitor

from analyzers.config import Config
from analyzers.metrics.measure import Measurement, measure_tree
from analyzers.model.snapshot import Snapshot
from analyzers.repository.snapshot import open_snapshot
from benchmarks import lizards

_PROCESSES = 2


def main() -> None:
    """Print a table for each folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=[Path(sysconfig.get_path("stdlib"))])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for folder in options.folders:
        with tempfile.TemporaryDirectory() as work:
            copy = _copy(folder, Path(work))
            if any(copy.iterdir()):
                _report(folder, copy, options.rounds)
        lizards.report(folder, options.rounds)


def _copy(folder: Path, work: Path) -> Path:
    """Copy the Python files under plain names, so that every tool measures the same ones (vendored ones too)."""
    for number, path in enumerate(sorted(folder.rglob("*.py"))):
        if "site-packages" not in path.relative_to(folder).parts:
            (work / f"f{number:05}.py").write_bytes(path.read_bytes())
    return work


def _report(folder: Path, copy: Path, rounds: int) -> None:
    files = sorted(copy.glob("*.py"))
    size = sum(path.stat().st_size for path in files)
    print(f"\n{folder}: {len(files)} files, {size / 1e6:.1f} MB, median of {rounds}, {os.cpu_count()} processors")
    snapshot = open_snapshot(copy, Config())
    parse = _median(lambda: _parse_in_processes(files), rounds)
    radon = _median(lambda: _radon(copy), rounds)
    rows = [
        (f"ast.parse, {_PROCESSES} processes", parse),
        ("radon cc -j", radon),
        (
            f"measure_tree, {_PROCESSES} processes",
            _median(lambda: measure_tree(snapshot, Config(), _PROCESSES), rounds),
        ),
        ("measure_tree, in turn", _median(lambda: measure_tree(snapshot, Config(), 1), rounds)),
    ]
    print(f"{'':28}{'seconds':>9}{'/ parse':>9}{'/ radon':>9}")
    for name, seconds in rows:
        print(f"{name:28}{seconds:9.2f}{seconds / parse:9.2f}{seconds / radon:9.2f}")
    _compare(snapshot, measure_tree(snapshot, Config(), _PROCESSES))


def _median(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _radon(folder: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "radon", "cc", "-j", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _parse_in_processes(files: Sequence[Path]) -> None:
    ranked = sorted(files, key=lambda path: -path.stat().st_size)
    with ProcessPoolExecutor(_PROCESSES) as pool:
        list(pool.map(_parse, [ranked[start::_PROCESSES] for start in range(_PROCESSES)]))


def _parse(files: Sequence[Path]) -> None:
    gc.disable()
    warnings.simplefilter("ignore")
    for path in files:
        _tree(path.read_bytes())


def _tree(content: bytes) -> ast.Module | None:
    try:
        return ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _compare(snapshot: Snapshot, measured: Measurement) -> None:
    """Print how many functions have radon's own number."""
    warnings.simplefilter("ignore")
    failed = {entry.path for entry in measured.skipped}
    mine = {(function.path, function.line, function.complexity) for function in measured.functions}
    equal = different = unmeasured = 0
    for path in snapshot.paths():
        tree = _tree(snapshot.read(path))
        if tree is None:
            continue
        blocks: list[Any] = add_inner_blocks(ComplexityVisitor.from_ast(tree).blocks)
        theirs = {(path, block.lineno, block.complexity) for block in blocks if not hasattr(block, "real_complexity")}
        equal += len(theirs & mine)
        different += len(theirs - mine) if path not in failed else 0
        unmeasured += len(theirs) if path in failed else 0
    print(f"functions: {len(mine)} measured; {equal} equal radon's, {different} differ, {unmeasured} in skipped files")


if __name__ == "__main__":
    main()
