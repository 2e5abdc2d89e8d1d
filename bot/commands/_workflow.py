"""The files through which a step tells its workflow something: only where GitHub names them, and only added to."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from bot.commands._progress import say
from bot.posts import outputs
from bot.posts.summary import LARGEST


def tell(summary: Callable[[], str], values: Mapping[str, str]) -> None:
    """Add to the job's page and to the step's outputs."""
    page, file = os.environ.get("GITHUB_STEP_SUMMARY"), os.environ.get("GITHUB_OUTPUT")
    if page:
        _append(Path(page), summary(), "the job summary", LARGEST)
    if file:
        _append(Path(file), outputs.drawn(values, f"debtscan-{secrets.token_hex(16)}"), "the step's outputs", LARGEST)


def _append(path: Path, text: str, what: str, largest: int) -> None:
    content = text.encode(errors="replace")
    try:
        with path.open("a+b") as stream:
            content = _begun(stream) + content
            if stream.seek(0, os.SEEK_END) + len(content) > largest:
                # GitHub drops a file that is larger: what others wrote into it would go as well.
                say(f"{what} could not be written: there is no room left in {path}")
                return
            stream.write(content)
    except OSError as error:
        say(f"{what} could not be written: {error.strerror or error}")


def _begun(stream: BinaryIO) -> bytes:
    """Return what ends the line that somebody left open."""
    if not stream.seek(0, os.SEEK_END):
        return b""
    stream.seek(-1, os.SEEK_END)
    return b"" if stream.read(1) == b"\n" else b"\n"
