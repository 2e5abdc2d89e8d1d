"""Times the reading of history beside git alone and GitPython, all in one run.

Usage: python -m benchmarks.history REPOSITORY… [--rounds N] [--sample N] [--new N]
The first pass reads the whole history into an empty store. For the increments the store has read all but the newest
commits. GitPython is asked for the statistics of a sample of commits, spread evenly, which is scaled to all of them;
``--sample 0`` asks for all.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import git

from analyzers.config import Config, Hotspots
from analyzers.model.inventory import History
from analyzers.repository.history import read_history
from analyzers.repository.kept import KeptFile
from analyzers.repository.lines import line_counts
from analyzers.repository.snapshot import FileSnapshot, open_snapshot

_CODE = (".py", ".js", ".ts", ".vue", ".go", ".java", ".rb", ".rs", ".c", ".cpp", ".cs", ".php", ".kt")
_EVER = Config(hotspots=Hotspots(window_months=1200))


def main() -> None:
    """Print a table for each repository."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--new", type=int, default=100)
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--peak", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    for repository in options.repositories:
        with tempfile.TemporaryDirectory() as work:
            if options.peak:
                _print_peak(Bench.of(repository, Path(work)))
            else:
                _report(Bench.of(repository, Path(work)), options.rounds, options.new, options.sample)


@dataclass(frozen=True)
class Bench:
    """A copy of a repository that shares its objects, and room to work in."""

    repository: Path
    work: Path
    copy: Path
    commit: str
    day: date

    @classmethod
    def of(cls, repository: Path, work: Path) -> Bench:
        """Make the copy, in which commits can be made."""
        copy = work / "copy"
        _git(work, "clone", "--quiet", "--shared", "--bare", str(repository.resolve()), str(copy))
        commit, day = _git(copy, "log", "-1", "--format=%H %cs").split()
        return cls(repository, work, copy, commit, date.fromisoformat(day))

    def snapshot(self, commit: str = "") -> FileSnapshot:
        """Open the files of a commit."""
        return open_snapshot(self.copy, Config(), commit=commit or self.commit)

    def store(self, name: str) -> KeptFile:
        """Return a store, which is new where the name is."""
        return KeptFile(self.work / name)

    def read(self, snapshot: FileSnapshot, store: KeptFile, *, lifetime: bool = True) -> History:
        """Read the history, as a scan does."""
        code = frozenset(path for path in snapshot.paths() if path.endswith(_CODE))
        found, skipped = read_history(snapshot, Config(), self.day, code=code, kept=store, lifetime=lifetime)
        if found is None:
            raise SystemExit(f"no history: {skipped}")
        return found

    def again(self, before: str, snapshot: FileSnapshot, *, lifetime: bool) -> Callable[[], float]:
        """Return what times a reading into a copy of the store ``before``, which has read another commit."""

        def timed() -> float:
            shutil.rmtree(self.work / "again", ignore_errors=True)
            shutil.copytree(self.work / before, self.work / "again")
            store = self.store("again")
            return _time(lambda: self.read(snapshot, store, lifetime=lifetime))

        return timed

    def first(self, snapshot: FileSnapshot) -> float:
        """Time a reading into a new store."""
        shutil.rmtree(self.work / "first", ignore_errors=True)
        store = self.store("first")
        return _time(lambda: self.read(snapshot, store))


def _report(bench: Bench, rounds: int, new: int, sample: int) -> None:
    snapshot = bench.snapshot()
    bench.read(bench.snapshot(_git(bench.copy, "rev-parse", f"{bench.commit}~{new}").strip()), bench.store("older"))
    bench.read(bench.snapshot(_rewritten(bench)), bench.store("rewritten"))
    found = bench.read(snapshot, bench.store("same"))
    times = _medians(
        {
            "git log --raw --no-renames": lambda: _time(
                lambda: _git(bench.copy, "log", "--raw", "--no-renames", bench.commit)
            ),
            "first pass": lambda: bench.first(snapshot),
            f"{new} new commits, window": bench.again("older", snapshot, lifetime=False),
            f"{new} new commits, lifetime too": bench.again("older", snapshot, lifetime=True),
            "rewritten tip, window": bench.again("rewritten", snapshot, lifetime=False),
            "nothing new, window": bench.again("same", snapshot, lifetime=False),
        },
        rounds,
    )
    commits = int(_git(bench.copy, "rev-list", "--count", bench.commit))
    print(f"\n{bench.repository}: {commits:,} commits to {bench.day}, median of {rounds}")
    print(f"{found.commits} commits of the window counted, left out: {dict(found.left_out)}")
    print(f"{'':38}{'seconds':>9}{'/ bare':>9}{'/ first':>9}")
    bare, first = times["git log --raw --no-renames"], times["first pass"]
    for name, seconds in times.items():
        print(f"{name:38}{seconds:9.3f}{seconds / bare:9.3f}{seconds / first:9.4f}")
    numstat = _time(lambda: _git(bench.copy, "log", "--numstat", "--no-renames", bench.commit))
    lines = _time(lambda: line_counts(snapshot, _EVER, bench.day, kept=bench.store("lines")))
    print(f"{'git log --numstat, once':38}{numstat:9.3f}{numstat / bare:9.3f}")
    print(
        f"{'line_counts of the whole history, once':38}{lines:9.3f}{lines / bare:9.3f}  / numstat {lines / numstat:.2f}"
    )
    asked = sample or commits
    stats = _stats(bench, commits, asked)
    told = f"GitPython commit.stats, {asked} of them" if asked < commits else "GitPython commit.stats"
    print(f"{told:38}{stats:9.1f}{stats / bare:9.1f}{stats / first:9.1f}")
    print(_peak(bench.repository))


def _rewritten(bench: Bench) -> str:
    """Return a commit that stands where the two newest ones stand now."""
    tree = _git(bench.copy, "rev-parse", f"{bench.commit}^{{tree}}").strip()
    person = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
    return _git(bench.copy, *person, "commit-tree", tree, "-p", f"{bench.commit}~2", "-m", "Rewritten").strip()


def _stats(bench: Bench, commits: int, asked: int) -> float:
    """Return the seconds that the statistics of all commits take, judged by so many of them."""
    names = _git(bench.copy, "rev-list", bench.commit).split()[:: max(1, commits // asked)][:asked]
    opened = git.Repo(bench.copy)
    return _time(lambda: [opened.commit(name).stats.total for name in names]) * commits / len(names)


def _peak(repository: Path) -> str:
    """Return what a process that does nothing but read the history, once, says of its memory."""
    command = [sys.executable, "-m", "benchmarks.history", str(repository), "--peak"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _print_peak(bench: Bench) -> None:
    bench.read(bench.snapshot(), bench.store("first"))
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory of the first pass: {_peak_kilobytes() / 1024:.0f} MB, and {child:.0f} MB of git beside it")


def _peak_kilobytes() -> int:
    # What getrusage says begins, on Linux, with what the process had from which this one was started.
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
    return done.stdout.decode(errors="replace")


def _medians(works: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Return the median time of each; in turn, so that what else the machine does hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            times[name].append(work())
    return {name: statistics.median(found) for name, found in times.items()}


def _time(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
