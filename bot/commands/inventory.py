"""List every dependency with its place. No network at all.

For programs: ``--format json`` is the report's document without findings, hotspots and score.
"""

from __future__ import annotations

import argparse
import sys

from bot.commands import _options

HELP = "list what was read, without network"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the target and the format."""
    _options.target(parser)
    parser.add_argument("--format", choices=("terminal", "json", "cyclonedx"), default="terminal")
    parser.add_argument("--strict", action="store_true", help="exit 4 when something was skipped")


def run(arguments: argparse.Namespace) -> int:
    """Read the manifests and print them."""
    from bot.commands import _list

    return _list.inventory(arguments, sys.stdout)
