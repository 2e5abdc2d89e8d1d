"""``debtscan run OWNER/REPO --pull-request N``: what one pull request adds and mends, told there."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final, TextIO

from analyzers import settings as configuration
from analyzers.config import Config
from analyzers.errors import ConfigError, DebtscanError
from analyzers.model.snapshot import Snapshot
from analyzers.repository.snapshot import merge_base, open_snapshot
from analyzers.scan import rules
from bot.commands import _cached, _network, _progress, _reports, _told
from bot.commands._hosted import Work, each_repository
from bot.commands._voice import Voice
from bot.comparison import Comparison, compare
from bot.github.client import Client
from bot.github.dry_run import DryRun
from bot.github.host import Host
from bot.github.objects import Pull, Repo
from bot.output import Target
from bot.posts.posted import Posted
from bot.posts.pull_request import post
from bot.posts.words import Setting
from bot.report.renderer import Options
from bot.rounds.clock import Clock
from bot.rounds.repository import Opened, open_repository
from bot.rounds.scanning import Scanner, copied

_HEAD: Final = "refs/debtscan/head"
_BASE: Final = "refs/debtscan/base"
_CODES: Final = {"failure": 1, "action_required": 4}


def run(arguments: argparse.Namespace, stream: TextIO) -> int:
    """Tell of one pull request; return 1 where the gate failed, 4 where it could not be judged or something failed."""
    clock = Clock.read(arguments.as_of)
    targets = _reports.planned(arguments.output) if arguments.output else ()
    tellers: list[_Teller] = []

    def work(voice: Voice) -> Work:
        tellers.append(_Teller(arguments, clock, targets, voice))
        return tellers[0].play

    code = each_repository(arguments, stream, work)
    judged = tellers[0].code if tellers else 0
    return judged if judged == 1 else code or judged


class _Teller:
    """Compares and posts. `code` is what the gate says of the change: 0, 1 or 4."""

    def __init__(self, arguments: argparse.Namespace, clock: Clock, targets: tuple[Target, ...], voice: Voice) -> None:
        self._arguments = arguments
        self._clock = clock
        self._targets = targets
        self._voice = voice
        self.code = 0

    def play(self, client: Client, repo: Repo) -> bool:
        """Work on the pull request; return whether all of it could be done. Raises DebtscanError."""
        voice, dry_run = self._voice, self._arguments.dry_run
        number = self._arguments.pull_request
        voice.tell(f"{repo.name}#{number}{' (dry run: nothing is written)' if dry_run else ''}")
        host: Host = DryRun(client, lambda sentence: voice.show(sentence, indent=2)) if dry_run else client
        pull = host.pull(number)
        if pull.state != "open":
            voice.tell(f"it is {pull.state}: nothing is posted", indent=2)
            return True
        with self._copied(client, repo, pull) as (opened, base, head):
            change = self._compared(opened, base, head)
            note = _note(base, head, opened, repo.default_branch)
            setting = Setting(url=client.url, base=pull.base, note=note)
        _reports.write(change.after, self._targets, lambda _target: Options())
        posted = post(host, pull, change, opened.settings.config, setting)
        self.code = _CODES.get(posted.verdict.conclusion, 0)
        if pull.fork and posted.withheld:
            voice.tell(
                "it comes from a fork, where a workflow's token may only read: the job's page tells all", indent=2
            )
        self._tell(change, posted, setting)
        if posted.limited:
            raise posted.limited
        return not posted.failed

    @contextmanager
    def _copied(self, client: Client, repo: Repo, pull: Pull) -> Iterator[tuple[Opened, Snapshot, Snapshot]]:
        """Yield the default branch, and the pull request's merge base and head, all under its configuration."""
        with copied(client) as copy:
            copy.fetch({f"refs/pull/{pull.number}/head": _HEAD, f"refs/heads/{pull.base}": _BASE})
            opened = open_repository(copy.folder, config=None, commit=repo.head, bring=copy.bring)
            config = opened.settings.config
            head = open_snapshot(copy.folder, config, commit=_HEAD, bring=copy.bring)
            commit = merge_base(head, _BASE)
            if commit is None:
                raise DebtscanError(f"it shares no commit with {pull.base}, so there is nothing to compare it with")
            yield opened, open_snapshot(copy.folder, config, commit=commit, bring=copy.bring), head

    def _compared(self, opened: Opened, base: Snapshot, head: Snapshot) -> Comparison:
        """Judge the merge base and the head: the same configuration, the same Facts, the same date."""
        with (
            _progress.shown(quiet=self._arguments.quiet) as progress,
            _network.asking(opened.settings.config, offline=False, progress=progress) as network,
            _cached.kept() as kept,
        ):
            scanner = Scanner(
                clock=self._clock, network=network, progress=progress, jobs=self._arguments.jobs, kept=kept
            )
            before = scanner.scan(replace(opened, snapshot=base))
            after = scanner.scan(replace(opened, snapshot=head), before.facts)
        return compare(before, after, scanned_at=self._clock.now)

    def _tell(self, change: Comparison, posted: Posted, setting: Setting) -> None:
        _told.tell_change(change, posted, self._voice, dry_run=self._arguments.dry_run)
        _told.in_workflow(change, posted, setting, self._voice.stream, self._targets)


def _note(base: Snapshot, head: Snapshot, opened: Opened, branch: str) -> str:
    """Say where the pull request changes debtscan's configuration, that this counts later."""
    if opened.settings.path not in {None, *configuration.IN_REPOSITORY, "pyproject.toml"}:
        # The host's own file counts, whatever the repository holds.
        return ""
    if _configured(base) == _configured(head):
        return ""
    return f"This pull request changes the configuration of debtscan: that counts once it is merged into {branch}."


def _configured(snapshot: Snapshot) -> Config | None:
    """Return the configuration that lies there; None for one that is wrong."""
    try:
        return configuration.load(snapshot, explicit=None, rules=rules()).config
    except ConfigError:
        return None
