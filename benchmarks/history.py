"""Times the reading of history beside ``git log`` alone.

Usage: python -m benchmarks.history REPOSITORY… [--months N] [--as-of DATE] [--rounds N]
Without --months the whole history is read, as the bare ``git log --raw`` does.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from analyzers.config import Config, Hotspots
from analyzers.metrics.measure import measure_tree
from analyzers.model.inventory import Function, History
from analyzers.repository.days import months_before
from analyzers.repository.history import read_history
from analyzers.repository.snapshot import FileSnapshot, open_snapshot

_WHOLE = 600


def main() -> None:
    """Print a table for each repository."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--months", type=int, default=_WHOLE)
    parser.add_argument("--as-of", type=date.fromisoformat, default=None)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for repository in options.repositories:
        _report(repository, options.months, options.as_of, options.rounds)


def _report(repository: Path, months: int, as_of: date | None, rounds: int) -> None:
    snapshot = open_snapshot(repository, Config())
    day = as_of or _newest(repository)
    config = Config(hotspots=Hotspots(window_months=months))
    functions = measure_tree(snapshot, config).functions
    window = () if months == _WHOLE else (f"--since-as-filter={months_before(day, months)}T23:59:59Z",)
    bare = _median(lambda: _git(repository, "log", "--raw", "--no-renames", *window), rounds)
    rows = [
        ("git log --raw --no-renames", bare),
        ("read_history, files", _median(lambda: _read(snapshot, config, day), rounds)),
        ("read_history, functions too", _median(lambda: _read(snapshot, config, day, functions), rounds)),
        ("git log --numstat, once", _median(lambda: _git(repository, "log", "--numstat", "--no-renames", *window), 1)),
    ]
    found = _read(snapshot, config, day, functions)
    print(f"\n{repository}: {found.since} to {found.until}, median of {rounds}")
    print(f"{found.commits} commits counted; left out: {dict(found.left_out)}")
    print(f"{len(found.churn)} files changed; {len(found.functions)} functions followed")
    print(f"{'':30}{'seconds':>9}{'/ bare':>9}")
    for name, seconds in rows:
        print(f"{name:30}{seconds:9.2f}{seconds / bare:9.2f}")


def _read(snapshot: FileSnapshot, config: Config, day: date, functions: Iterable[Function] = ()) -> History:
    found, skipped = read_history(snapshot, config, day, tuple(functions))
    if found is None:
        raise SystemExit(f"no history: {skipped}")
    return found


def _git(repository: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=repository, check=True, capture_output=True).stdout.decode(
        errors="replace"
    )


def _newest(repository: Path) -> date:
    return date.fromisoformat(_git(repository, "log", "-1", "--format=%cs").strip())


def _median(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    main()
