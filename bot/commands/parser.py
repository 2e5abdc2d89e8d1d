"""The parser of the command line, built from the plain table of commands below."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable

COMMANDS = (
    "scan",
    "hotspots",
    "history",
    "inventory",
    "upgrade",
    "init",
    "run",
    "offboard",
    "serve",
    "worker",
    "backup",
    "restore",
    "baseline",
    "explain",
    "rules",
    "config",
    "cache",
    "completion",
)
"""One module in ``commands/`` each, in the order of the help text."""

_EPILOG = """\
exit codes: 0 done, the gate passed · 1 the gate failed · 2 usage or configuration
            3 internal error · 4 incomplete · 130 interrupted
"""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Leaves room for the longest command beside its explanation."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28)
        # argparse forgets the indentation of commands when it works out how wide they are.
        self._action_max_length = max(map(len, COMMANDS)) + 4


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with every command. The modules import what is heavy only when they run."""
    parser = argparse.ArgumentParser(
        prog="debtscan",
        description="Find a repository's technical debt, score it, and say what to mend first.",
        epilog=_EPILOG,
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    parser.set_defaults(run=_without_command(parser))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name in COMMANDS:
        module = importlib.import_module(f"bot.commands.{name}")
        command = commands.add_parser(
            name,
            help=module.HELP,
            description=(module.__doc__ or "").partition("\n")[0],
            formatter_class=_Formatter,
            allow_abbrev=False,
        )
        module.add_arguments(command)
        if hasattr(module, "run"):
            # The others' subcommands each name their own.
            command.set_defaults(run=module.run)
    return parser


def _without_command(parser: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        if arguments.version:
            from bot import VERSION

            sys.stdout.write(f"debtscan {VERSION}\n")
            return 0
        parser.print_help()
        return 2

    return run
