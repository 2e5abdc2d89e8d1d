"""Show or clear the cache: what hosts answered, and what was worked out from repositories.

It lies in the platform's cache directory, or where DEBTSCAN_CACHE_DIR says.
"""

from __future__ import annotations

import argparse
import sys

HELP = "show or clear the cache"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the two subcommands."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    info = commands.add_parser("info", help="say where the cache lies and what is in it", allow_abbrev=False)
    info.set_defaults(run=run_info)
    clear = commands.add_parser("clear", help="remove everything from the cache", allow_abbrev=False)
    clear.set_defaults(run=run_clear)


def run_info(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - every command has this signature
    """Print place, entries and bytes."""
    from bot.commands import _cached

    sys.stdout.write(_cached.info())
    return 0


def run_clear(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - as above
    """Empty the cache."""
    from bot.commands import _cached

    sys.stdout.write(_cached.clear())
    return 0
