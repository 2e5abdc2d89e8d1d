"""``debtscan inventory``: manifests alone. Nothing that asks, judges or measures is loaded."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, TextIO

from analyzers.read import read
from bot.commands import _progress
from bot.commands._session import opened_repository, terminal_options
from bot.listing import listing
from bot.rounds.clock import Clock

if TYPE_CHECKING:
    from analyzers.config import Config
    from analyzers.model.inventory import Inventory
    from bot.scorecard import Report


def inventory(arguments: argparse.Namespace, stream: TextIO) -> int:
    """Carry out ``debtscan inventory``: manifests alone, no history, no network."""
    clock = Clock.read(arguments.as_of)
    with opened_repository(arguments) as opened, _progress.shown(quiet=arguments.quiet) as progress:
        found = read(opened.snapshot, opened.settings, as_of=clock.as_of, metrics=False, progress=progress)
    if arguments.format == "json":
        from bot.report import json

        stream.write(json.render_inventory(listing(found, as_of=clock.as_of, scanned_at=clock.now)))
    else:
        _draw(_report(found, opened.settings.config, clock), arguments.format, stream)
    return 4 if arguments.strict and found.skipped else 0


def _draw(report: Report, form: str, stream: TextIO) -> None:
    from bot.report import cyclonedx, terminal
    from bot.report.renderer import Options

    if form == "cyclonedx":
        stream.write(cyclonedx.RENDERER.render(report, Options()))
    else:
        stream.write(terminal.render_inventory(report, terminal_options(stream)))


def _report(found: Inventory, config: Config, clock: Clock) -> Report:
    """Return the report of a scan that judged nothing."""
    # People and bills of materials get more than rows, and what it takes is loaded for them alone.
    from analyzers.model.facts import Facts
    from analyzers.scan import ScanResult
    from bot.assemble import build

    result = ScanResult(
        inventory=found,
        facts=Facts(looked_up=clock.as_of),
        findings=(),
        ignored=(),
        skipped=found.skipped,
        config=config,
        as_of=clock.as_of,
        offline=True,
    )
    return build(result, scanned_at=clock.now)
