"""Options that several commands share."""

from __future__ import annotations

import argparse
from datetime import date

GROUPS = ("dependencies", "docker", "actions", "hotspots", "infrastructure")


def target(parser: argparse.ArgumentParser) -> None:
    """Declare what to look at: the path, the commit, the configuration, the date."""
    parser.add_argument(
        "path", nargs="?", default=".", metavar="PATH", help="a folder, or OWNER/REPO on GitHub (default: this folder)"
    )
    parser.add_argument("--commit", metavar="REV", help="this commit instead of the work tree; nothing is checked out")
    parser.add_argument("--config", metavar="FILE", help="a configuration that wins over the repository's own")
    parser.add_argument("--as-of", type=day, metavar="DATE", help="judge as on this date (YYYY-MM-DD; default: today)")
    parser.add_argument("--jobs", type=count, default=0, metavar="N", help="processes (default: one a core)")
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")


def asking(parser: argparse.ArgumentParser) -> None:
    """Declare what concerns the network, and which rules run."""
    parser.add_argument("--offline", action="store_true", help="ask nobody; use what the cache and the tables know")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        choices=GROUPS,
        metavar="GROUP",
        help=f"judge this group alone (repeatable): {', '.join(GROUPS)}",
    )


def templates(parser: argparse._ActionsContainer) -> None:
    """Declare the installation's own templates."""
    parser.add_argument(
        "--templates", metavar="FOLDER", help="templates of your own (default: the variable DEBTSCAN_TEMPLATES)"
    )


def day(text: str) -> date:
    """Parse a date argument."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no date; write YYYY-MM-DD") from error


def number(text: str) -> int:
    """Parse the number of an issue or a pull request."""
    if not text.removeprefix("#").isdigit() or not 0 < int(text.removeprefix("#")[:10]) < 2**31:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of a pull request")
    return int(text.removeprefix("#"))


def rows(text: str) -> int:
    """Parse a number of rows."""
    if not text.isdigit() or not 0 < int(text) <= 1_000_000:  # noqa: PLR2004 - more rows than anybody reads
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 to 1000000")
    return int(text)


def count(text: str) -> int:
    """Parse a number of processes."""
    if not text.isdigit() or not 0 < int(text) <= 256:  # noqa: PLR2004 - more processes than any machine wants
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 to 256")
    return int(text)
