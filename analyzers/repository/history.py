"""Who changed what, how often: what the commits of the window, and those of all times, tell of a snapshot's files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

from analyzers.config import Config
from analyzers.model.inventory import Churn, Function, History
from analyzers.model.kept import NOTHING_KEPT, Kept
from analyzers.model.skipped import Skipped
from analyzers.model.snapshot import Snapshot
from analyzers.repository.beside import Beside
from analyzers.repository.counted import Counted
from analyzers.repository.coupling import couplings
from analyzers.repository.days import day_of
from analyzers.repository.following import Followed, Following
from analyzers.repository.git_process import GitFailedError
from analyzers.repository.knowledge import folders
from analyzers.repository.messages import IS_FIX
from analyzers.repository.ownership import ownership
from analyzers.repository.snapshot import history_of
from analyzers.repository.steps import read_steps
from analyzers.repository.walk import Seen
from analyzers.repository.walked import Walked, unknown, walk_history, window_of
from analyzers.repository.window import Tally, Window


def begin_history(
    snapshot: Snapshot, config: Config, as_of: date, *, kept: Kept = NOTHING_KEPT, since: date | None = None
) -> Callable[[], Walked] | None:
    """Begin to walk through the history while something else is done; return what waits for the end of that.

    The arguments are those of `read_history`, which takes what this returns. None where there is no history.
    """
    source = history_of(snapshot)
    if source is None:
        return None
    window = window_of(config, as_of, since)
    return Beside(lambda: walk_history(snapshot, *source, config, window, kept, lifetime=True))


def read_history(
    snapshot: Snapshot,
    config: Config,
    as_of: date,
    functions: Sequence[Function] = (),
    *,
    code: Collection[str] = (),
    kept: Kept = NOTHING_KEPT,
    lifetime: bool = True,
    since: date | None = None,
    begun: Callable[[], Walked] | None = None,
) -> tuple[History | None, tuple[Skipped, ...]]:
    """Return what the history up to ``as_of`` tells of the snapshot's files, and what could not be known.

    Those of the ``functions`` that are complex enough for a hotspot are followed one by one. The files of ``code`` are
    looked at for what changes together and who knows it; not the latter without ``lifetime``, which needs all commits.
    The window begins on the day ``since``, where one is given, instead of so many months ago as are configured.
    What was ``begun`` is waited for.
    """
    source = history_of(snapshot)
    if source is None:
        return None, (unknown("no-history", "there is no commit here, so nothing is known of changes and hotspots"),)
    git, commit = source
    try:
        window = window_of(config, as_of, since)
        walked = begun() if begun else walk_history(snapshot, git, commit, config, window, kept, lifetime=lifetime)
        files = _tallies(walked)
        complicated = [one for one in functions if one.complexity >= config.hotspots.minimum_complexity]
        paths = {one.path for one in complicated}
        steps = read_steps(git, walked.seen, paths, include_merges=config.hotspots.include_merges)
        following = Following(snapshot, source, steps, complicated, kept)
        for path, step in following.under_older_names():
            _tally(files, path, walked.window).add(step.day, step.author, walked.window, is_fix=step.is_fix)
        followed = following.follow(
            walked.window, config.hotspots, lambda path: sum(files[path].months) if path in files else 0
        )
    except GitFailedError as error:
        return None, (unknown("no-history", f"git could not read the history: {error.detail}"),)
    return _history(walked, files, followed, as_of, code), (*walked.skipped, *followed.skipped)


def _tallies(walked: Walked) -> dict[str, Tally]:
    """Count the commits of each file."""
    tallies: dict[str, Tally] = {}
    for one in walked.seen:
        day, is_fix = day_of(one.time), bool(one.flags & IS_FIX)
        # Two names of the past may be one today.
        for path in set(one.files.values()):
            _tally(tallies, path, walked.window).add(day, one.author, walked.window, is_fix=is_fix)
    return tallies


def _tally(tallies: dict[str, Tally], path: str, window: Window) -> Tally:
    tally = tallies.get(path)
    if tally is None:
        tally = tallies[path] = Tally([0] * len(window.ends))
    return tally


def _history(
    walked: Walked, files: Mapping[str, Tally], followed: Followed, as_of: date, code: Collection[str]
) -> History:
    together = couplings(_counted(walked.seen), code)
    ever = walked.lifetime(code) if walked.lifetime else None
    return History(
        since=walked.window.first,
        until=walked.window.last,
        commits=walked.commits,
        left_out=tuple(sorted(walked.left_out.items())),
        churn=tuple(_churn(path, files[path]) for path in sorted(files)),
        functions=followed.functions,
        versions=followed.versions,
        couplings=together.pairs,
        more_couplings=together.more,
        ownership=ownership(ever, as_of, code) if ever else (),
        folders=folders(ever, as_of, code) if ever else (),
        complete=walked.complete,
    )


def _counted(seen: Iterable[Seen]) -> Iterable[Counted]:
    for one in seen:
        if one.files:
            yield Counted(
                day_of(one.time), one.author, bool(one.flags & IS_FIX), tuple(sorted(set(one.files.values())))
            )


def _churn(path: str, tally: Tally) -> Churn:
    return Churn(
        path=path,
        revisions=sum(tally.months),
        authors=len(tally.authors),
        last_changed=tally.last_changed,
        recent=tally.recent,
        fixes=tally.fixes,
        recent_fixes=tally.recent_fixes,
        months=tuple(tally.months),
    )
