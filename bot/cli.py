"""The command line: finds the command, runs it, and turns every outcome into an exit code.

0 done and the gate passed, 1 the gate failed, 2 usage or configuration, 3 internal error, 4 incomplete,
130 interrupted. Where several apply: 3, then 2, then 1, then 4.
"""

import sys

from bot import VERSION

# typing's own constant costs more to import than Python takes to start; checkers know the name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

OK, GATE_FAILED, USAGE, INTERNAL, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 4, 130


def main(arguments: "Sequence[str] | None" = None) -> int:
    """Run debtscan and return its exit code. ``arguments`` are those of the process by default."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        # Answered before argparse is imported: this is what scripts and shells ask most often.
        sys.stdout.write(f"debtscan {VERSION}\n")
        return OK
    try:
        return _run(given)
    except KeyboardInterrupt:
        sys.stderr.write("\ndebtscan: interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`| head`).
        _abandon_output()
        return OK


def _abandon_output() -> None:
    """Point standard output at nothing: what could not be written would make Python complain while closing."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(given: list[str]) -> int:
    from bot.commands.parser import build_parser

    parser = build_parser()
    known: argparse.Namespace = parser.parse_args(given)
    try:
        code: int = known.run(known)
        sys.stdout.flush()
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:  # noqa: BLE001 - the one place that sorts the expected from the unexpected
        return _explain(error)
    return code


def _explain(error: Exception) -> int:
    """Tell the user what went wrong; a traceback goes to a file, never to the terminal."""
    import errno

    from analyzers.errors import DebtscanError
    from bot.markup import inert, terminal_text

    # A name that a file holds may have lines of its own, and a workflow's runner obeys some.
    said = inert(terminal_text(str(error)))
    if isinstance(error, DebtscanError):
        sys.stderr.write(f"debtscan: {said}\n")
        return USAGE
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EFBIG}:
        sys.stderr.write(f"debtscan: cannot write: {said}\n")
        _abandon_output()
        return USAGE
    from bot.crash import write_crash_log

    sys.stderr.write(f"debtscan: internal error: {type(error).__name__}: {said}\n{write_crash_log(error)}\n")
    return INTERNAL


if __name__ == "__main__":
    sys.exit(main())
