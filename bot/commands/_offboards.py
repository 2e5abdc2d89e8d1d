"""``debtscan offboard``: the configuration of the default branch says which branches are debtscan's."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Final, TextIO

from analyzers import settings
from analyzers.model.inventory import Repository
from analyzers.repository.contents import LaidOver
from analyzers.repository.paths import PathKinds
from analyzers.repository.snapshot import FileSnapshot
from analyzers.scan import rules
from analyzers.settings import Settings
from bot.commands._hosted import Work, each_repository
from bot.commands._voice import Voice
from bot.github.client import Client
from bot.github.dry_run import DryRun
from bot.github.host import Host
from bot.github.objects import Repo
from bot.upgrade.offboard import offboard

_LARGEST: Final = 1024 * 1024


def run(arguments: argparse.Namespace, stream: TextIO) -> int:
    """Work on each repository in turn; return 4 where one failed."""

    def work(voice: Voice) -> Work:
        def one(client: Client, repo: Repo) -> bool:
            return _offboard(client, repo, voice, dry_run=arguments.dry_run)

        return one

    return each_repository(arguments, stream, work)


def _offboard(client: Client, repo: Repo, voice: Voice, *, dry_run: bool) -> bool:
    voice.tell(repo.name)
    host: Host = DryRun(client, lambda sentence: voice.show(sentence, indent=2)) if dry_run else client
    base = repo.head or ""
    outcome = offboard(host, base, _settings(client, repo, base).config.upgrades.branch_prefix)
    if not dry_run:
        for sentence in outcome.done:
            voice.tell(sentence, indent=2)
    for sentence in outcome.left:
        voice.tell(f"left: {sentence}", indent=2)
    if not outcome.done and not outcome.left:
        voice.tell("nothing of debtscan is there", indent=2)
    return True


def _settings(client: Client, repo: Repo, base: str) -> Settings:
    """Return the settings of the default branch, of whose files only those that may hold them are read."""
    explicit = os.environ.get("DEBTSCAN_CONFIG")
    found = {path: client.file(path, base) for path in (*settings.IN_REPOSITORY, "pyproject.toml")}
    files = {path: content for path, content in found.items() if content is not None}
    about = Repository(repo.name, base, repo.default_branch)
    snapshot = FileSnapshot(about, (), tuple(sorted(files)), LaidOver(None, files), PathKinds(), _LARGEST)
    return settings.load(snapshot, explicit=Path(explicit) if explicit else None, rules=rules())
