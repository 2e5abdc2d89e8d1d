"""Print past scorecards: how the score went, and what took it.

Read from the branch that debtscan keeps them on (as it was fetched into this clone, or on GitHub for OWNER/REPO), or
from the database that DEBTSCAN_DATABASE names.
"""

from __future__ import annotations

import argparse
import sys

from bot.commands import _options

HELP = "print how the score went"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the repository, what of it, and the format."""
    parser.add_argument(
        "path", nargs="?", default=".", metavar="PATH", help="a folder, or OWNER/REPO on GitHub (default: this folder)"
    )
    parser.add_argument("--config", metavar="FILE", help="a configuration that wins over the repository's own")
    parser.add_argument("--format", choices=("terminal", "json", "markdown"), default="terminal")
    parser.add_argument("--since", type=_options.day, metavar="DATE", help="from this date on (YYYY-MM-DD)")
    parser.add_argument("--limit", type=_options.rows, metavar="N", help="the newest N alone")
    _options.templates(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the table."""
    from pathlib import Path

    from bot.commands import _histories
    from bot.commands._templates import installed

    with installed(arguments.templates, scanned=Path(arguments.path)):
        return _histories.run(arguments, sys.stdout)
