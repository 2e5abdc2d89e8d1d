"""The edits of ``debtscan upgrade``: judge, propose, edit in memory, print the difference."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping

from analyzers import scan as stages
from analyzers.edits import Applied, Editor
from analyzers.model.edit import Refused
from analyzers.model.finding import Finding
from analyzers.model.snapshot import Snapshot
from analyzers.read import ecosystems, read, worlds_of
from bot.binary_patch import binary
from bot.commands import _network, _progress
from bot.commands._progress import say
from bot.commands._repository import Opened
from bot.commands._session import Clock, opened_repository
from bot.diff import is_text, unified
from bot.markup import terminal_text
from bot.proposals import Proposal, proposals

_NAMED = 5


def dry_run(arguments: argparse.Namespace) -> int:
    """Print the diff of what can be edited; say what is left out."""
    with opened_repository(arguments) as opened:
        result = _judged(arguments, opened)
        found = list(proposals(result.findings, result.inventory.dependencies, ecosystems()))
        wanted = [entry for entry in found if _is_wanted(entry.finding, arguments.only)]
        config = opened.settings.config
        editor = Editor(opened.snapshot, worlds_of(config), test_data=config.scan.include_test_data)
        applied = editor.apply([entry.edit for entry in wanted if entry.edit])
        _print(opened.snapshot, applied.files)
    if not arguments.only:
        _tell_unsafe(found)
    _tell_refused(wanted, applied)
    _tell_unknown(arguments.only, result.findings, found)
    return 0


def _judged(arguments: argparse.Namespace, opened: Opened) -> stages.ScanResult:
    clock, config = Clock.read(arguments.as_of), opened.settings.config
    with (
        _progress.shown(quiet=arguments.quiet) as progress,
        _network.asking(config, offline=arguments.offline, progress=progress) as look_up,
    ):
        return stages.scan(
            lambda: read(opened.snapshot, opened.settings, as_of=clock.as_of, metrics=False, progress=progress),
            lambda inventory: look_up(inventory, clock.now.date()),
            config,
            as_of=clock.as_of,
            offline=arguments.offline,
        )


def _is_wanted(finding: Finding, names: Iterable[str]) -> bool:
    """Whether a finding's fix is tried: the safe ones, or all of what is named."""
    named = {name.lower() for name in names}
    return bool(named & _names(finding)) if named else finding.fix.safe


def _names(finding: Finding) -> set[str]:
    return {finding.subject.name.lower(), finding.key.name.lower()}


def _print(snapshot: Snapshot, files: Mapping[str, bytes]) -> None:
    """Write the diff to standard output: its bytes, or, on a terminal, with everything invisible written out."""
    parts = []
    for path, after in files.items():
        before = snapshot.read(path)
        if is_text(before):
            parts.append(unified(path, before, after))
        else:
            say(f"{path} is in an encoding that git takes for binary: its changes are in a binary patch")
            parts.append(binary(path, before, after, snapshot.repository.commit))
    diff = b"".join(parts)
    if not sys.stdout.isatty():
        sys.stdout.flush()
        sys.stdout.buffer.write(diff)
        sys.stdout.buffer.flush()
        return
    shown = terminal_text(diff.decode(errors="replace"))
    sys.stdout.write(shown)
    if shown.encode() != diff:
        say("something in it cannot be shown as it is and is written out; send the output to a file to apply it")


def _tell_unsafe(found: Iterable[Proposal]) -> None:
    names = dict.fromkeys(entry.finding.subject.name for entry in found if not entry.finding.fix.safe and entry.edit)
    if names:
        shown = ", ".join(list(names)[:_NAMED]) + (", …" if len(names) > _NAMED else "")
        say(f"left out: steps that may break something, for {shown}; --only NAME takes one")


def _tell_refused(wanted: Iterable[Proposal], applied: Applied) -> None:
    """Say of each finding that was to be mended why it is not; those of one file with one reason in one sentence."""
    reasons: dict[int, Refused] = {id(entry.edit): entry for entry in applied.refused}
    told: dict[tuple[str, str], dict[tuple[str, int], None]] = {}
    for entry in wanted:
        refused = reasons.get(id(entry.edit))
        why = "nothing is written there that a small edit could change"
        if refused:
            why = f"{refused.detail} ({refused.reason})"
        if entry.edit is None or (refused and refused.reason != "unchanged"):
            spot = entry.finding.subject.name, entry.finding.line
            told.setdefault((entry.finding.path, why), {})[spot] = None
    for (path, why), spots in told.items():
        say(f"left out: {_listed(path, list(spots))}: {why}")


def _listed(path: str, spots: list[tuple[str, int]]) -> str:
    if len(spots) == 1:
        name, line = spots[0]
        return f"{name} in {path}:{line}"
    return f"{', '.join(f'{name} (line {line})' for name, line in spots)} in {path}"


def _tell_unknown(names: Iterable[str], findings: Iterable[Finding], found: Iterable[Proposal]) -> None:
    judged = {name for finding in findings for name in _names(finding)}
    mendable = {name for entry in found for name in _names(entry.finding)}
    for name in names:
        if name.lower() not in mendable:
            say(f"{name}: {'no ready fix' if name.lower() in judged else 'nothing was found that names it'}")
