"""What the commands that act on GitHub share: which repositories, what is told of them, the account of requests."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TextIO

from analyzers.errors import DebtscanError
from analyzers.http.cache import Cache
from analyzers.syntax.credentials import masked
from bot.commands import _network, _progress
from bot.commands._voice import Voice
from bot.crash import write_crash_log
from bot.github.auth import read_credentials
from bot.github.client import Client
from bot.github.client import open_repository as open_client
from bot.github.errors import RateLimitedError
from bot.github.objects import Repo
from bot.github.organisation import explain_skip, repositories, skip_reason
from bot.github.rate import account_of
from bot.github.session import Session, read_settings

Work = Callable[[Client, Repo], bool]
"""Work on one repository; whether all of it could be done."""


def each_repository(arguments: argparse.Namespace, stream: TextIO, work: Callable[[Voice], Work]) -> int:
    """Work on each repository that is named, or that the organisation has; return 4 where one failed.

    Archived repositories and the like are told with the reason and left. Raises UsageError.
    """
    voice, failed = Voice.of(stream), False
    with opened_session() as session:
        do = work(voice)
        try:
            for name in _names(arguments, session, voice):
                failed = not _one(session, name, voice, do) or failed
        except RateLimitedError as error:
            voice.tell(f"Stopped: {error}")
            failed = True
        except DebtscanError as error:
            voice.tell(f"Failed: {error}")
            failed = True
        voice.tell(f"GitHub: {account_of(session.rate())}")
    return 4 if failed else 0


@contextmanager
def opened_session() -> Iterator[Session]:
    """Yield a session with the credentials and the cache of the environment. Raises UsageError without credentials."""
    settings = read_settings(os.environ)
    credentials = read_credentials(os.environ, settings.address)
    with (
        closing(Cache(_network.cache_folder())) as cache,
        Session(credentials, replace(settings, cache=cache)) as session,
    ):
        yield session
    for message in cache.messages:
        _progress.say(message)


def _one(session: Session, name: str, voice: Voice, work: Work) -> bool:
    try:
        client = open_client(session, name)
        repo = client.repository()
        reason = skip_reason(repo)
        if reason:
            voice.tell(f"{name}: skipped, {explain_skip(reason)}")
            return True
        return work(client, repo)
    except RateLimitedError:
        raise
    except DebtscanError as error:
        voice.tell(f"{name}: failed, {error}")
        return False
    except Exception as error:  # noqa: BLE001 - a fault of debtscan costs one repository, not an organisation's run
        said = masked(f"{type(error).__name__}: {error}")
        voice.tell(f"{name}: failed, internal error: {said}. {write_crash_log(error)}")
        return False


def _names(arguments: argparse.Namespace, session: Session, voice: Voice) -> Iterator[str]:
    if not arguments.org:
        yield from dict.fromkeys(arguments.repositories)
        return
    for listed in repositories(session, arguments.org):
        if listed.skip:
            voice.tell(f"{listed.name}: skipped, {listed.why}")
        else:
            yield listed.name
