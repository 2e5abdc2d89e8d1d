"""Close and remove all that debtscan made in repositories on GitHub: pull requests, with a word, and branches.

Branches with somebody else's commits are named, and left. With --dry-run nothing is written.
"""

from __future__ import annotations

import argparse
import sys

HELP = "on GitHub: close and remove all that debtscan made"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the repositories, and that nothing is to be written."""
    parser.add_argument("repositories", nargs="*", metavar="OWNER/REPO", help="repositories on GitHub")
    parser.add_argument("--org", metavar="ORG", help="all repositories of an organisation or a user")
    parser.add_argument("--dry-run", action="store_true", help="print what would be done, and do nothing")


def run(arguments: argparse.Namespace) -> int:
    """Work on each repository in turn."""
    from analyzers.errors import UsageError

    if bool(arguments.repositories) == bool(arguments.org):
        raise UsageError("name repositories (OWNER/REPO …), or an organisation with --org ORG")
    from bot.commands import _offboards

    return _offboards.run(arguments, sys.stdout)
