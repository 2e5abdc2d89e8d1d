"""``debtscan inventory``: manifests alone. Nothing that asks, judges or measures is loaded."""

from __future__ import annotations

import argparse
from typing import TextIO

from analyzers.model.facts import Facts
from analyzers.read import read
from analyzers.scan import ScanResult
from bot.assemble import build
from bot.commands import _progress
from bot.commands._session import Clock, opened_repository, terminal_options
from bot.report.renderer import Options


def inventory(arguments: argparse.Namespace, stream: TextIO) -> int:
    """Carry out ``debtscan inventory``: manifests alone, no history, no network."""
    from bot.report import cyclonedx, json, terminal

    clock = Clock.read(arguments.as_of)
    with opened_repository(arguments) as opened, _progress.shown(quiet=arguments.quiet) as progress:
        found = read(opened.snapshot, opened.settings, as_of=clock.as_of, metrics=False, progress=progress)
    result = ScanResult(
        inventory=found,
        facts=Facts(looked_up=clock.as_of),
        findings=(),
        ignored=(),
        skipped=found.skipped,
        config=opened.settings.config,
        as_of=clock.as_of,
        offline=True,
    )
    report = build(result, scanned_at=clock.now)
    if arguments.format == "json":
        stream.write(json.render_inventory(report))
    elif arguments.format == "cyclonedx":
        stream.write(cyclonedx.RENDERER.render(report, Options()))
    else:
        stream.write(terminal.render_inventory(report, terminal_options(stream)))
    return 4 if arguments.strict and found.skipped else 0
