"""``debtscan hotspots``: code and history alone. Nobody is asked and no manifest is read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import msgspec

from analyzers.config import Config, Gate
from analyzers.errors import UsageError
from analyzers.model.facts import Facts
from analyzers.model.finding import Group
from analyzers.model.inventory import Function, Inventory
from analyzers.model.kept import Kept
from analyzers.model.target import Target
from analyzers.read import read_code
from analyzers.repository.days import months_before
from analyzers.scan import ScanResult, scan
from analyzers.targets import targets
from bot import gate, output
from bot.assemble import build
from bot.commands import _cached, _progress, _reports
from bot.commands._progress import Progress, say
from bot.commands._repository import Opened
from bot.commands._session import Clock, opened_repository, terminal_options
from bot.hotspots import hotspot_report
from bot.report.renderer import Options
from bot.scorecard import Hotspot

_ONLY: tuple[Group, ...] = ("hotspots",)


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
        result = _read(_with_window(opened, arguments.since, clock.as_of), clock, arguments.jobs, progress, kept)
        whole = build(result, scanned_at=clock.now)
        shown = whole.hotspots[: arguments.top or None]
        report = hotspot_report(whole, top=arguments.top, targets=_targets(opened, result.inventory, shown))
    verdict = gate.judge(whole, Gate(), strict=arguments.strict)
    _reports.write_all(wanted, lambda target: known[target.format].render(report, _drawing(arguments, target)))
    for sentence in verdict.incomplete:
        say(sentence)
    return verdict.code


def _read(opened: Opened, clock: Clock, jobs: int, progress: Progress, kept: Kept) -> ScanResult:
    def read() -> Inventory:
        return read_code(opened.snapshot, opened.settings, as_of=clock.as_of, jobs=jobs, progress=progress, kept=kept)

    config = opened.settings.config
    return scan(read, lambda _inventory: Facts(clock.as_of), config, as_of=clock.as_of, only=_ONLY, offline=True)


def _with_window(opened: Opened, since: date | int | None, as_of: date) -> Opened:
    """Return what was opened, with the window of the command line. Who asks for hotspots wants their rule."""
    config: Config = msgspec.structs.replace(opened.settings.config, disabled_rules=())
    if isinstance(since, date) and since > as_of:
        raise UsageError(f"--since {since}: is after {as_of}, as of which this judges; name an earlier day")
    if since is not None:
        months = since if isinstance(since, int) else _months(since, as_of)
        limits = msgspec.structs.replace(config.hotspots, window_months=months)
        config = msgspec.structs.replace(config, hotspots=limits)
    return replace(opened, settings=replace(opened.settings, config=config))


def _months(since: date, as_of: date) -> int:
    """Return the fewest months before ``as_of`` that hold ``since``."""
    months = max(1, (as_of.year - since.year) * 12 + as_of.month - since.month)
    return months if months_before(as_of, months) < since else months + 1


def _targets(opened: Opened, inventory: Inventory, shown: Iterable[Hotspot]) -> tuple[Target, ...]:
    functions = {_place(function): function for function in inventory.functions}
    wanted = [functions[spot.path, spot.line, spot.function] for spot in shown]
    return targets(opened.snapshot, wanted, inventory.sources)


def _place(function: Function) -> tuple[str, int, str]:
    return (function.path, function.line, function.name)


def _drawing(arguments: argparse.Namespace, target: output.Target) -> Options:
    options = terminal_options(sys.stdout) if target.path is None else Options()
    return replace(options, files_first=arguments.files)
