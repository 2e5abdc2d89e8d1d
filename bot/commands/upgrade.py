"""Upgrade what can be upgraded in a work tree: the files that name it, and their locks, made anew by their own tools.

Safe steps alone, unless something is named or chosen. What is left out, and why, goes to standard error.
"""

from __future__ import annotations

import argparse

from bot.commands import _options

HELP = "upgrade the work tree, or print the diff (--dry-run)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the target, what to upgrade, and whether it is written."""
    _options.target(parser)
    parser.add_argument("--offline", action="store_true", help="ask nobody; use what the cache and the tables know")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="this package, image, action, chart or planned group alone (repeatable; * stands for any text); "
        "steps that may break something included",
    )
    parser.add_argument("--dry-run", action="store_true", help="write nothing; print a unified diff for 'git apply'")
    parser.add_argument("--yes", action="store_true", help="do not ask on a terminal: take the safe steps")
    parser.add_argument("--strict", action="store_true", help="exit 4 if something named or chosen cannot be done")


def run(arguments: argparse.Namespace) -> int:
    """Write the files, or print the diff."""
    from bot.commands import _upgrades

    return _upgrades.upgrade(arguments)
