"""Opening what the user named: a folder, or OWNER/REPO on GitHub."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from analyzers import settings as settings_reader
from analyzers.config import Config
from analyzers.errors import UsageError
from analyzers.model.discovery import keep_out
from analyzers.model.snapshot import Snapshot
from analyzers.repository.git import Bring
from analyzers.repository.snapshot import open_snapshot
from analyzers.settings import Settings


@dataclass(frozen=True, slots=True)
class Opened:
    """A snapshot with its settings applied; `folder` is where it lies on disk, `bring` as in `GitRepository`."""

    folder: Path
    snapshot: Snapshot
    settings: Settings
    bring: Bring | None = None


def open_repository(folder: Path, *, config: str | None, commit: str | None, bring: Bring | None = None) -> Opened:
    """Open ``folder`` (at ``commit``, or its work tree) under its own configuration. Raises UsageError and kin.

    ``bring`` is as in `open_snapshot`.
    """
    try:
        folder.resolve()
    except OSError as error:
        # The folder that one stands in may have been removed meanwhile.
        raise UsageError(f"{folder}: cannot be opened ({error.strerror or error}); change to another folder") from error
    if not folder.exists():
        raise UsageError(f"{folder}: there is no such folder; name a folder, or OWNER/REPO on GitHub")
    if not folder.is_dir():
        raise UsageError(f"{folder}: is a file; name the folder of the repository")
    keep_out(folder)
    snapshot = open_snapshot(folder, Config(), commit=commit, bring=bring)
    explicit = config or os.environ.get("DEBTSCAN_CONFIG") or None
    found = settings_reader.load(snapshot, explicit=Path(explicit) if explicit else None, rules=_rule_ids())
    if found.config.scan != Config().scan:
        # Which files count is itself configured, so the listing is made anew.
        snapshot = open_snapshot(folder, found.config, commit=commit, bring=bring)
    return Opened(folder, snapshot, found, bring)


def _rule_ids() -> Iterator[str]:
    """Yield the known rules' ids. Only a file that names some makes it load them."""
    from analyzers.scan import rules

    yield from rules()


def explained(settings: Settings) -> Iterator[str]:
    """Yield ``key = value  # where it came from`` for every key of the configuration."""
    values: dict[str, Any] = msgspec.to_builtins(settings.config)
    yield from _explained(values, "", settings)


def _explained(values: dict[str, Any], above: str, settings: Settings) -> Iterator[str]:
    for key, value in values.items():
        name = f"{above}{key}"
        if isinstance(value, dict) and value:
            yield from _explained(value, f"{name}.", settings)
            continue
        line = settings.lines.get(name)
        origin = f"{settings.path}:{line}" if line else "default"
        yield f"{name} = {msgspec.json.encode(value).decode()}  # {origin}"
