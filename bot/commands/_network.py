"""What the commands need of the network: the user's settings, the cache, one fetcher a run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analyzers.config import Config
from analyzers.http.cache import Cache
from analyzers.http.credentials import load_settings
from analyzers.http.fetch import Fetcher
from analyzers.manifests import Progress
from analyzers.repository import clone as copies
from analyzers.repository.git import Bring
from analyzers.repository.promised import copy
from bot import VERSION
from bot.commands import _cached
from bot.commands._progress import say
from bot.github.address import read_address
from bot.rounds.network import Asking, Network


@contextmanager
def opened(*, offline: bool) -> Iterator[Network]:
    """Yield what asks for any number of repositories; connections are shared until the end."""
    settings = load_settings(os.environ, Path.home())
    answers = Cache(_cached.folder())
    with Fetcher(
        user_agent=f"debtscan/{VERSION}",
        cache=answers,
        credentials=settings.credentials,
        offline=offline,
        # The user's own machine and network are the user's to ask.
        allow_private=True,
    ) as fetcher:
        yield Network(fetcher, settings)
    for message in (*settings.notes, *answers.messages):
        say(message)


@contextmanager
def asking(config: Config, *, offline: bool, progress: Progress) -> Iterator[Asking]:
    """Yield what asks for one repository."""
    with opened(offline=offline) as network:
        yield network.of(config, progress)


def clone(slug: str, folder: Path) -> Bring | None:
    """Copy OWNER/REPO from GitHub, or from the server that the environment names; return what brings more of it.

    Raises SnapshotError, UsageError.
    """
    url, authorization = _source(slug)
    promised = copy(url, folder, authorization=authorization)
    return promised.bring if promised else None


def fetch(slug: str, folder: Path, branch: str) -> None:
    """Fetch one branch more into a copy, where there is one of that name. Raises SnapshotError, UsageError."""
    url, authorization = _source(slug)
    # A pattern, since git fails where a branch that is named exactly is not there.
    wanted = f"refs/heads/{branch}*"
    copies.fetch(url, folder, {wanted: wanted}, authorization=authorization)


def _source(slug: str) -> tuple[str, str | None]:
    """Return the address to copy from, and the header that goes there."""
    url = f"{read_address(os.environ).web}/{slug}.git"
    return url, load_settings(os.environ, Path.home()).credentials.authorization(url)
