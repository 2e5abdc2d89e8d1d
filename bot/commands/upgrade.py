"""Print what would mend the findings that a small edit can mend, as a diff for 'git apply'.

Safe steps alone, unless --only names something. What is left out, and why, goes to standard error.
"""

from __future__ import annotations

import argparse

from bot.commands import _options

HELP = "print the ready fixes as a diff (--dry-run)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the target, what to upgrade, and that nothing is written yet."""
    _options.target(parser)
    parser.add_argument("--offline", action="store_true", help="ask nobody; use what the cache and the tables know")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="this package, image or action alone (repeatable); steps that may break something included",
    )
    parser.add_argument("--dry-run", action="store_true", help="print a unified diff; writing comes in a later release")


def run(arguments: argparse.Namespace) -> int:
    """Print the diff."""
    from analyzers.errors import UsageError

    if not arguments.dry_run:
        raise UsageError(
            "'upgrade' writes nothing in this release: add --dry-run for the diff, and give it to 'git apply'"
        )
    from bot.commands import _upgrades

    return _upgrades.dry_run(arguments)
