"""Run the GitHub App: webhooks, pages and metrics, and the scans as well unless `jobs` is 0.

SIGTERM ends it: it takes no new work, gives what runs the configured time, and hands the rest to the next one. A second
SIGTERM ends it at once.
"""

from __future__ import annotations

import argparse
import sys

from bot.commands import _serving

HELP = "the GitHub App: webhooks, pages, scans"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the configuration lies, and that it is only to be checked."""
    _serving.add_settings(parser)
    parser.add_argument("--check", action="store_true", help="say whether all is there that it needs, and leave")


def run(arguments: argparse.Namespace) -> int:
    """Serve until it is told to stop."""
    settings = _serving.loaded(arguments)
    from bot.service import run

    if arguments.check:
        return run.check(settings, sys.stdout)
    return run.serve(settings)
