"""Options that several commands share."""

from __future__ import annotations

import argparse
from datetime import date

MOST_MONTHS = 50 * 12
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


def output(parser: argparse._ActionsContainer) -> None:
    """Declare where reports go."""
    parser.add_argument(
        "--output",
        action="append",
        default=[],
        metavar="FILE",
        help="write to FILE instead of standard output; FORMAT=FILE for one of several (repeatable)",
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


def since(text: str) -> date | int:
    """Parse the begin of a window: a day, or a span that ends today, as months (``6m`` is 6, ``2y`` is 24)."""
    number, unit = text[:-1], text[-1:].lower()
    months = int(number) * {"m": 1, "y": 12}[unit] if number.isdecimal() and len(number) < 4 and unit in "my" else 0  # noqa: PLR2004 - digits
    if 1 <= months <= MOST_MONTHS:
        return months
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no day and no span; write YYYY-MM-DD, 6m or 2y (at most {MOST_MONTHS // 12}y)"
        ) from error


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


def most(text: str) -> int:
    """Parse how many rows a list may have; 0 is all."""
    if not text.isdigit() or int(text) > 1_000_000:  # noqa: PLR2004 - more rows than anybody reads
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 0 (all) to 1000000")
    return int(text)


def count(text: str) -> int:
    """Parse a number of processes."""
    if not text.isdigit() or not 0 < int(text) <= 256:  # noqa: PLR2004 - more processes than any machine wants
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 to 256")
    return int(text)
