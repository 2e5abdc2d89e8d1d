"""Write the weekly workflow and a configuration into a repository, after two questions.

Nothing that is there already is written over, unless --force says so.
"""

from __future__ import annotations

import argparse

HELP = "write the weekly workflow and a configuration"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the place, the answers, and what to do where files are there."""
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="the repository (default: this folder)")
    parser.add_argument("--yes", action="store_true", help="ask nothing; what is not said is yes")
    parser.add_argument(
        "--pull-requests",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="look at pull requests too: what each adds and mends",
    )
    parser.add_argument(
        "--upgrades", action=argparse.BooleanOptionalAction, default=None, help="offer upgrades as pull requests"
    )
    parser.add_argument("--pin", metavar="COMMIT", help="the commit of debtscan's action (default: asked of GitHub)")
    parser.add_argument("--force", action="store_true", help="write over files that are there and committed")
    parser.add_argument("--dry-run", action="store_true", help="print the files, and write nothing")


def run(arguments: argparse.Namespace) -> int:
    """Ask, and write."""
    from bot.commands import _init

    return _init.init(arguments)
