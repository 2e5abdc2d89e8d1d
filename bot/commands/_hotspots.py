"""``debtscan hotspots``: code and history alone. Nobody is asked and no manifest is read."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from analyzers.checks.hotspots import complexity_hotspot
from analyzers.config import Config, Gate
from analyzers.errors import SnapshotError, UsageError
from analyzers.manifests import Progress
from analyzers.model.facts import Facts
from analyzers.model.finding import Evidence, Finding
from analyzers.model.inventory import Function, Inventory
from analyzers.model.kept import Kept
from analyzers.model.skipped import Skipped
from analyzers.model.target import Target
from analyzers.read import read_code
from analyzers.repository.days import months_before
from analyzers.repository.lines import line_counts
from analyzers.scan import ScanResult
from analyzers.set_aside import set_aside
from analyzers.targets import targets
from bot import gate, output
from bot.assemble import build
from bot.commands import _cached, _progress, _reports
from bot.commands._options import MOST_MONTHS
from bot.commands._progress import say
from bot.commands._session import opened_repository, terminal_options
from bot.hotspots import hotspot_report
from bot.report.renderer import Options
from bot.rounds.clock import Clock
from bot.rounds.repository import Opened
from bot.scorecard import Hotspot, Report


def hotspots(arguments: argparse.Namespace) -> int:
    """Carry out ``debtscan hotspots``."""
    known = _reports.hotspot_renderers()
    formats = tuple(name.strip() for name in arguments.format.split(",") if name.strip())
    wanted = _reports.plan(arguments.output, formats, known)
    clock = Clock.read(arguments.as_of)
    with (
        opened_repository(arguments) as opened,
        _progress.shown(quiet=arguments.quiet) as progress,
        _cached.kept() as kept,
    ):
        wants = _Wants(clock.as_of, _first_day(arguments.since, clock.as_of), arguments.jobs)
        result = _read(opened, wants, progress, kept)
        whole = build(result, scanned_at=clock.now)
        if arguments.lines:
            whole = _with_lines(whole, opened, wants, kept)
        shown = whole.hotspots[: arguments.top or None]
        report = hotspot_report(whole, top=arguments.top, targets=_targets(opened, result.inventory, shown))
    verdict = gate.judge(whole, Gate(), strict=arguments.strict)
    _reports.write_all(wanted, lambda target: known[target.format].render(report, _drawing(arguments, target)))
    for sentence in verdict.incomplete:
        say(sentence)
    return verdict.code


@dataclass(frozen=True, slots=True)
class _Wants:
    as_of: date
    since: date | None
    jobs: int


def _read(opened: Opened, wants: _Wants, progress: Progress, kept: Kept) -> ScanResult:
    started = time.perf_counter()
    inventory = read_code(
        opened.snapshot,
        opened.settings,
        as_of=wants.as_of,
        jobs=wants.jobs,
        progress=progress,
        kept=kept,
        since=wants.since,
    )
    read = time.perf_counter()
    result = _judged(inventory, opened.settings.config, wants.as_of)
    return replace(result, timings={"read": read - started, "check": time.perf_counter() - read})


def _judged(inventory: Inventory, config: Config, as_of: date) -> ScanResult:
    """Return what the one rule says, disabled or not: who asks for hotspots wants it.

    To load all the others, as a scan does, takes longer than to measure a small repository.
    """
    evidence = Evidence(inventory=inventory, facts=Facts(as_of), config=config, as_of=as_of)
    found = tuple(complexity_hotspot.check(evidence))
    counted = set_aside([one for one in found if isinstance(one, Finding)], inventory.ignores, as_of)
    return ScanResult(
        inventory=inventory,
        facts=evidence.facts,
        findings=counted.kept,
        ignored=counted.ignored,
        skipped=(*inventory.skipped, *(one for one in found if isinstance(one, Skipped))),
        config=config,
        as_of=as_of,
        offline=True,
    )


def _with_lines(report: Report, opened: Opened, wants: _Wants, kept: Kept) -> Report:
    """Return the report with the lines that the window added and deleted; where git cannot tell, that is said."""
    if report.inventory.history is None:
        return report
    try:
        lines = line_counts(opened.snapshot, opened.settings.config, wants.as_of, kept=kept, since=wants.since)
    except SnapshotError as error:
        unknown = Skipped(what="history", source="git", reason="no-history", detail=str(error))
        return replace(report, skipped=(*report.skipped, unknown))
    counts = ((size, *lines.get(size.path, (0, 0))) for size in report.files)
    return replace(report, files=tuple(replace(size, added=added, deleted=deleted) for size, added, deleted in counts))


def _first_day(since: date | int | None, as_of: date) -> date | None:
    """Return the first day of the window that the command line asks for: a day, or so many months ago."""
    if isinstance(since, int):
        return months_before(as_of, since) + timedelta(days=1)
    if since is not None and since > as_of:
        raise UsageError(f"--since {since}: is after {as_of}, as of which this judges; name an earlier day")
    if since is not None and since < months_before(as_of, MOST_MONTHS):
        raise UsageError(f"--since {since}: is more than {MOST_MONTHS // 12} years ago; name a later day")
    return since


def _targets(opened: Opened, inventory: Inventory, shown: Iterable[Hotspot]) -> tuple[Target, ...]:
    functions = {_place(function): function for function in inventory.functions}
    wanted = [functions[spot.path, spot.line, spot.function] for spot in shown]
    return targets(opened.snapshot, wanted, inventory.sources)


def _place(function: Function) -> tuple[str, int, str]:
    return (function.path, function.line, function.name)


def _drawing(arguments: argparse.Namespace, target: output.Target) -> Options:
    options = terminal_options(sys.stdout) if target.path is None else Options()
    return replace(options, files_first=arguments.files)
