"""What every command that reads a repository begins with: the clock, the folder, and the terminal it draws on."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from bot.commands import _remote
from bot.report.renderer import Options
from bot.rounds.repository import Opened, open_repository


@contextmanager
def opened_repository(arguments: argparse.Namespace) -> Iterator[Opened]:
    """Open the folder, or a copy of OWNER/REPO that is removed afterwards."""
    # An inventory has no --offline: only a copy of somebody else's repository makes it ask anyone.
    with _remote.folder_of(arguments.path, offline=getattr(arguments, "offline", False)) as (folder, bring):
        yield open_repository(folder, config=arguments.config, commit=arguments.commit, bring=bring)


def terminal_options(stream: TextIO) -> Options:
    """Draw for the terminal behind ``stream``; ``NO_COLOR`` and dumb terminals get none."""
    import shutil

    live = stream.isatty() and os.environ.get("TERM") != "dumb"
    forced = os.environ.get("FORCE_COLOR", "") not in {"", "0"}
    colour = (live or forced) and not os.environ.get("NO_COLOR")
    return Options(width=shutil.get_terminal_size((100, 40)).columns, colour=colour)
