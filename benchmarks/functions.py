"""Times following functions through the window and measuring their trends, beside reading the history of files alone.

Usage: python -m benchmarks.functions REPOSITORY… [--rounds N]
Each round begins with an empty store: what is read "first" fills it, what is read "again" finds it filled.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from analyzers.config import Config
from analyzers.metrics.measure import measure_tree
from analyzers.metrics.trends import measure_trends
from analyzers.model.inventory import Function, History
from analyzers.repository.days import day_of
from analyzers.repository.history import read_history
from analyzers.repository.kept import KeptFile
from analyzers.repository.snapshot import FileSnapshot, history_of, open_snapshot

_Result = TypeVar("_Result")


def main() -> None:
    """Print a table for each repository."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    for repository in options.repositories:
        snapshot = open_snapshot(repository, Config(), commit="HEAD")
        functions = measure_tree(snapshot, Config()).functions
        times: dict[str, list[float]] = defaultdict(list)
        for _ in range(options.rounds):
            found = _round(snapshot, functions, times)
        print(f"\n{repository}: {len(found.functions)} functions followed, {len(found.versions)} measured for a trend")
        for name, seconds in times.items():
            print(f"{name:32}{statistics.median(seconds):9.3f} s")


def _round(snapshot: FileSnapshot, functions: Sequence[Function], times: dict[str, list[float]]) -> History:
    day = _newest(snapshot)

    def timed(name: str, work: Callable[[], _Result]) -> _Result:
        start = time.perf_counter()
        result = work()
        times[name].append(time.perf_counter() - start)
        return result

    def read(wanted: Sequence[Function]) -> History:
        found, skipped = read_history(snapshot, Config(), day, wanted, kept=KeptFile(Path(folder)), lifetime=False)
        if found is None:
            raise SystemExit(f"no history: {skipped}")
        return found

    with tempfile.TemporaryDirectory() as folder:
        timed("files, first", lambda: read(()))
        timed("files, again", lambda: read(()))
        found = timed("functions too, first", lambda: read(functions))
        timed("functions too, again", lambda: read(functions))
        for name in ("trends, first", "trends, again"):
            timed(name, lambda: measure_trends(snapshot, functions, found, kept=KeptFile(Path(folder))))
    return found


def _newest(snapshot: FileSnapshot) -> date:
    source = history_of(snapshot)
    if source is None:
        raise SystemExit("no commit here")
    git, commit = source
    return day_of(int(git.line("log", "-1", "--format=%ct", commit)))


if __name__ == "__main__":
    main()
