"""Acting on a scan: pull requests opened, updated and closed, and what is posted."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import msgspec

from bot.github.errors import RateLimitedError
from bot.posts.posted import Posted
from bot.rounds.acting import Acting
from bot.rounds.posting import not_done, upgrade_lines
from bot.service.child import messages
from bot.service.child.asking import Service, host_of
from bot.service.child.ground import Ground, given, text_of
from bot.upgrade.rounds import Round

_TRIED_AGAIN: Final = timedelta(days=1)


def act(task: messages.Task, service: Service) -> messages.Played:
    """Judge what was scanned once more, then open, update and close pull requests, and post."""
    repo = given(task.repo)
    with ExitStack() as stack:
        ground = Ground.laid(task, service, stack)
        found = ground.judged(ground.scanned())
        outcomes: list[Round] = []
        acting = Acting(
            host=host_of(service), repo=repo, url=task.url, clock=ground.scanner.clock, played=outcomes.append
        )
        limited: messages.Failure | None = None
        try:
            acting.act(found)
        except RateLimitedError as error:
            if not outcomes:
                raise
            limited = service.crossing(error)
        outcome = outcomes[-1]
        return messages.Played(
            upgrades=_lines(outcome, task.url),
            done=tuple(map(text_of, (*outcome.tidied, *outcome.merged, *found.posted.done))),
            withheld=tuple(map(text_of, (*outcome.withheld, *found.posted.withheld))),
            failed=tuple(map(text_of, not_done(outcome, found.posted))),
            again_at=_again_at(outcome, found.posted, task.now),
            limited=limited,
        )


def _lines(outcome: Round, url: str) -> bytes:
    lines = msgspec.to_builtins(upgrade_lines(outcome, url))
    # A file name that is no UTF-8 may stand in a sentence.
    texts = ({key: text_of(value) if isinstance(value, str) else value for key, value in one.items()} for one in lines)
    return msgspec.json.encode(tuple(texts))


def _again_at(outcome: Round, posted: Posted, now: datetime) -> datetime | None:
    """Return when there is something to do although nothing changed: what waited may be opened, an ignore has ended.

    What failed, a lock that could not be made and what a rule does not merge yet are looked at again the next day.
    """
    moments = [entry.until for entry in outcome.plan.waiting if entry.until]
    days = [entry.until for entry in (*outcome.plan.left_out, *outcome.left_out) if entry.until]
    drafts = [one.id for one in outcome.outcomes if one.pull and one.pull.draft]
    if outcome.failed or posted.failed or outcome.unmerged or drafts:
        moments.append(now + _TRIED_AGAIN)
    return min((one for one in (*moments, *map(_after, days)) if one > now), default=None)


def _after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)
