"""What lies in the cache folder: what hosts answered, and what earlier runs worked out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from analyzers.cache_file import Summary
from analyzers.http import cache
from analyzers.model.kept import Kept
from analyzers.repository import kept as kept_file
from bot.commands._progress import say


def folder() -> Path:
    """Return where it lies: ``DEBTSCAN_CACHE_DIR``, else the platform's cache directory."""
    import platformdirs

    configured = os.environ.get("DEBTSCAN_CACHE_DIR")
    return Path(configured) if configured else Path(platformdirs.user_cache_dir("debtscan", appauthor=False))


@contextmanager
def kept() -> Iterator[Kept]:
    """Yield what earlier runs worked out."""
    with closing(kept_file.KeptFile(folder())) as file:
        yield file
    for message in file.messages:
        say(message)


def info() -> str:
    """Say where both lie and how much there is."""
    place = folder()
    return f"{_described('answers', cache.summary(place))}\n{_described('results', kept_file.summary(place))}"


def _described(what: str, found: Summary) -> str:
    lines = [f"place    {found.path}", f"{what}  {found.entries}", f"size     {found.size / 1_000_000:.1f} MB"]
    if found.oldest is not None:
        lines.append(f"oldest   {datetime.fromtimestamp(found.oldest, tz=UTC).date()}")
    if found.problem:
        lines.append(f"problem  {found.problem}; 'debtscan cache clear' removes it")
    return "\n".join(lines) + "\n"


def clear() -> str:
    """Remove both and say what that freed."""
    place = folder()
    return f"removed {(cache.clear(place) + kept_file.clear(place)) / 1_000_000:.1f} MB\n"
