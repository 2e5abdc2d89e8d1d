"""Write today's findings to a file, to see later what is new.

Use it with ``debtscan scan --baseline FILE`` (and ``--fail-on new``): old debt is shown, new debt fails.
"""

from __future__ import annotations

import argparse

from bot.commands import _options

HELP = "write today's findings, for --baseline"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the target and the file."""
    _options.target(parser)
    _options.asking(parser)
    parser.add_argument("--output", default="debtscan-baseline.json", metavar="FILE", help="default: %(default)s")


def run(arguments: argparse.Namespace) -> int:
    """Scan and write the baseline."""
    from bot.commands import _perform

    return _perform.baseline(arguments)
