"""``debtscan offboard``: the configuration of the default branch says which branches are debtscan's."""

from __future__ import annotations

import argparse
from typing import TextIO

from bot.commands._hosted import Work, each_repository
from bot.commands._voice import Voice
from bot.github.client import Client
from bot.github.dry_run import DryRun
from bot.github.host import Host
from bot.github.objects import Repo
from bot.onboarding.settle import Onboarding
from bot.posts import offboard as posts
from bot.rounds.hosted_settings import hosted_settings
from bot.upgrade.offboard import offboard


def run(arguments: argparse.Namespace, stream: TextIO) -> int:
    """Work on each repository in turn; return 4 where one failed."""

    def work(voice: Voice) -> Work:
        def one(client: Client, repo: Repo) -> bool:
            return _offboard(client, repo, voice, dry_run=arguments.dry_run)

        return one

    return each_repository(arguments, stream, work)


def _offboard(client: Client, repo: Repo, voice: Voice, *, dry_run: bool) -> bool:
    voice.tell(f"{repo.name}{' (dry run: nothing is written)' if dry_run else ''}")
    host: Host = DryRun(client, lambda sentence: voice.show(sentence, indent=2)) if dry_run else client
    base = repo.head or ""
    config = hosted_settings(client, repo).config
    asked = Onboarding(host, repo).withdraw(posts.WORD)
    upgrades = offboard(host, base, config.upgrades.branch_prefix, config.history.branch)
    posted = posts.offboard(host, repo, config.posts)
    done, left = (*asked.done, *upgrades.done, *posted.done), (*asked.left, *upgrades.left, *posted.left)
    if not dry_run:
        for sentence in done:
            voice.tell(sentence, indent=2)
    for sentence in left:
        voice.tell(f"left: {sentence}", indent=2)
    if not done and not left:
        voice.tell("nothing of debtscan is there", indent=2)
    return True
