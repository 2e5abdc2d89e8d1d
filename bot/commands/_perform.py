"""What the commands that scan have in common: open, read, look up, judge, render, write."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from analyzers import scan as stages
from analyzers.config import Gate
from analyzers.errors import UsageError
from analyzers.model.discovery import modules
from analyzers.model.inventory import Inventory
from analyzers.read import read
from analyzers.repository.snapshot import merge_base
from bot import baseline as baselines
from bot import gate, output
from bot.assemble import build
from bot.commands import _network, _progress, _workflow
from bot.commands._past import for_report
from bot.commands._progress import say
from bot.commands._repository import Opened, open_repository
from bot.commands._session import Clock, opened_repository, terminal_options
from bot.posts import outputs
from bot.report.renderer import Options, Renderer
from bot.scorecard import Report


def renderers() -> dict[str, Renderer]:
    """Return every report format by its name."""
    found = (module.RENDERER for module in modules("bot.report", states="RENDERER"))
    return {renderer.name: renderer for renderer in found}


def scan(arguments: argparse.Namespace) -> int:
    """Carry out ``debtscan scan``."""
    formats = tuple(name.strip() for name in arguments.format.split(",") if name.strip())
    known = renderers()
    targets = output.plan(formats, tuple(arguments.output), {name: entry.suffix for name, entry in known.items()})
    with opened_repository(arguments) as opened:
        wanted = _gate(arguments, opened.settings.config.gate)
        gate.check(wanted, compares=bool(arguments.baseline or arguments.base))
        report = _report(arguments, opened)
        verdict = gate.judge(report, wanted, strict=arguments.strict)
    # Standard output first: where the files are is then the last thing on the screen.
    for target in sorted(targets, key=lambda target: target.path is not None):
        renderer = known[target.format]
        output.write(target, renderer.render(report, _drawing(arguments, target)))
        if target.path is not None:
            say(f"wrote {target.path}")
    _tell_workflow(report, targets)
    for sentence in (*verdict.failed, *verdict.incomplete):
        say(sentence)
    return verdict.code


def _tell_workflow(report: Report, targets: Sequence[output.Target]) -> None:
    """Tell a workflow's later steps and its job's page, where this runs in one."""
    from bot.report import github

    files = [str(target.path) for target in targets if target.path is not None]
    _workflow.tell(lambda: github.summary(report), outputs.of_report(report) | {"report": "\n".join(files)})


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
        _network.asking(opened.settings.config, offline=arguments.offline, progress=progress) as look_up,
    ):
        result = _result(arguments, opened, clock, look_up, progress)
        if compare and arguments.base:
            base = open_repository(opened.folder, config=arguments.config, commit=_merge_base(opened, arguments.base))
            earlier = _result(arguments, replace(base, settings=opened.settings), clock, look_up, progress)
            before = baselines.of(build(earlier, scanned_at=clock.now))
    past = for_report(arguments.path, opened, offline=arguments.offline) if compare else ()
    return build(result, scanned_at=clock.now, baseline=before, history=past)


def _result(
    arguments: argparse.Namespace,
    opened: Opened,
    clock: Clock,
    look_up: _network.Asking,
    progress: _progress.Progress,
) -> stages.ScanResult:
    def read_all() -> Inventory:
        return read(opened.snapshot, opened.settings, as_of=clock.as_of, jobs=arguments.jobs, progress=progress)

    return stages.scan(
        read_all,
        lambda found: look_up(found, clock.now.date()),
        opened.settings.config,
        as_of=clock.as_of,
        only=tuple(arguments.only),
        offline=arguments.offline,
    )


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
