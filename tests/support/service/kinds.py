"""Small repositories of which the sample organisation consists, scanned for real on every Monday of a quarter.

Nobody is asked: the world's answers are those of `tests.support.past`, and debtscan's own tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from analyzers.model.facts import Facts
from analyzers.read import read
from analyzers.scan import ScanResult, judge
from bot.assemble import build
from bot.rounds.repository import open_repository
from bot.scorecard import Report
from bot.store.entries import entry_of
from bot.store.model import Entry
from tests.support.past import Past, World, advisory, lifecycle, package
from tests.support.repository import RepositoryBuilder

TODAY: Final = date(2026, 11, 26)
WEEKS: Final = 12
DAYS: Final = tuple(TODAY - timedelta(weeks=week) for week in range(WEEKS, -1, -1))

_PROJECT = '[project]\nname = "forecast"\nversion = "1"\ndependencies = ["{}", "{}"]\n'
_WORKFLOW = """\
on: push
jobs:
  test:
    runs-on: {runner}
    steps:
      - uses: actions/checkout@{checkout}
      - uses: actions/upload-artifact@{upload}
      - run: make test
"""


def world(day: date) -> World:
    """Return what was known on a day."""
    return {
        **package("requests", day, v2_31_0="2023-05-22", v2_32_0="2026-10-10", v3_0_0="2026-11-20"),
        **package("flask", day, v2_0_0="2021-05-11", v3_0_0="2023-09-30", v3_0_1="2026-09-24"),
        **package("jinja2", day, v3_0_0="2021-05-11", v3_1_0="2022-03-24", v3_1_1="2026-11-02"),
        **package("django", day, v3_2_0="2021-04-06", v4_2_0="2023-04-03", v5_2_0="2025-04-02"),
        **package("numpy", day, v1_26_0="2023-09-16", v2_0_0="2024-06-16", v2_3_0="2025-06-07"),
        **advisory("flask", "3.0.0", "3.0.1", "2026-11-12", day),
        **lifecycle("python", v3_14="2030-10-31", v3_10="2026-10-31", v3_9="2025-10-31", v3_13="2029-10-31"),
    }


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of repository: its files as they were, and what people made of them later."""

    before: Mapping[str, str]
    after: Mapping[str, str]


def _code(functions: int, mark: str) -> str:
    """Return code with so many functions, each more complicated than the one before."""
    return "".join(
        f"def decide_{number}(a):\n"
        + "".join(f"    if a == {at}:\n        return {at}\n" for at in range(10 + 4 * number))
        + f"    return '{mark}'\n\n\n"
        for number in range(functions)
    )


KINDS: Final[Mapping[str, Kind]] = {
    "api": Kind(
        {"requirements.txt": "requests==2.31.0\nflask==2.0.0\njinja2==3.0.0\n", ".python-version": "3.10\n"},
        {"requirements.txt": "requests==2.32.0\nflask==3.0.1\njinja2==3.1.1\n", ".python-version": "3.14\n"},
    ),
    "site": Kind(
        {
            "Dockerfile": "FROM python:3.8-slim-buster\nRUN pip install flask\n",
            "compose.yaml": "services:\n  db:\n    image: postgres:12\n  cache:\n    image: redis:latest\n",
            "requirements.txt": "flask==3.0.0\n",
        },
        {
            "Dockerfile": "FROM python:3.13-slim-bookworm\n",
            "compose.yaml": "services:\n  db:\n    image: postgres:17\n",
            "requirements.txt": "flask==3.0.1\n",
        },
    ),
    "pipeline": Kind(
        {
            ".github/workflows/ci.yml": _WORKFLOW.format(runner="ubuntu-20.04", checkout="v2", upload="v3"),
            ".github/workflows/nightly.yml": _WORKFLOW.format(runner="ubuntu-22.04", checkout="v3", upload="v2"),
        },
        {".github/workflows/ci.yml": _WORKFLOW.format(runner="ubuntu-24.04", checkout="v4", upload="v4")},
    ),
    "engine": Kind(
        {"rules.py": _code(8, "old"), "engine/tables.py": "ROWS = (1, 2, 3)\n", "README.md": "Engine\n"},
        {"rules.py": _code(2, "new"), "engine/tables.py": "ROWS = (1, 2, 3)\n", "README.md": "Engine\n"},
    ),
    "forecast": Kind(
        {
            "pyproject.toml": _PROJECT.format("numpy==1.26.0", "django==3.2.0"),
            "web/package.json": '{"dependencies": {"left-pad": "1.0.0"}}\n',
            "odd <b>&amp;/requirements.txt": "requests==2.31.0\n",
        },
        {
            "pyproject.toml": _PROJECT.format("numpy==2.3.0", "django==4.2.0"),
            "web/package.json": '{"dependencies": {"left-pad": "1.0.0"}}\n',
        },
    ),
    "legacy": Kind(
        {
            "rules.py": _code(14, "old"),
            "Dockerfile": "FROM python:3.8-slim-buster\n",
            "web/Dockerfile": "FROM node:14-alpine\n",
            "compose.yaml": "services:\n  db:\n    image: postgres:11\n  web:\n    image: nginx:1.18\n",
            "requirements.txt": "requests==2.31.0\nflask==3.0.0\njinja2==3.0.0\ndjango==3.2.0\nnumpy==1.26.0\n",
            ".python-version": "3.9\n",
            ".github/workflows/ci.yml": _WORKFLOW.format(runner="ubuntu-20.04", checkout="v1", upload="v2"),
        },
        {
            "rules.py": _code(9, "new"),
            "Dockerfile": "FROM python:3.10-slim-bookworm\n",
            "web/Dockerfile": "FROM node:16-alpine\n",
            "requirements.txt": "requests==2.31.0\nflask==3.0.1\njinja2==3.1.0\ndjango==4.2.0\n",
            ".python-version": "3.10\n",
        },
    ),
    "notes": Kind({"README.md": "Notes\n", ".python-version": "3.9\n"}, {"README.md": "Notes\n"}),
}


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan of a kind: `report` is what the service stores, `entry` what its history keeps."""

    report: Report
    entry: Entry


@dataclass(frozen=True, slots=True)
class Scans:
    """The scans of a kind, one a Monday: of the files as they were, and of what they became."""

    before: tuple[Scan, ...]
    after: tuple[Scan, ...]


def scanned(folder: Path) -> Mapping[str, Scans]:
    """Make each kind's repository in ``folder`` and scan it, as of each of `DAYS`."""
    return {name: _scans(folder / name, kind) for name, kind in KINDS.items()}


def _scans(folder: Path, kind: Kind) -> Scans:
    builder = RepositoryBuilder(folder / "repository")
    _write(builder, kind.before).commit("Begin", date="2026-03-02")
    if "rules.py" in kind.before:
        _edit(builder, kind.before["rules.py"])
    past = Past(builder, folder, world)
    before = _judged(past, builder)
    for path in set(kind.before) - set(kind.after):
        builder.remove(path)
    _write(builder, kind.after).commit("Pay back", date="2026-11-02")
    return Scans(before, _judged(past, builder))


def _edit(builder: RepositoryBuilder, code: str) -> None:
    """Have several people change every function of ``rules.py``, over the months."""
    for month in range(3, 11):
        builder.write("rules.py", code.replace("'old'", f"'{month}'"))
        builder.commit("Edit", date=f"2026-{month:02d}-11", author=f"Dev {month % 3} <dev{month % 3}@example.org>")
    builder.write("rules.py", code).commit("Edit", date="2026-10-20")


def _write(builder: RepositoryBuilder, files: Mapping[str, str]) -> RepositoryBuilder:
    for path, content in files.items():
        builder.write(path, content)
    return builder


def _judged(past: Past, builder: RepositoryBuilder) -> tuple[Scan, ...]:
    opened = open_repository(builder.path, config=None, commit="main")
    inventory = read(opened.snapshot, opened.settings, as_of=DAYS[-1], jobs=1)
    config = opened.settings.config
    results = [judge(inventory, past.look_up(inventory, Facts(day)), config, as_of=day) for day in DAYS]
    before, last = (past.kept(opened, result) for result in results[-2:])
    newest = replace(_scan(results[-1]).report, change=past.change(before, last))
    return (*map(_scan, results[:-1]), Scan(newest, last.entry))


def _scan(result: ScanResult) -> Scan:
    report = build(result, scanned_at=datetime.combine(result.as_of, time(4), UTC))
    return Scan(report, entry_of(report, result))


def named(report: Report, name: str, commit: str) -> Report:
    """Return a report as that of another repository."""
    return replace(report, repository=replace(report.repository, name=name, commit=commit, branch="main"))
