"""Progress on standard error, on a terminal only."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from analyzers.manifests import Progress
from bot.markup import inert, terminal_text

_WORDS = {
    "manifests": "Reading manifests",
    "metrics": "Measuring code",
    "history": "Reading history",
    "look_up": "Asking registries",
    "locks": "Making locks anew",
}


def say(sentence: str) -> None:
    """Write one sentence to standard error, with nothing in it that moves the cursor."""
    sys.stderr.write(f"debtscan: {inert(terminal_text(sentence))}\n")


@contextmanager
def shown(*, quiet: bool) -> Iterator[Progress]:
    """Yield a Progress that draws a line on a terminal and is silent elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Starting", total=None)
        last = 0.0

        def tell(stage: str, done: int, total: int) -> None:
            nonlocal last
            now = time.monotonic()
            # A repaint costs more than reading a small manifest.
            if now - last > 0.05 or done == total:  # noqa: PLR2004 - twenty times a second
                last = now
                bar.update(task, description=_WORDS.get(stage, stage), completed=done, total=total or None)

        yield tell
