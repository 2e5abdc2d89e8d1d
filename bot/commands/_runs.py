"""``debtscan run``: each repository copied, scanned, planned, published; then the account of requests."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from analyzers import scan as stages
from analyzers.http.credentials import load_settings
from analyzers.read import read, worlds_of
from analyzers.repository import clone as copies
from bot.assemble import build
from bot.commands import _network, _progress, _round, _told
from bot.commands._hosted import Work, each_repository
from bot.commands._posting import told
from bot.commands._progress import Progress
from bot.commands._repository import Opened, open_repository
from bot.commands._session import Clock
from bot.commands._voice import Voice
from bot.github.client import Client
from bot.github.dry_run import DryRun
from bot.github.host import Host
from bot.github.objects import Repo
from bot.posts import commit
from bot.posts.rounds import Place, post
from bot.posts.words import Setting
from bot.report import sarif
from bot.report.renderer import Options
from bot.upgrade.due import Means, Scanned
from bot.upgrade.locks.locker import Locker
from bot.upgrade.rounds import Round, play


def run(arguments: argparse.Namespace, stream: TextIO) -> int:
    """Work on each repository in turn; return 4 where one failed."""
    clock = Clock.read(arguments.as_of)

    def work(voice: Voice) -> Work:
        return _Runner(arguments, clock, voice).play

    return each_repository(arguments, stream, work)


class _Runner:
    """Plays rounds and tells of them."""

    def __init__(self, arguments: argparse.Namespace, clock: Clock, voice: Voice) -> None:
        self._arguments = arguments
        self._clock = clock
        self._voice = voice

    def play(self, client: Client, repo: Repo) -> bool:
        """Work on one repository; return whether all of it could be done. Raises HostError and kin."""
        voice, dry_run = self._voice, self._arguments.dry_run
        voice.tell(f"{repo.name}{' (dry run: nothing is written)' if dry_run else ''}")
        host: Host = DryRun(client, lambda sentence: voice.show(sentence, indent=2)) if dry_run else client
        with self._scanned(client, repo.head or "") as (scanned, means):
            outcome = play(host, repo, scanned, means)
        _round.tell(outcome, voice, dry_run=dry_run)
        if outcome.limited:
            raise outcome.limited
        return self._post(host, client, repo, scanned, outcome) and not outcome.failed

    def _post(self, host: Host, client: Client, repo: Repo, scanned: Scanned, outcome: Round) -> bool:
        """Post the scorecard; return whether all of it that is allowed stands there."""
        report, config = build(scanned.result, scanned_at=self._clock.now), scanned.settings.config
        setting = Setting(url=client.url, base=repo.default_branch)
        posted = commit.post(host, report, config, setting, lambda: sarif.RENDERER.render(report, Options()))
        place = Place(host=host, repo=repo, settings=config.posts, missing=outcome.missing)
        post(place, told(repo, report, outcome, client.url), posted)
        _told.tell(posted, self._voice, dry_run=self._arguments.dry_run)
        if len(self._arguments.repositories) == 1:
            # Of several, which one's outputs would these be?
            _told.report_in_workflow(report, posted)
        if posted.limited:
            raise posted.limited
        return not posted.failed

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
