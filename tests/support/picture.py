"""Draws docs/scorecard.svg, the README's picture: the real terminal report of a repository, offline.

``python -m tests.support.picture PATH`` (a checkout of your choice).
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
WIDTH = 100
# The picture shows what fits a screen; the rest is named in the line below it.
MOST_LINES = 31


def main(path: str) -> None:
    """Scan ``path`` in colour and keep the first screen as a picture."""
    command = [sys.executable, "-m", "bot", "scan", path, "--offline", "--quiet"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "FORCE_COLOR": "1",
            "COLUMNS": str(WIDTH),
            "PYTHONUTF8": "1",
            "HOME": str(Path.home()),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()[:MOST_LINES]
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi("\n".join(lines)))
    drawn = console.export_svg(title="debtscan scan", unique_id="debtscan")
    # The fonts that rich names lie on somebody's server: a picture asks nobody.
    picture = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
    (ROOT / "docs" / "scorecard.svg").write_text(picture, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1])
