"""``debtscan history``: entries found, cut to what was asked for, and printed."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from bot.commands import _past, _remote
from bot.commands._hosted import opened_session
from bot.commands._progress import say
from bot.commands._session import terminal_options
from bot.github.client import open_repository as open_client
from bot.rounds.hosted_settings import hosted_settings
from bot.rounds.repository import open_repository
from bot.store.branch import BranchStore
from bot.store.model import Entry


def run(arguments: argparse.Namespace, stream: TextIO) -> int:
    """Print the entries. Raises UsageError, HistoryError and HostError."""
    is_hosted = _remote.is_name(arguments.path)
    name, entries, remedy = _on_github(arguments) if is_hosted else _here(arguments)
    shown = _wanted(entries, arguments)
    if not entries:
        say(f"{name} has no history yet: {remedy}")
    elif not shown:
        say(f"{name} has no scorecard since {arguments.since}; the newest is of {entries[-1].as_of}")
    if shown or arguments.format == "json":
        stream.write(_drawn(name, shown, arguments, stream))
    return 0


_Found = tuple[str, tuple[Entry, ...], str]
"""The repository's name, its entries, and what to do where there are none."""


def _here(arguments: argparse.Namespace) -> _Found:
    opened = open_repository(Path(arguments.path), config=arguments.config, commit=None)
    name, branch = opened.snapshot.repository.name, opened.settings.config.history.branch
    remedy = (
        f"fetch it (git fetch origin {branch}:refs/remotes/origin/{branch}), or let 'debtscan run' make the first entry"
    )
    if os.environ.get(_past.DATABASE):
        remedy = "'debtscan run' makes the first entry in the database"
    return name, _past.in_clone(opened.folder, name, opened.settings.config), remedy


def _on_github(arguments: argparse.Namespace) -> _Found:
    name, remedy = arguments.path, f"'debtscan run {arguments.path}' makes the first entry"
    with _past.database() as opened:
        if opened:
            return name, opened.store(name).entries(), remedy
    with opened_session() as session:
        client = open_client(session, name)
        repo = client.repository()
        config = hosted_settings(client, repo, config=arguments.config).config
        return repo.name, BranchStore(client, config.history.branch).entries(), remedy


def _wanted(entries: Sequence[Entry], arguments: argparse.Namespace) -> tuple[Entry, ...]:
    since = [entry for entry in entries if not arguments.since or entry.as_of >= arguments.since]
    return tuple(since[-arguments.limit :] if arguments.limit else since)


def _drawn(name: str, entries: Sequence[Entry], arguments: argparse.Namespace, stream: TextIO) -> str:
    if arguments.format == "json":
        from bot.report import json

        return json.render_history(name, entries)
    from bot.report import history

    if arguments.format == "markdown":
        return history.render_markdown(name, entries)
    return history.render_terminal(name, entries, terminal_options(stream))
