"""The question whether debtscan may work in a repository."""

from __future__ import annotations

from contextlib import ExitStack

from bot.rounds.inviting import Inviting, propose
from bot.service.child import messages
from bot.service.child.asking import Service, host_of
from bot.service.child.ground import Ground, given, opened_at, text_of


def invite(task: messages.Task, service: Service) -> messages.Invited:
    """Ask whether debtscan may work there, by a pull request that shows what it would do."""
    host, repo = host_of(service), given(task.repo)
    with ExitStack() as stack:
        proposal = propose(host, lambda files: opened_at(task, service, files))
        ground = Ground.laid(task, service, stack, proposal.opened)
        inviting = Inviting(host=host, repo=repo, why=task.why, page=task.page, again=task.again)
        came = inviting.invite(ground.judged(ground.scanned()), proposal)
        return messages.Invited(
            standing=came.standing,
            pull=came.pull.number if came.pull else 0,
            done=tuple(map(text_of, came.done)),
            left=tuple(map(text_of, came.left)),
        )
