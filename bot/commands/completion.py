"""Print a completion script for your shell.

For example: ``debtscan completion bash > ~/.local/share/bash-completion/completions/debtscan``.
"""

from __future__ import annotations

import argparse
import sys

HELP = "print a shell completion script"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the shell."""
    parser.add_argument("shell", choices=("bash", "zsh", "tcsh"))


def run(arguments: argparse.Namespace) -> int:
    """Print the script, made from the parser itself."""
    import shtab

    from bot.commands.parser import build_parser

    sys.stdout.write(shtab.complete(build_parser(), shell=arguments.shell) + "\n")
    return 0
