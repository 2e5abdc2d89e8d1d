"""The difference that files would make, on standard output, as ``git apply`` takes it."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from analyzers.model.snapshot import Snapshot
from bot.binary_patch import binary
from bot.commands._progress import say
from bot.diff import is_text, unified
from bot.markup import terminal_text


def write(snapshot: Snapshot, files: Mapping[str, bytes]) -> None:
    """Write the diff to standard output: its bytes, or, on a terminal, with everything invisible written out."""
    parts = []
    for path, after in files.items():
        before = snapshot.read(path)
        if is_text(before):
            parts.append(unified(path, before, after))
        else:
            say(f"{path} is in an encoding that git takes for binary: its changes are in a binary patch")
            parts.append(binary(path, before, after, snapshot.repository.commit))
    diff = b"".join(parts)
    if not sys.stdout.isatty():
        sys.stdout.flush()
        sys.stdout.buffer.write(diff)
        sys.stdout.buffer.flush()
        return
    shown = terminal_text(diff.decode(errors="replace"))
    sys.stdout.write(shown)
    if shown.encode() != diff:
        say("something in it cannot be shown as it is and is written out; send the output to a file to apply it")
