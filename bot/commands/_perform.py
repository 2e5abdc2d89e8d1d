"""What the commands that scan have in common: open, read, look up, judge, render, write."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from analyzers.config import Gate
from analyzers.errors import UsageError
from analyzers.repository.snapshot import merge_base
from analyzers.scan import ScanResult
from bot import baseline as baselines
from bot import gate, output
from bot.assemble import build
from bot.commands import _cached, _network, _progress, _reports, _workflow
from bot.commands._past import with_past
from bot.commands._progress import say
from bot.commands._session import opened_repository, terminal_options
from bot.posts import outputs
from bot.report.renderer import Options
from bot.rounds.clock import Clock
from bot.rounds.past import Since
from bot.rounds.repository import Opened, open_repository
from bot.rounds.scanning import Scanner
from bot.scorecard import Report


def scan(arguments: argparse.Namespace) -> int:
    """Carry out ``debtscan scan``."""
    formats = tuple(name.strip() for name in arguments.format.split(",") if name.strip())
    targets = _reports.planned(arguments.output, formats)
    with opened_repository(arguments) as opened:
        wanted = _gate(arguments, opened.settings.config.gate)
        gate.check(wanted, compares=bool(arguments.baseline or arguments.base))
        report = _report(arguments, opened)
        verdict = gate.judge(report, wanted, strict=arguments.strict)
    _reports.write(report, targets, lambda target: _drawing(arguments, target))
    _tell_workflow(report, targets)
    for sentence in (*verdict.failed, *verdict.incomplete):
        say(sentence)
    return verdict.code


def _tell_workflow(report: Report, targets: Sequence[output.Target]) -> None:
    """Tell a workflow's later steps and its job's page, where this runs in one."""
    from bot.report import github

    values = outputs.of_report(report) | {"report": _reports.listed(targets)}
    _workflow.tell(lambda: github.summary(report), values)


def baseline(arguments: argparse.Namespace) -> int:
    """Carry out ``debtscan baseline``."""
    with opened_repository(arguments) as opened:
        report = _report(arguments, opened, compare=False)
    output.write_file(Path(arguments.output), baselines.render(report))
    say(f"wrote {len(report.findings)} findings to {arguments.output}")
    return 0


def _report(arguments: argparse.Namespace, opened: Opened, *, compare: bool = True) -> Report:
    clock = Clock.read(arguments.as_of)
    # Read before the work begins: a wrong file is told at once.
    before = baselines.load(Path(arguments.baseline)) if compare and arguments.baseline else None
    with (
        _progress.shown(quiet=arguments.quiet) as progress,
        _network.asking(opened.settings.config, offline=arguments.offline, progress=progress) as network,
        _cached.kept() as kept,
    ):
        scanner = Scanner(
            clock=clock,
            network=network,
            progress=progress,
            jobs=arguments.jobs,
            only=tuple(arguments.only),
            offline=arguments.offline,
            kept=kept,
        )
        result = scanner.scan(opened)
        if compare and arguments.base:
            commit = _merge_base(opened, arguments.base)
            base = open_repository(opened.folder, config=arguments.config, commit=commit, bring=opened.bring)
            earlier = scanner.scan(replace(base, settings=opened.settings))
            before = baselines.of(build(earlier, scanned_at=clock.now))
        report = build(result, scanned_at=clock.now, baseline=before)
        if not compare:
            return report
        since = _since(arguments, opened, scanner, result)
        return with_past(report, result, arguments.path, opened, since, offline=arguments.offline)


def _since(arguments: argparse.Namespace, opened: Opened, scanner: Scanner, result: ScanResult) -> Since | None:
    """Return what compares with an earlier scan; None where none was like it: a part, another commit."""
    if arguments.offline or arguments.only or arguments.commit or arguments.config:
        return None
    return lambda last, facts: scanner.change(opened, result, last, facts)


def _merge_base(opened: Opened, revision: str) -> str:
    found = merge_base(opened.snapshot, revision)
    if found is None:
        raise UsageError(f"--base {revision}: there is no such commit here, or no common ancestor; fetch it first")
    return found


def _gate(arguments: argparse.Namespace, configured: Gate) -> Gate:
    """Return the configured gate with the command line's flags laid over it."""
    return Gate(
        fail_under=arguments.fail_under if arguments.fail_under is not None else configured.fail_under,
        fail_on=arguments.fail_on if arguments.fail_on is not None else configured.fail_on,
        gate_on=arguments.gate_on if arguments.gate_on is not None else configured.gate_on,
    )


def _drawing(arguments: argparse.Namespace, target: output.Target) -> Options:
    if target.path is None:
        return replace(terminal_options(sys.stdout), details=arguments.details)
    return Options(details=arguments.details)
