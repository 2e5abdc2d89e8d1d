"""From a snapshot to the commits that count: reading, filtering and walking put together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from analyzers.config import Config
from analyzers.model.kept import Kept
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.model.snapshot import Snapshot
from analyzers.repository.counted import Lifetime
from analyzers.repository.days import DAY_SECONDS, day_number
from analyzers.repository.filters import CommitFilters, FileFilters
from analyzers.repository.formatting import listed, parse_formatting
from analyzers.repository.git import GitRepository
from analyzers.repository.older import split, sum_up
from analyzers.repository.past import Past, read_past
from analyzers.repository.shelf import Older
from analyzers.repository.walk import Seen, Walk
from analyzers.repository.window import Window


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk through a history gave. `seen` is newest first; `lifetime` tells of the files that it is given."""

    window: Window
    seen: Sequence[Seen]
    commits: int
    left_out: Mapping[str, int]
    lifetime: Callable[[Collection[str]], Lifetime] | None
    complete: bool
    skipped: tuple[Skipped, ...]


def window_of(config: Config, as_of: date, since: date | None = None) -> Window:
    """Return the dates that count up to ``as_of``: from the day ``since``, or of so many months as are configured."""
    return Window.since(since, as_of) if since else Window.before(as_of, config.hotspots.window_months)


def walk_history(
    snapshot: Snapshot,
    git: GitRepository,
    commit: str,
    config: Config,
    window: Window,
    kept: Kept,
    *,
    lifetime: bool,
) -> Walked:
    """Walk through the commits of a window and, for a ``lifetime``, through all older ones. Raises GitFailedError."""
    first = day_number(window.first) * DAY_SECONDS
    past = read_past(git, commit, config.hotspots, kept, first, lifetime=lifetime)
    skipped = [_shallow(len(past.boundary))] if past.boundary else []
    unread = [unknown("unreadable", detail) for detail in past.unread]
    filters = CommitFilters(config.hotspots, past, parse_formatting(past.formatting))
    files = FileFilters(snapshot, config.hotspots, git.prefix)
    past, older = _summed_up(past, filters, first) if lifetime else (past, None)
    walk = Walk(past, filters, files, window)
    walk.run(whole=lifetime)
    ever = partial(walk.lifetime, older) if lifetime else None
    return Walked(window, walk.seen, walk.commits, walk.left_out, ever, not past.boundary, (*skipped, *unread))


def _summed_up(past: Past, filters: CommitFilters, first: int) -> tuple[Past, Older | None]:
    """Return the commits to walk through, and what those before them amount to."""
    if past.older:
        return past, past.older
    newer, rest = split(past.held, first)
    if not rest:
        return past, None
    older = sum_up(rest, filters, listed(past.formatting))
    past.keep(older)
    return replace(past, held=newer), older


def unknown(reason: SkipReason, detail: str) -> Skipped:
    """Return what is said where the history tells less than it could."""
    return Skipped(what="history", source="git", reason=reason, detail=detail)


def _shallow(commits: int) -> Skipped:
    ends = "1 commit" if commits == 1 else f"{commits:,} commits"
    detail = f"this clone is shallow: history ends at {ends}, so revisions are a lower bound; `git fetch --unshallow`"
    return unknown("shallow-history", detail)
