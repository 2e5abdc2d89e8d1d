"""Show the configuration: where each value came from, or the JSON Schema.

``config explain`` prints every value with the file and line that set it, and with ``--inherit`` what is the
organisation's and locked; ``config schema`` prints the JSON Schema of ``debtscan.toml`` (with ``--organization`` of an
organisation's, or with ``--report``, ``--hotspots`` and ``--roll-up`` of the JSON that is written).
"""

from __future__ import annotations

import argparse
import sys

HELP = "explain the configuration, or print its JSON Schema"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the two subcommands."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    explain = commands.add_parser("explain", help="print every value and where it came from", allow_abbrev=False)
    explain.add_argument("path", nargs="?", default=".", help="the repository (default: this folder)")
    which_file = explain.add_mutually_exclusive_group()
    which_file.add_argument("--config", metavar="FILE", help="a configuration file that counts alone")
    which_file.add_argument(
        "--inherit", metavar="FILE", help="the organisation's debtscan.toml, over which the repository's lies"
    )
    explain.set_defaults(run=run_explain)
    schema = commands.add_parser("schema", help="print the JSON Schema of debtscan.toml", allow_abbrev=False)
    which = schema.add_mutually_exclusive_group()
    which.add_argument("--organization", action="store_true", help="print that of an organisation's debtscan.toml")
    which.add_argument("--report", action="store_true", help="print the JSON Schema of the JSON report instead")
    which.add_argument("--hotspots", action="store_true", help="print that of the JSON of debtscan hotspots")
    which.add_argument("--roll-up", action="store_true", help="print that of the JSON roll-up of many repositories")
    schema.set_defaults(run=run_schema)


def run_explain(arguments: argparse.Namespace) -> int:
    """Print ``key = value  # where from`` for every key."""
    from pathlib import Path

    from bot.markup import terminal_text
    from bot.rounds.repository import explained, inherited_file, open_repository

    below = inherited_file(Path(arguments.inherit)) if arguments.inherit else None
    opened = open_repository(Path(arguments.path), config=arguments.config, commit=None, inherited=below)
    for line in explained(opened.settings):
        sys.stdout.write(terminal_text(line) + "\n")
    return 0


def run_schema(arguments: argparse.Namespace) -> int:
    """Print the schema."""
    from bot import schemas

    which = {
        "organization": schemas.organization_schema,
        "report": schemas.report_schema,
        "hotspots": schemas.hotspots_schema,
        "roll_up": schemas.roll_up_schema,
    }
    wanted = next((schema for name, schema in which.items() if getattr(arguments, name)), schemas.config_schema)
    sys.stdout.write(wanted())
    return 0
