"""The configuration of a repository on GitHub, without a copy of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from analyzers import settings
from analyzers.model.inventory import Repository
from analyzers.repository.contents import LaidOver
from analyzers.repository.paths import PathKinds
from analyzers.repository.snapshot import FileSnapshot
from analyzers.scan import rules
from analyzers.settings import Settings
from bot.github.client import Client
from bot.github.objects import Repo
from bot.rounds.inheriting import inherited

_LARGEST: Final = 1024 * 1024


def hosted_settings(client: Client, repo: Repo, *, config: str | None = None) -> Settings:
    """Return the settings of the default branch, of whose files only those that may hold them are read.

    Below them lie the organisation's. ``config`` is a file of the user's that counts alone, as ``DEBTSCAN_CONFIG``
    does. Raises ConfigError and HostError.
    """
    explicit, base = config or os.environ.get("DEBTSCAN_CONFIG"), repo.head or ""
    found = {path: client.file(path, base) for path in (*settings.IN_REPOSITORY, "pyproject.toml")}
    files = {path: content for path, content in found.items() if content is not None}
    about = Repository(repo.name, base, repo.default_branch)
    snapshot = FileSnapshot(about, (), tuple(sorted(files)), LaidOver(None, files), PathKinds(), _LARGEST)
    below = inherited(client, config=config)
    return settings.load(snapshot, explicit=Path(explicit) if explicit else None, rules=rules(), inherited=below)
