"""A pull request told what it adds and mends."""

from __future__ import annotations

from contextlib import ExitStack

from bot.posts.pull_request import post
from bot.posts.words import Setting
from bot.rounds.comparing import compared, note, sides
from bot.service.child import messages
from bot.service.child.asking import Service, host_of
from bot.service.child.ground import Ground, given, text_of


def compare(task: messages.Task, service: Service) -> messages.Compared:
    """Tell a pull request what it adds and mends."""
    repo, pull = given(task.repo), given(task.pull)
    with ExitStack() as stack:
        ground = Ground.laid(task, service, stack)
        both = sides(ground.opened, head=task.head, base=task.base, branch=pull.base)
        change = compared(both, ground.scanner)
        setting = Setting(url=task.url, base=pull.base, note=note(both, repo.default_branch))
        posted = post(host_of(service), pull, change, ground.opened.settings.config, setting)
        return messages.Compared(
            conclusion=posted.verdict.conclusion,
            done=tuple(map(text_of, posted.done)),
            withheld=tuple(map(text_of, posted.withheld)),
            failed=tuple(map(text_of, posted.failed)),
            fresh=len(change.fresh),
            mended=len(change.mended),
            score_won=change.score_won,
            limited=service.crossing(posted.limited) if posted.limited else None,
        )
