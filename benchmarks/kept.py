"""Times the measuring of a tree beside reading it: without anything kept, the first time, and again.

Usage: python -m benchmarks.kept FOLDER… [--commit REVISION] [--rounds N]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from analyzers.config import Config
from analyzers.errors import UnreadableError
from analyzers.metrics.measure import Measurement, is_code, measure_tree
from analyzers.model.snapshot import Snapshot
from analyzers.repository.kept import KeptFile, summary
from analyzers.repository.snapshot import open_snapshot


def main() -> None:
    """Print a table for each folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--commit", help="measure the files of a commit")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    for folder in options.folders:
        _report(folder, open_snapshot(folder, Config(), commit=options.commit), options.rounds)


def _report(folder: Path, snapshot: Snapshot, rounds: int) -> None:
    paths = [path for path in snapshot.paths() if is_code(snapshot, path)]
    size = sum(snapshot.size(path) for path in paths)
    print(f"\n{folder}: {len(paths):,} files of code, {size / 1e6:.1f} MB, median of {rounds}")
    # In a folder without the care that hostile repositories ask for: as any tool would read it.
    plain = [folder / path for path in paths if (folder / path).is_file()]
    safely, _ = _timed(lambda: _read(snapshot, paths), rounds)
    reading = _timed(lambda: [path.read_bytes() for path in plain], rounds)[0] if plain else safely
    alone, expected = _timed(lambda: measure_tree(snapshot, Config()), rounds)
    first, found = _timed(lambda: _anew(snapshot), rounds)
    with tempfile.TemporaryDirectory() as cache:
        _run(snapshot, Path(cache))
        again, second = _timed(lambda: _run(snapshot, Path(cache)), rounds)
        kept = summary(Path(cache))
    rows = (
        ("reading all the files", reading),
        ("… following no link", safely),
        ("measured, nothing kept", alone),
        ("measured and kept", first),
        ("all of it known", again),
    )
    for name, seconds in rows:
        print(f"{name:24}{seconds:9.3f} s{seconds / reading:9.2f} × reading")
    same = repr(expected) == repr(found) == repr(second)
    print(f"{kept.entries:,} results, {kept.size / 1e6:.1f} MB; the same: {same}")


def _read(snapshot: Snapshot, paths: list[str]) -> None:
    for path in paths:
        try:
            snapshot.read(path)
        except UnreadableError as error:
            print(f"{path}: {error}")


def _anew(snapshot: Snapshot) -> Measurement:
    with tempfile.TemporaryDirectory() as cache:
        return _run(snapshot, Path(cache))


def _run(snapshot: Snapshot, cache: Path) -> Measurement:
    kept = KeptFile(cache)
    try:
        return measure_tree(snapshot, Config(), kept=kept)
    finally:
        kept.close()


def _timed(work: Callable[[], object], rounds: int) -> tuple[float, object]:
    times = []
    result: object = None
    for _ in range(rounds):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return statistics.median(times), result


if __name__ == "__main__":
    main()
