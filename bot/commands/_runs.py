"""``debtscan run``: each repository copied, scanned, compared, planned, published and posted; then the account."""

from __future__ import annotations

import argparse
import os
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from analyzers.http.credentials import load_settings
from analyzers.model.kept import Kept
from bot.commands import _cached, _network, _progress, _reports, _rollup, _round, _told
from bot.commands._hosted import Work, each_repository
from bot.commands._past import hosted_store
from bot.commands._rollup import Gathered
from bot.commands._voice import Voice
from bot.github.client import Client
from bot.github.dry_run import DryRun
from bot.github.host import Host
from bot.github.objects import Repo
from bot.output import Target
from bot.report.renderer import Options
from bot.rollup_member import member_of
from bot.rounds.acting import Acting, Judged
from bot.rounds.clock import Clock
from bot.rounds.inheriting import inherited
from bot.rounds.judging import judged
from bot.rounds.network import Network
from bot.rounds.posting import not_done, upgrade_lines
from bot.rounds.repository import open_repository
from bot.rounds.scanning import Scanner, copied
from bot.rounds.wishes import wants_all_anew
from bot.upgrade.locks.locker import Locker
from bot.upgrade.rounds import Round


def run(arguments: argparse.Namespace, stream: TextIO) -> int:
    """Work on each repository in turn; return 4 where one failed. Raises UsageError."""
    clock = Clock.read(arguments.as_of)
    several = is_several(arguments)
    plan = _rollup.planned if several else _reports.planned
    targets = plan(arguments.output) if arguments.output else ()
    gathered = _rollup.Gathered()
    with _network.opened(offline=False) as network, _cached.kept() as kept:

        def work(voice: Voice) -> Work:
            return _Runner(arguments, clock, () if several else targets, voice, network, kept, gathered).play

        code = each_repository(arguments, stream, work, gathered.leave)
    if several:
        _rollup.write(gathered.rolled(arguments.org or "", clock), targets)
    return code


def is_several(arguments: argparse.Namespace) -> bool:
    """Whether the run is over several repositories, of which a roll-up tells."""
    return bool(arguments.org) or len(set(arguments.repositories)) > 1


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a round writes: `host` is the client, or says what it would do."""

    client: Client
    host: Host
    repo: Repo


@dataclass(frozen=True, slots=True)
class _Runner:
    """Plays rounds and tells of them."""

    arguments: argparse.Namespace
    clock: Clock
    targets: tuple[Target, ...]
    voice: Voice
    network: Network
    kept: Kept
    gathered: Gathered

    def play(self, client: Client, repo: Repo) -> bool:
        """Work on one repository; return whether all of it could be done. Raises HostError and kin."""
        dry_run = self.arguments.dry_run
        self.voice.tell(f"{repo.name}{' (dry run: nothing is written)' if dry_run else ''}")
        place = _Place(client, DryRun(client, self._would) if dry_run else client, repo)
        with ExitStack() as stack:
            found = self._scanned(place, stack)
            _told.tell_standing(found.report, self.voice)
            # Before anything is written there: a round that fails has its reports all the same.
            self._report(found)
            self._gather(place, found, None)
            outcome = self._acted(place, found)
        return not found.posted.failed and not outcome.failed

    def _acted(self, place: _Place, found: Judged) -> Round:
        """Act, and tell of it as far as it got."""
        dry_run, posted = self.arguments.dry_run, found.posted
        outcomes: list[Round] = []

        def played(outcome: Round) -> None:
            outcomes.append(outcome)
            _round.tell(outcome, self.voice, dry_run=dry_run)

        acting = Acting(host=place.host, repo=place.repo, url=place.client.url, clock=self.clock, played=played)
        try:
            return acting.act(found)
        finally:
            for outcome in outcomes:
                if not outcome.limited:
                    _told.tell(posted, self.voice, dry_run=dry_run)
                _told.tell_missing((*outcome.missing, *posted.missing), self.voice)
                self._gather(place, found, outcome)

    def _would(self, sentence: str) -> None:
        self.voice.show(sentence, indent=2)

    def _scanned(self, place: _Place, stack: ExitStack) -> Judged:
        """Scan a copy and compare it with the last scan. What is opened for that stays so as long as ``stack``."""
        copy = stack.enter_context(copied(place.client))
        with _progress.shown(quiet=self.arguments.quiet) as progress:
            opened = open_repository(
                copy.folder,
                config=None,
                commit=place.repo.head or "",
                bring=copy.bring,
                inherited=inherited(place.client),
            )
            for overruled in opened.settings.overruled:
                self.voice.tell(overruled.sentence, indent=2)
            config = opened.settings.config
            is_anew = wants_all_anew(place.host, place.repo, config)
            network = replace(self.network.of(config, progress), anew=is_anew)
            said = self._would if self.arguments.dry_run else None
            store = stack.enter_context(hosted_store(place.host, place.repo.name, config.history, dry_run=said))
            scanner = Scanner(
                clock=self.clock, network=network, progress=progress, jobs=self.arguments.jobs, kept=self.kept
            )
            home = Path.home()
            locker = Locker.of(os.environ, home, load_settings(os.environ, home), keep_out=opened.folder)
            return judged(opened, scanner.scan(opened), scanner, store, locker)

    def _report(self, found: Judged) -> None:
        _reports.write(found.report, self.targets, lambda _target: Options())
        if not is_several(self.arguments):
            # Of several, which one's outputs would these be?
            _told.report_in_workflow(found.report, found.posted, self.targets)

    def _gather(self, place: _Place, found: Judged, outcome: Round | None) -> None:
        """Hand over to the roll-up what is known by now; a round that ends before its ``outcome`` has a row as well."""
        if is_several(self.arguments):
            posted, url = found.posted, place.client.url
            self.gathered.add(
                member_of(
                    found.report,
                    found.report.history,
                    # As it was named, by which it is told where the work on it ends.
                    name=place.client.name,
                    url=url,
                    states=[line.state for line in upgrade_lines(outcome, url)] if outcome else (),
                    failed=not_done(outcome, posted) if outcome else (),
                )
            )
