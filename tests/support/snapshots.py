"""Rendered text compared with a file. ``UPDATE_SNAPSHOTS=1`` writes the files anew; look at the difference then."""

from __future__ import annotations

import os
from pathlib import Path


def assert_snapshot(path: Path, text: str) -> None:
    """Fail unless the file at ``path`` holds ``text``."""
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == text, f"{path.name} differs; UPDATE_SNAPSHOTS=1 writes it anew"
