"""Asks whether hotspots say where the next year's fixes go, beside rankings that cost nothing.

Usage: python -m benchmarks.hotspot_validation REPOSITORY… [--days N] [--top N]

For each repository (a folder or a bare copy) the state of its newest commit's date less ``--days`` is read as
`debtscan hotspots` reads it, and its files are ranked four ways: by hotspot, by lines of code, by complexity alone
and by revisions alone. Then the commits made since are read by ``git log -M``, whose detection of renames is not
debtscan's, and those that fix something are counted: how many of them changed one of the first 20 files. Merges, bots
and commits over 30 files count for nobody. All rankings choose from the same files: code that is no test and neither
generated nor vendored. Nothing of debtscan was tuned on what this prints.
"""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from analyzers.config import Config, Hotspots
from analyzers.model.facts import Facts
from analyzers.model.finding import Group
from analyzers.read import read_code
from analyzers.repository.messages import IS_BOT, IS_FIX, Messages
from analyzers.repository.paths import is_test
from analyzers.repository.people import Bots
from analyzers.repository.snapshot import open_snapshot
from analyzers.scan import judge
from analyzers.settings import Settings
from bot.assemble import build
from bot.hotspots import ranked, weight
from bot.scorecard import FileSize

_GROUP: tuple[Group, ...] = ("hotspots",)
_BULK_FILES = 30
_RANKINGS = ("hotspots", "lines", "complexity", "revisions")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a ranking's first files had to do with the fixes: `touching` fix commits, `lines` of code to look at."""

    touching: int
    lines: int


@dataclass(frozen=True, slots=True)
class Trial:
    """One repository: the `fixes` that touched any of its `files`, and what each ranking caught of them."""

    name: str
    base: str
    day: str
    files: int
    lines: int
    fixes: int
    outcomes: Mapping[str, Outcome]


def main() -> None:
    """Try each repository and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--top", type=int, default=20)
    options = parser.parse_args()
    trials = [_tried(path, options.days, options.top) for path in options.repositories]
    print("\n".join(_table(trials, options.top)))


def _tried(repository: Path, days: int, top: int) -> Trial:
    newest = int(_git(repository, "log", "-1", "--format=%ct", "HEAD"))
    day = datetime.fromtimestamp(newest, UTC) - timedelta(days=days)
    base = _git(repository, "rev-list", "-1", "--first-parent", f"--before={day.isoformat()}", "HEAD").strip()
    if not base:
        raise SystemExit(f"{repository}: has no commit from before {day.date()}")
    files = _files(repository, base, day)
    fixes = _fixes(repository, base, {file.path for file in files})
    outcomes = {name: _outcome(_first(files, name, top), fixes) for name in _RANKINGS}
    name = repository.parent.name if repository.name == "repo" else repository.name
    lines = sum(file.lines for file in files)
    return Trial(name, base, str(day.date()), len(files), lines, len(fixes), outcomes)


def _files(repository: Path, base: str, day: datetime) -> Sequence[FileSize]:
    snapshot = open_snapshot(repository, Config(), commit=base)
    inventory = read_code(snapshot, Settings(Config()), as_of=day.date())
    if inventory.history is None:
        raise SystemExit(f"{repository}: git told no history")
    facts = Facts(looked_up=day.date())
    result = judge(inventory, facts, Config(), as_of=day.date(), only=_GROUP, offline=True)
    return [file for file in build(result, scanned_at=day).files if not is_test(file.path)]


def _first(files: Sequence[FileSize], ranking: str, top: int) -> Sequence[FileSize]:
    if ranking == "hotspots":
        # What `debtscan hotspots` lists may be fewer; behind it come the files that changed less.
        listed = ranked(files)
        others = [file for file in files if file not in set(listed)]
        return [*listed, *sorted(others, key=lambda file: (not file.revisions, -weight(file), file.path))][:top]
    orders: Mapping[str, Callable[[FileSize], int]] = {
        "lines": lambda file: file.lines,
        "complexity": lambda file: file.complexity,
        "revisions": lambda file: file.revisions,
    }
    return sorted(files, key=lambda file: (-orders[ranking](file), file.path))[:top]


def _outcome(first: Sequence[FileSize], fixes: Sequence[frozenset[str]]) -> Outcome:
    chosen = {file.path for file in first}
    return Outcome(sum(not chosen.isdisjoint(fix) for fix in fixes), sum(file.lines for file in first))


def _fixes(repository: Path, base: str, known: set[str]) -> Sequence[frozenset[str]]:
    """Return the files, by their names at ``base``, of each later commit that fixes something in one of them."""
    names = {path: path for path in known}
    bots, messages = Bots(()), Messages(Hotspots())
    found = []
    for author, email, message, changes in _commits(repository, base):
        touched = frozenset(names[old] for old, _ in changes if old in names)
        names |= {new: names.pop(old) for old, new in changes if new != old and old in names}
        said = messages.judge(message.encode(errors="replace"))
        by_bot = said & IS_BOT or bots.is_bot(author, email)
        if touched and said & IS_FIX and not by_bot and len(changes) <= _BULK_FILES:
            found.append(touched)
    return found


def _commits(repository: Path, base: str) -> Iterator[tuple[str, str, str, list[tuple[str, str]]]]:
    """Yield author, e-mail, message and (old path, new path) of what was committed after ``base``, oldest first."""
    listed = _git(
        repository, "log", "--reverse", "--no-merges", "-M", "-z", "--name-status",
        "--format=%x01%aN%x02%aE%x02%B%x02", f"{base}..HEAD",
    )  # fmt: skip
    for entry in listed.split("\x01")[1:]:
        author, email, message, rest = entry.split("\x02", 3)
        yield author, email, message, list(_changes(iter(rest.strip("\0\n").split("\0"))))


def _changes(fields: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Yield the paths before and after."""
    for field in fields:
        status = field.strip()
        if status:
            old = next(fields)
            yield old, next(fields) if status[0] == "R" else old


def _table(trials: Sequence[Trial], top: int) -> Iterator[str]:
    yield f"Fix commits of the following year that changed one of the first {top} files, and the lines of those files."
    yield ""
    yield f"| repository | state of | files | fixes | {' | '.join(_RANKINGS)} |"
    yield f"|---|---|---|---|{'---|' * len(_RANKINGS)}"
    for trial in trials:
        yield f"| {trial.name} | {trial.day} ({trial.base[:9]}) | {trial.files:,} | {trial.fixes} | {_cells(trial)} |"
    for name in _RANKINGS:
        wins = sum(_best(trial) == trial.outcomes[name].touching for trial in trials)
        share = sum(trial.outcomes[name].touching / max(trial.fixes, 1) for trial in trials) / len(trials)
        lines = sum(trial.outcomes[name].lines for trial in trials)
        caught = sum(trial.outcomes[name].touching for trial in trials)
        yield (
            f"{name}: most or as many as the most in {wins} of {len(trials)}; {share:.0%} of the fixes on average; "
            f"{caught / lines * 1000:.2f} fixes per 1,000 lines"
        )


def _best(trial: Trial) -> int:
    return max(outcome.touching for outcome in trial.outcomes.values())


def _cells(trial: Trial) -> str:
    return " | ".join(
        f"{outcome.touching} ({outcome.touching / max(trial.fixes, 1):.0%}; {outcome.lines / 1000:.1f}k)"
        for outcome in trial.outcomes.values()
    )


def _git(repository: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repository), "--no-replace-objects", *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode(errors="replace")


if __name__ == "__main__":
    main()
