"""Find the technical debt of a repository, score it, and say what to mend first.

Results go to standard output, progress to standard error. Without options: a scorecard of the folder you stand in.
"""

from __future__ import annotations

import argparse

from bot.commands import _options

HELP = "scan a repository and print its scorecard"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what to scan, what to print, and when to fail."""
    _options.target(parser)
    _options.asking(parser)
    reports = parser.add_argument_group("reports")
    reports.add_argument(
        "--format",
        default="",
        metavar="NAMES",
        help="terminal, json, markdown, html, sarif, github, cyclonedx, badge, shields; several separated by commas",
    )
    _options.output(reports)
    _options.templates(reports)
    reports.add_argument("--details", action="store_true", help="list every finding on the terminal")
    compare = reports.add_mutually_exclusive_group()
    compare.add_argument("--baseline", metavar="FILE", help="mark what is new since 'debtscan baseline' wrote FILE")
    compare.add_argument("--base", metavar="REV", help="mark what is new since the merge base with REV")
    gate = parser.add_argument_group("gate (exit code 1 when it fails)")
    gate.add_argument("--fail-under", metavar="SCORE", help="fail under this score or grade")
    gate.add_argument(
        "--fail-on", choices=("low", "medium", "high", "critical", "new"), help="fail on a finding this severe, or new"
    )
    gate.add_argument(
        "--gate-on", choices=("low", "score"), help="judge the score's lower bound (default), or the score itself"
    )
    gate.add_argument("--strict", action="store_true", help="exit 4 when something was skipped")


def run(arguments: argparse.Namespace) -> int:
    """Scan and report."""
    from pathlib import Path

    from bot.commands import _perform
    from bot.commands._templates import installed

    with installed(arguments.templates, scanned=Path(arguments.path)):
        return _perform.scan(arguments)
