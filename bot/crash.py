"""What an unexpected error leaves behind: a file to attach to a report."""

from __future__ import annotations

import platform
import sys
import traceback
from pathlib import Path

from analyzers.syntax.credentials import masked
from bot import VERSION


def write_crash_log(error: Exception) -> str:
    """Write the traceback of ``error`` beside the cache and return the sentence that tells where."""
    import platformdirs

    text = "\n".join(
        (
            f"debtscan {VERSION}, Python {platform.python_version()}, {platform.system()} {platform.machine()}",
            f"command: {sys.argv[1] if len(sys.argv) > 1 else ''}",
            "",
            # What an exception says may hold an address with a password.
            masked("".join(traceback.format_exception(error))),
        )
    )
    folder = Path(platformdirs.user_log_dir("debtscan", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "crash.log"
        path.write_text(text, encoding="utf-8")
    except OSError as failure:
        return f"The details could not be written: {failure.strerror or failure}."
    return f"The details are in {path}. This is a fault of debtscan; please report it with that file."
