"""``debtscan run``: each repository copied, scanned, planned, published; then the account of requests."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from analyzers import scan as stages
from analyzers.errors import DebtscanError
from analyzers.http.cache import Cache
from analyzers.http.credentials import load_settings
from analyzers.read import read, worlds_of
from analyzers.repository import clone as copies
from bot.commands import _network, _progress
from bot.commands._progress import Progress
from bot.commands._repository import Opened, open_repository
from bot.commands._session import Clock
from bot.github.auth import read_credentials
from bot.github.client import Client
from bot.github.client import open_repository as open_client
from bot.github.dry_run import DryRun
from bot.github.errors import RateLimitedError
from bot.github.host import Host
from bot.github.organisation import explain_skip, repositories, skip_reason
from bot.github.rate import account_of
from bot.github.session import Session, read_settings
from bot.markup import terminal_text
from bot.upgrade.locks.locker import Locker
from bot.upgrade.rounds import Means, Round, Scanned, play


def run(arguments: argparse.Namespace, stream: TextIO) -> int:
    """Work on each repository in turn; return 4 where one failed."""
    settings = read_settings(os.environ)
    credentials = read_credentials(os.environ, settings.address)
    failed = False
    with (
        closing(Cache(_network.cache_folder())) as cache,
        Session(credentials, replace(settings, cache=cache)) as session,
    ):
        runner = _Runner(arguments, session, stream)
        try:
            for name in _names(arguments, session, runner):
                failed = not runner.play(name) or failed
        except RateLimitedError as error:
            runner.tell(f"stopped: {error}")
            failed = True
        runner.account()
    for message in cache.messages:
        _progress.say(message)
    return 4 if failed else 0


def _names(arguments: argparse.Namespace, session: Session, runner: _Runner) -> Iterator[str]:
    if not arguments.org:
        yield from dict.fromkeys(arguments.repositories)
        return
    for listed in repositories(session, arguments.org):
        if listed.skip:
            runner.tell(f"{listed.name}: skipped, {listed.why}")
        else:
            yield listed.name


class _Runner:
    """Plays rounds and tells of them on ``stream``."""

    def __init__(self, arguments: argparse.Namespace, session: Session, stream: TextIO) -> None:
        self._arguments = arguments
        self._session = session
        self._stream = stream
        self._clock = Clock.read(arguments.as_of)

    def tell(self, sentence: str) -> None:
        """Write one line of the outcome; nothing in it moves the cursor."""
        self._stream.write(f"{terminal_text(sentence)}\n")
        self._stream.flush()

    def play(self, name: str) -> bool:
        """Work on one repository; return whether all of it could be done."""
        try:
            return self._play(name)
        except RateLimitedError:
            raise
        except DebtscanError as error:
            self.tell(f"{name}: failed, {error}")
            return False

    def account(self) -> None:
        """Tell what was used of the limit."""
        self.tell(f"GitHub: {account_of(self._session.rate())}")

    def _play(self, name: str) -> bool:
        client = open_client(self._session, name)
        repo = client.repository()
        reason = skip_reason(repo)
        if reason:
            self.tell(f"{name}: skipped, {explain_skip(reason)}")
            return True
        host: Host = client
        if self._arguments.dry_run:
            host = DryRun(client, lambda sentence: self.tell(f"  {sentence}"))
        self.tell(f"{name}:")
        with self._scanned(client, repo.head or "") as (scanned, means):
            outcome = play(host, repo, scanned, means)
        self._report(outcome)
        return not outcome.failed

    @contextmanager
    def _scanned(self, client: Client, commit: str) -> Iterator[tuple[Scanned, Means]]:
        with (
            TemporaryDirectory(prefix="debtscan-") as beside,
            _progress.shown(quiet=self._arguments.quiet) as progress,
        ):
            folder = Path(beside) / client.name.rpartition("/")[2]
            url, authorization = client.clone_source()
            copies.clone(url, folder, authorization=authorization)
            opened = open_repository(folder, config=None, commit=commit)
            with _network.asking(opened.settings.config, offline=False, progress=progress) as network:
                yield self._scan(opened, network, progress, folder)

    def _scan(
        self, opened: Opened, network: _network.Asking, progress: Progress, folder: Path
    ) -> tuple[Scanned, Means]:
        clock, config = self._clock, opened.settings.config
        today = clock.now.date()
        jobs = self._arguments.jobs
        result = stages.scan(
            lambda: read(opened.snapshot, opened.settings, as_of=clock.as_of, jobs=jobs, progress=progress),
            lambda inventory: network(inventory, today),
            config,
            as_of=clock.as_of,
        )
        locker = Locker.of(os.environ, Path.home(), load_settings(os.environ, Path.home()), keep_out=folder)
        means = Means(
            worlds=worlds_of(config),
            locker=locker,
            look_up=lambda inventory, known: network(inventory, today, known),
            ask=lambda questions: network.ask(questions, today),
            now=clock.now,
        )
        return Scanned(snapshot=opened.snapshot, settings=opened.settings, result=result), means

    def _report(self, outcome: Round) -> None:
        written = list(_done(outcome))
        for sentence in (*_missing(outcome), *(written or ["nothing to write"]), *_left(outcome)):
            self.tell(f"  {sentence}")


def _missing(outcome: Round) -> Iterator[str]:
    for entry in outcome.missing:
        yield f"missing permission {entry.permission}: {entry.withholds}; {entry.remedy}"


def _done(outcome: Round) -> Iterator[str]:
    for published in outcome.outcomes:
        yield from published.done
    yield from outcome.tidied


def _left(outcome: Round) -> Iterator[str]:
    """Yield what is not as it should be, and why."""
    for published in outcome.outcomes:
        if published.kept and published.pull:
            yield f"left #{published.pull.number} as it is: {published.kept}"
        if published.refused:
            yield f"GitHub did not take as assignee or reviewer: {', '.join(published.refused)}"
    yield from (f"withheld: {sentence}" for sentence in outcome.withheld)
    yield from (f"waits: {entry.upgrade.title}: {entry.detail}" for entry in outcome.plan.waiting)
    yield from (f"left out: {entry.name}: {entry.detail}" for entry in outcome.plan.left_out)
    yield from (f"failed: {sentence}" for sentence in outcome.failed)
