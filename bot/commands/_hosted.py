"""What the commands that act on GitHub share: which repositories, what is told of them, the account of requests."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import TextIO

from analyzers.errors import DebtscanError
from analyzers.http.cache import Cache
from analyzers.syntax.credentials import masked
from bot import wording
from bot.commands import _cached, _progress
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
from bot.rollup import UnscannedState

Work = Callable[[Client, Repo], bool]
"""Work on one repository; whether all of it could be done."""
Leave = Callable[[str, UnscannedState, str], None]
"""Note that a repository was passed over or failed: its name, which of the two, and why in words."""


def each_repository(
    arguments: argparse.Namespace, stream: TextIO, work: Callable[[Voice], Work], leave: Leave | None = None
) -> int:
    """Work on each repository that is named, or that the organisation has; return 4 where one failed.

    Archived repositories and the like are told with the reason and left; ``leave`` is told as well. Raises UsageError.
    """
    voice = Voice.of(stream)
    with opened_session() as session:
        row = _Row(session, voice, work(voice), leave or (lambda _name, _state, _why: None))
        row.work_on(row.names(arguments), arguments.org or "")
        voice.tell(f"GitHub: {account_of(session.rate())}")
    return 4 if row.failed else 0


@contextmanager
def opened_session() -> Iterator[Session]:
    """Yield a session with the credentials and the cache of the environment. Raises UsageError without credentials."""
    settings = read_settings(os.environ)
    credentials = read_credentials(os.environ, settings.address)
    with (
        closing(Cache(_cached.folder())) as cache,
        Session(credentials, replace(settings, cache=cache)) as session,
    ):
        yield session
    for message in cache.messages:
        _progress.say(message)


@dataclass(slots=True)
class _Row:
    """One repository after the other; `failed` where one was not done."""

    session: Session
    voice: Voice
    work: Work
    leave: Leave
    failed: bool = False

    def names(self, arguments: argparse.Namespace) -> Iterator[str]:
        """Yield what is to be worked on. Raises HostError where an organisation cannot be listed."""
        if not arguments.org:
            yield from dict.fromkeys(arguments.repositories)
            return
        for listed in repositories(self.session, arguments.org):
            if listed.skip:
                self._skip(listed.name, listed.why)
            else:
                yield listed.name

    def work_on(self, names: Iterator[str], owner: str) -> None:
        """Work on each, until the limit of requests is used up: the others are told then as not done."""
        name = ""
        try:
            for name in names:
                self._one(name)
        except RateLimitedError as error:
            self.voice.tell(f"Stopped: {error}")
            self._stop([name or owner, *names], error)
        except DebtscanError as error:
            self.voice.tell(f"Failed: {error}")
            self.leave(owner, "failed", str(error))
            self.failed = True

    def _stop(self, left: Sequence[str], error: RateLimitedError) -> None:
        begun, *others = left
        if others:
            self.voice.tell(f"{wording.count(len(others), 'repository', 'repositories')} not begun")
        self.leave(begun, "failed", f"stopped in the middle: {error}")
        for name in others:
            self.leave(name, "failed", f"not begun: {error}")
        self.failed = True

    def _one(self, name: str) -> None:
        try:
            client = open_client(self.session, name)
            repo = client.repository()
            reason = skip_reason(repo)
            if reason:
                self._skip(name, explain_skip(reason))
            elif not self.work(client, repo):
                self.failed = True
        except RateLimitedError:
            raise
        except DebtscanError as error:
            self._fail(name, str(error))
        except Exception as error:  # noqa: BLE001 - a fault of debtscan costs one repository, not an organisation's run
            said = masked(f"{type(error).__name__}: {error}")
            self._fail(name, f"internal error: {said}.", write_crash_log(error))

    def _skip(self, name: str, why: str) -> None:
        self.voice.tell(f"{name}: skipped, {why}")
        self.leave(name, "skipped", why)

    def _fail(self, name: str, why: str, more: str = "") -> None:
        self.voice.tell(f"{name}: failed, {why} {more}".rstrip())
        self.leave(name, "failed", why)
        self.failed = True
