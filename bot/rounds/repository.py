"""Opening what the user named: a folder, or OWNER/REPO on GitHub."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from analyzers import settings as settings_reader
from analyzers.config import Config
from analyzers.errors import UsageError
from analyzers.model.discovery import keep_out
from analyzers.model.snapshot import Snapshot
from analyzers.repository.git import Bring
from analyzers.repository.snapshot import FileSnapshot, open_snapshot
from analyzers.settings import Inherited, Settings


@dataclass(frozen=True, slots=True)
class Opened:
    """A snapshot with its settings applied; `folder` is where it lies on disk, `bring` as in `GitRepository`."""

    folder: Path
    snapshot: Snapshot
    settings: Settings
    bring: Bring | None = None


def open_repository(
    folder: Path,
    *,
    config: str | None,
    commit: str | None,
    bring: Bring | None = None,
    inherited: Inherited | None = None,
    proposed: Mapping[str, bytes] = MappingProxyType({}),
    name: str = "",
) -> Opened:
    """Open ``folder`` (at ``commit``, or its work tree) under its own configuration. Raises UsageError and kin.

    ``bring`` is as in `open_snapshot`, ``inherited`` its organisation's configuration. The configuration is read as if
    the files in ``proposed`` were there. ``name`` is what the repository is called, where the folder does not know.
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
    snapshot = _named(open_snapshot(folder, Config(), commit=commit, bring=bring), name)
    explicit = config or os.environ.get("DEBTSCAN_CONFIG") or None
    found = settings_reader.load(
        snapshot.with_files(proposed),
        explicit=Path(explicit) if explicit else None,
        rules=_rule_ids(),
        inherited=inherited,
    )
    if found.config.scan != Config().scan:
        # Which files count is itself configured, so the listing is made anew.
        snapshot = _named(open_snapshot(folder, found.config, commit=commit, bring=bring), name)
    return Opened(folder, snapshot, found, bring)


def _named(snapshot: FileSnapshot, name: str) -> FileSnapshot:
    return replace(snapshot, about=replace(snapshot.repository, name=name)) if name else snapshot


def _rule_ids() -> Iterator[str]:
    """Yield the known rules' ids. Only a file that names some makes it load them."""
    from analyzers.scan import rules

    yield from rules()


def inherited_file(path: Path) -> Inherited:
    """Return an organisation's file that lies on disk. Raises UsageError."""
    try:
        return Inherited(str(path), path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror or error}); name a file that exists") from error


def explained(settings: Settings) -> Iterator[str]:
    """Yield ``key = value  # where it came from`` for every key, and then what the organisation overrules."""
    values: dict[str, Any] = msgspec.to_builtins(settings.config)
    yield from _explained(values, "", settings)
    yield from (f"# {overruled.sentence}" for overruled in settings.overruled)


def _explained(values: dict[str, Any], above: str, settings: Settings) -> Iterator[str]:
    for key, value in values.items():
        name = f"{above}{key}"
        if isinstance(value, dict) and value:
            yield from _explained(value, f"{name}.", settings)
            continue
        locked = ", locked by the organisation" if settings.is_locked(name) else ""
        yield f"{name} = {msgspec.json.encode(value).decode()}  # {_origin(name, settings)}{locked}"


def _origin(key: str, settings: Settings) -> str:
    if key in settings.lines:
        return f"{settings.path}:{settings.lines[key]}"
    if settings.inherited and key in settings.inherited_lines:
        return f"{settings.inherited.path}:{settings.inherited_lines[key]}"
    return "default"
