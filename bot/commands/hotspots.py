"""Say which function to split first: complicated code that people keep changing, with what is known beside it.

No network at all: code and git's history say everything. Without options: the worst twenty of the folder you stand in.
"""

from __future__ import annotations

import argparse

from bot.commands import _options

HELP = "rank complicated code that people keep changing"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what to read, since when, and what to print."""
    _options.target(parser)
    parser.add_argument(
        "--since",
        type=_options.since,
        metavar="WHEN",
        help="changes since a day (YYYY-MM-DD) or in a span such as 6m or 2y (default: window-months, 12m)",
    )
    parser.add_argument(
        "--top", type=_options.most, default=20, metavar="N", help="rows of each list (default: 20; 0 for all)"
    )
    parser.add_argument("--files", action="store_true", help="begin with whole files instead of functions")
    parser.add_argument(
        "--lines", action="store_true", help="count added and deleted lines as well, which takes longer"
    )
    reports = parser.add_argument_group("reports")
    reports.add_argument(
        "--format", default="", metavar="NAMES", help="terminal, json, markdown, html; several separated by commas"
    )
    _options.output(reports)
    _options.templates(reports)
    parser.add_argument("--strict", action="store_true", help="exit 4 when something was skipped")


def run(arguments: argparse.Namespace) -> int:
    """Read code and history, and print where they meet."""
    from pathlib import Path

    from bot.commands import _hotspots
    from bot.commands._templates import installed

    with installed(arguments.templates, scanned=Path(arguments.path)):
        return _hotspots.hotspots(arguments)
