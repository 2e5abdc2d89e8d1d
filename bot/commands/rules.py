"""List the rules: what is judged, what each costs.

One line a rule; ``debtscan explain RULE`` shows its page.
"""

from __future__ import annotations

import argparse
import sys

HELP = "list the rules"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--format``."""
    parser.add_argument("--format", choices=("terminal", "markdown", "json"), default="terminal")


def run(arguments: argparse.Namespace) -> int:
    """Print the table of rules."""
    from analyzers.scan import rules
    from bot import pages

    stated = tuple(rules().values())
    if arguments.format == "json":
        text = pages.rules_json(stated)
    elif arguments.format == "markdown":
        text = pages.rules_table(stated)
    else:
        text = pages.rules_list(stated)
    sys.stdout.write(text)
    return 0
