"""``debtscan run OWNER/REPO --pull-request N``: what one pull request adds and mends, told there."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from bot.commands import _cached, _network, _progress, _reports, _told
from bot.commands._hosted import Work, each_repository
from bot.commands._voice import Voice
from bot.comparison import Comparison
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
from bot.rounds.comparing import Sides, compared, note, sides
from bot.rounds.inheriting import inherited
from bot.rounds.repository import open_repository
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
        with self._copied(client, repo, pull) as both:
            change = self._compared(both)
            setting = Setting(url=client.url, base=pull.base, note=note(both, repo.default_branch))
        _reports.write(change.after, self._targets, lambda _target: Options())
        posted = post(host, pull, change, both.opened.settings.config, setting)
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
    def _copied(self, client: Client, repo: Repo, pull: Pull) -> Iterator[Sides]:
        """Yield what is compared, in a copy that is removed afterwards."""
        with copied(client) as copy:
            copy.fetch({f"refs/pull/{pull.number}/head": _HEAD, f"refs/heads/{pull.base}": _BASE})
            opened = open_repository(
                copy.folder, config=None, commit=repo.head, bring=copy.bring, inherited=inherited(client)
            )
            yield sides(opened, head=_HEAD, base=_BASE, branch=pull.base)

    def _compared(self, both: Sides) -> Comparison:
        with (
            _progress.shown(quiet=self._arguments.quiet) as progress,
            _network.asking(both.opened.settings.config, offline=False, progress=progress) as network,
            _cached.kept() as kept,
        ):
            scanner = Scanner(
                clock=self._clock, network=network, progress=progress, jobs=self._arguments.jobs, kept=kept
            )
            return compared(both, scanner)

    def _tell(self, change: Comparison, posted: Posted, setting: Setting) -> None:
        _told.tell_change(change, posted, self._voice, dry_run=self._arguments.dry_run)
        _told.in_workflow(change, posted, setting, self._voice.stream, self._targets)
