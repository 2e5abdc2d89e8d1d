"""Do the GitHub App's scans, beside others, for `debtscan serve` on the same PostgreSQL (DEBTSCAN_DATABASE).

Start as many as wanted. It ends as `debtscan serve` does; with status 75 where it lost its lease: start it again.
"""

from __future__ import annotations

import argparse

from bot.commands import _serving

HELP = "the GitHub App: scans alone"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the configuration lies."""
    _serving.add_settings(parser)


def run(arguments: argparse.Namespace) -> int:
    """Work until it is told to stop."""
    settings = _serving.loaded(arguments)
    from bot.service import run

    return run.work(settings)
