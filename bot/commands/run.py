"""Scan repositories on GitHub, open the planned pull requests, and close what nothing needs any more.

With --dry-run nothing is written: it prints exactly what would be.
"""

from __future__ import annotations

import argparse
import sys

from bot.commands import _options

HELP = "on GitHub: scan, and open pull requests"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the repositories, and that nothing is to be written."""
    parser.add_argument("repositories", nargs="*", metavar="OWNER/REPO", help="repositories on GitHub")
    parser.add_argument("--org", metavar="ORG", help="all repositories of an organisation or a user")
    parser.add_argument(
        "--pull-request",
        type=_options.number,
        default=0,
        metavar="N",
        help="tell what this pull request adds and mends, and do nothing else",
    )
    parser.add_argument(
        "--output",
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        help="write a report to FILE (repeatable): of one repository in a format of scan, of several a roll-up of all "
        "of them as html, json or markdown",
    )
    parser.add_argument("--dry-run", action="store_true", help="print what would be done, and do nothing")
    _options.templates(parser)
    parser.add_argument("--as-of", type=_options.day, metavar="DATE", help="judge as on this date (default: today)")
    parser.add_argument("--jobs", type=_options.count, default=0, metavar="N", help="processes (default: one a core)")
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")


def run(arguments: argparse.Namespace) -> int:
    """Work on each repository in turn."""
    from analyzers.errors import UsageError

    if bool(arguments.repositories) == bool(arguments.org):
        raise UsageError("name repositories (OWNER/REPO …), or an organisation with --org ORG")
    if arguments.pull_request and len(arguments.repositories) != 1:
        raise UsageError("--pull-request N needs the one repository that it is in: OWNER/REPO")
    from bot.commands import _pull_requests, _runs, _templates

    with _templates.installed(arguments.templates):
        work = _pull_requests.run if arguments.pull_request else _runs.run
        return work(arguments, sys.stdout)
