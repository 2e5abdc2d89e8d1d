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
    from analyzers.read import failed_plugins
    from analyzers.scan import origins, rules
    from bot import pages
    from bot.commands._progress import say
    from bot.markup import terminal_text

    stated = tuple(rules().values())
    if arguments.format == "json":
        text = pages.rules_json(stated, origins())
    elif arguments.format == "markdown":
        text = pages.rules_table(stated)
    else:
        text = terminal_text(pages.rules_list(stated, origins()))
    sys.stdout.write(text)
    for skipped in failed_plugins():
        say(skipped.detail)
    return 0
