"""The change since an earlier scan: its commit is read out of the copy that is there, and judged again, twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from analyzers.config import Config
from analyzers.errors import DebtscanError, SnapshotError, UsageError
from analyzers.facts_json import FactsFormatError
from analyzers.manifests import Progress
from analyzers.model.facts import Facts
from analyzers.model.inventory import Inventory
from analyzers.model.kept import NOTHING_KEPT, Kept
from analyzers.read import read, read_on
from analyzers.scan import ScanResult, judge
from bot.change import Change, split, whole
from bot.change_items import points_of
from bot.rounds.repository import Opened, open_repository
from bot.store.errors import HistoryError
from bot.store.model import Entry

LookUp = Callable[[Inventory, Facts], Facts]
"""(an inventory, what is known already) → all Facts of it: `look_up` with ``known``."""

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class _UnsplitError(DebtscanError):
    """The change cannot be split; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What an earlier scan is compared with: the `result` of this one, what it was read from, and what asks."""

    result: ScanResult
    opened: Opened
    look_up: LookUp
    jobs: int = 0
    progress: Progress = lambda _stage, _done, _total: None
    kept: Kept = NOTHING_KEPT


@dataclass(frozen=True, slots=True)
class _Then:
    """The old commit under its own configuration: as it was read on the day of the earlier scan, and as of today."""

    old: Inventory
    now: Inventory
    config: Config


def change_since(since: Entry, stored: Callable[[Entry], Facts | None], today: Today) -> Change:
    """Return the change since an entry, split; told as a whole, with the reason, where that cannot be done.

    ``stored`` gives the entry's Facts (`Store.facts`). At most the old commit is read and judged twice, and only what
    today's Facts lack for it is looked up. Raises what ``stored`` and ``look_up`` raise, damage of what is stored
    excepted.
    """
    try:
        facts = _facts(since, stored)
        then = _read_then(since, today)
        old, world = _judged(since, facts, then, today)
        _check_history(since, old)
    except _UnsplitError as error:
        return whole(since, today.result, str(error))
    return split(since, old, world, today.result)


def _facts(since: Entry, stored: Callable[[Entry], Facts | None]) -> Facts:
    groups = {group.group: group.points for group in since.groups}
    # What is stored may have been written by others, and the rules' part is told by group.
    if sum(groups.values()) != since.points:
        raise _UnsplitError("the scorecard of then contradicts itself")
    try:
        facts = stored(since)
    except (HistoryError, FactsFormatError) as error:
        raise _UnsplitError(f"the Facts of then cannot be read: {error}") from error
    if facts is None:
        raise _UnsplitError("the Facts of then are not kept any more")
    return facts


def _read_then(since: Entry, today: Today) -> _Then:
    result, settings, kept = today.result, today.opened.settings, today.kept
    repository = result.inventory.repository
    if since.commit == repository.commit and not repository.dirty:
        old = read_on(today.opened.snapshot, settings, result.inventory, as_of=since.as_of, kept=kept)
        return _Then(old, result.inventory, result.config)
    opened = _opened(since, today)
    old = read(opened.snapshot, opened.settings, as_of=since.as_of, jobs=today.jobs, progress=today.progress, kept=kept)
    now = read_on(opened.snapshot, opened.settings, old, as_of=result.as_of, kept=kept)
    return _Then(old, now, opened.settings.config)


def _opened(since: Entry, today: Today) -> Opened:
    # What is stored may stand where others can write: a name that git would take for something else is no commit.
    if not _COMMIT.fullmatch(since.commit):
        raise _UnsplitError("the scan of then was of no commit")
    try:
        return open_repository(
            today.opened.folder,
            config=None,
            commit=since.commit,
            bring=today.opened.bring,
            inherited=today.opened.settings.inherited,
        )
    except SnapshotError as error:
        gone = f"commit {since.commit[:7]} is not here any more: the branch was rewritten, or this copy is shallow"
        raise _UnsplitError(gone) from error
    except UsageError as error:
        raise _UnsplitError(f"the configuration of commit {since.commit[:7]} is not valid: {error}") from error


def _judged(since: Entry, facts: Facts, then: _Then, today: Today) -> tuple[ScanResult, ScanResult]:
    """Return the old commit judged with the Facts of then and with those of today."""
    result = today.result
    if then.now is result.inventory:
        asked, world = result.facts, result
    else:
        asked = today.look_up(then.now, result.facts)
        world = judge(then.now, asked, then.config, as_of=result.as_of, offline=result.offline)
    # What nobody asked then is no change of the world: a rule of today wants to know it.
    lacking = {question: answer for question, answer in asked.answers.items() if question not in facts.answers}
    known = replace(facts, answers={**facts.answers, **lacking})
    return judge(then.old, known, then.config, as_of=since.as_of), world


def _check_history(since: Entry, old: ScanResult) -> None:
    """Raise where the history is cut off here and the hotspots of then cannot be counted as they were."""
    history = old.inventory.history
    if history is None or history.complete:
        return
    hotspots = sum(group.points for group in since.groups if group.group == "hotspots")
    found = points_of(replace(old, findings=tuple(one for one in old.findings if one.group == "hotspots")))
    if found != hotspots:
        raise _UnsplitError("this copy is shallow, so the changes of then cannot be counted as they were")
