"""Back the service's database up into a file, also while the service runs.

On PostgreSQL it needs pg_dump of the server's version or a later one. The file holds no secret: those lie in the folder
that `secrets` names, and are backed up by other means.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.commands import _serving

HELP = "the GitHub App: back its database up"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file, and where the configuration lies."""
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="what to write, whole or not at all; an earlier backup is replaced",
    )
    _serving.add_settings(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write it and say what it holds."""
    settings = _serving.loaded(arguments)
    from bot.service.backup.making import back_up
    from bot.service.services import wall_clock

    made = back_up(settings, arguments.file, wall_clock())
    sys.stderr.write(f"{arguments.file}: {made.size} bytes of {made.kind}, schema {made.schema}\n")
    return 0
