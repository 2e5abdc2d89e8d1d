"""Show a rule's page: what it finds, why that matters, how to mend it.

``debtscan rules`` lists the ids.
"""

from __future__ import annotations

import argparse
import difflib
import sys

HELP = "show a rule's page"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the rule's id."""
    parser.add_argument("rule", metavar="RULE", help="a rule's id, as reports and 'debtscan rules' show it")


def run(arguments: argparse.Namespace) -> int:
    """Print the page, or name the nearest rule."""
    from analyzers.errors import UsageError
    from analyzers.scan import rules
    from bot import pages

    stated = rules()
    if arguments.rule not in stated:
        near = difflib.get_close_matches(arguments.rule, stated, n=1)
        hint = f"did you mean '{near[0]}'?" if near else "see 'debtscan rules'"
        raise UsageError(f"there is no rule '{arguments.rule}'; {hint}")
    sys.stdout.write(pages.rule_page(stated[arguments.rule]))
    return 0
