"""Put a backup in the place of the service's database, whole or not at all, and migrate it to this version.

Stop the service first: nothing is replaced while a worker lives.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.commands import _serving

HELP = "the GitHub App: bring a backup back"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file, and what it may replace."""
    parser.add_argument("file", type=Path, metavar="FILE", help="what `debtscan backup` wrote")
    parser.add_argument("--replace", action="store_true", help="give up the database that is there")
    parser.add_argument(
        "--force", action="store_true", help="do not ask whether workers of the PostgreSQL database still live"
    )
    _serving.add_settings(parser)


def run(arguments: argparse.Namespace) -> int:
    """Restore it and say what came back."""
    settings = _serving.loaded(arguments)
    from bot.service.backup.restoring import restore

    made = restore(settings, arguments.file, replace=arguments.replace, force=arguments.force)
    sys.stderr.write(f"restored what debtscan {made.debtscan} backed up at {made.made_at:%Y-%m-%d %H:%M} UTC\n")
    return 0
