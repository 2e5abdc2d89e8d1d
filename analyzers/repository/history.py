"""Who changed what, how often, in the window: churn a file from one pass over ``git log --raw``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from analyzers.config import Config, Hotspots
from analyzers.errors import UnreadableError
from analyzers.model.inventory import Churn, Function, History
from analyzers.model.kept import NOTHING_KEPT, Kept
from analyzers.model.skipped import Skipped
from analyzers.model.snapshot import Snapshot
from analyzers.repository.commits import PLAIN_LOG, Change, Commit, log, versions
from analyzers.repository.days import day_of
from analyzers.repository.following import Followed, Following
from analyzers.repository.git_process import GitFailedError, git_version
from analyzers.repository.line_diff import changed_blocks, old_line
from analyzers.repository.paths import is_test
from analyzers.repository.people import Bots, People
from analyzers.repository.snapshot import history_of
from analyzers.repository.versions import Step
from analyzers.repository.window import Tally, Window

_FIRST_WITH_FILTER = (2, 37)
_FIRST_GIT_DAY = date(1970, 1, 1)
"""git does not understand an earlier one, and finds nothing then."""
_FIX = re.compile(r"\b(?:fix(?:es|ed|ing)?|(?:bug|hot)[- ]?fix(?:es|ed)?|bugs?|regressions?)\b", re.IGNORECASE)
_EMPTY_BLOBS = frozenset(
    {
        b"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        b"473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
    }
)


def read_history(
    snapshot: Snapshot,
    config: Config,
    as_of: date,
    functions: Sequence[Function] = (),
    *,
    kept: Kept = NOTHING_KEPT,  # noqa: ARG001 - commits are kept from the next step on
) -> tuple[History | None, tuple[Skipped, ...]]:
    """Return the churn of the snapshot's files in the window before ``as_of``, and what could not be known.

    Those of the ``functions`` that are complex enough for a hotspot are followed one by one.
    """
    source = history_of(snapshot)
    if source is None:
        return None, (_unknown("no-history", "there is no commit here, so nothing is known of changes and hotspots"),)
    git, commit = source
    complicated = [one for one in functions if one.complexity >= config.hotspots.minimum_complexity]
    try:
        boundary = git.shallow_commits() if git.is_shallow else frozenset()
        reading = _Reading(snapshot, git.prefix, config.hotspots, Window.before(as_of, config.hotspots.window_months))
        reading.boundary = frozenset(name.encode() for name in boundary)
        reading.keeps_steps = bool(complicated)
        with log(git, commit, *_options(reading)) as commits:
            for entry in commits:
                reading.add(entry)
        following = Following(snapshot, git, commit, reading.steps, complicated)
        for path, step in following.under_older_names():
            reading.count(path, step)
        followed = following.follow(reading.window, config.hotspots, reading.revisions)
    except GitFailedError as error:
        return None, (_unknown("no-history", f"git could not read the history: {error.detail}"),)
    skipped = [_shallow(len(boundary))] if boundary else []
    return reading.history(followed, complete=not boundary), (*skipped, *followed.skipped)


def _options(reading: _Reading) -> Iterable[str]:
    # A filter, where git knows it, and not a limit: a commit with a wrong clock must not hide what lies behind it.
    since = "since-as-filter" if git_version() >= _FIRST_WITH_FILTER else "since"
    yield f"--{since}={max(reading.window.first, _FIRST_GIT_DAY).isoformat()}T00:00:00+00:00"
    if reading.config.include_merges:
        yield "--diff-merges=first-parent"
    elif reading.keeps_steps:
        # Files that a merge changed on its own lead on to both sides.
        yield "--diff-merges=combined"


def _unknown(reason: str, detail: str) -> Skipped:
    return Skipped(what="history", source="git", reason=reason, detail=detail)  # type: ignore[arg-type] # two literals


def _shallow(commits: int) -> Skipped:
    ends = "1 commit" if commits == 1 else f"{commits:,} commits"
    detail = f"this clone is shallow: history ends at {ends}, so revisions are a lower bound; `git fetch --unshallow`"
    return _unknown("shallow-history", detail)


class _Reading:
    """Walks from the newest commit to the oldest and counts."""

    def __init__(self, snapshot: Snapshot, prefix: str, config: Hotspots, window: Window) -> None:
        self.config = config
        self.window = window
        self.boundary: frozenset[bytes] = frozenset()
        self.today: dict[bytes, bytes] = {}
        """What a path of the past is called today; only renamed ones stand here."""
        self.tallies: dict[bytes, Tally] = {}
        self.left_out: Counter[str] = Counter()
        self.commits = 0
        self.keeps_steps = False
        self.steps: list[Step] = []
        self._prefix = prefix.encode()
        self._kinds = {(prefix + path).encode(): path for path in snapshot.paths()}
        self._foreign: dict[bytes, str] = {}
        self._snapshot = snapshot
        self._people = People()
        self._bots = Bots(config.bots)

    def add(self, commit: Commit) -> None:
        """Count one commit, or say which filter leaves it out."""
        renames = _exact_renames(commit.changes)
        moved = {path for pair in renames for path in pair}
        changed = [change.path for change in commit.changes if change.path not in moved]
        paths = {self.today.get(path, path) for path in changed}
        for old, new in renames:
            self.today[old] = self.today.get(new, new)
        day = day_of(commit.time)
        is_fix = _FIX.search(commit.subject) is not None
        counts = day in self.window and self._is_inside(commit, paths, moved) and self._passes(commit, changed, paths)
        author = self._people.number(commit.author, commit.email) if counts else 0
        if self.keeps_steps and commit.changes:
            self.steps.append(Step(day, author, is_fix, counts, commit.changes, renames))
        for path in paths if counts else ():
            if path in self._kinds and not self._kind(path):
                self._tally(path).add(day, author, self.window, is_fix=is_fix)

    def count(self, path: str, step: Step) -> None:
        """Count a commit of a file under an older name."""
        tally = self._tally(self._prefix + path.encode())
        tally.add(step.day, step.author, self.window, is_fix=step.is_fix)

    def revisions(self, path: str) -> int:
        """Return how many commits of the window that count changed the file."""
        tally = self.tallies.get(self._prefix + path.encode())
        return sum(tally.months) if tally else 0

    def _passes(self, commit: Commit, changed: Sequence[bytes], paths: Iterable[bytes]) -> bool:
        """Whether no filter leaves the commit out; the filter's count grows where one does."""
        reason = self._reason(commit, changed, paths)
        if reason:
            self.left_out[reason] += 1
        else:
            self.commits += 1
        return not reason

    def _is_inside(self, commit: Commit, paths: Iterable[bytes], moved: Iterable[bytes]) -> bool:
        """Whether the commit touches the part that is scanned. Merges carry no files, so they do."""
        if not self._prefix or (len(commit.parents) > 1 and not self.config.include_merges):
            return True
        return any(path.startswith(self._prefix) for path in (*paths, *moved))

    def _reason(self, commit: Commit, changed: Sequence[bytes], paths: Iterable[bytes]) -> str:
        """Return the filter that leaves the whole commit out, or nothing."""
        if commit.name in self.boundary:
            # What a shallow clone shows as its first commit seems to add every file.
            return "shallow"
        if len(commit.parents) > 1 and not self.config.include_merges:
            return "merge"
        if not self.config.include_bots and self._bots.is_bot(commit.author, commit.email):
            return "bot"
        if not changed:
            return "rename" if commit.changes else ""
        if len(changed) > self.config.bulk_files and not self.config.include_bulk:
            return "bulk"
        kinds = {self._kind(path) for path in paths}
        return "" if "" in kinds else min(kinds)

    def _kind(self, path: bytes) -> str:
        """Return the filter that leaves this file out, or nothing."""
        kind = self._foreign.get(path)
        if kind is None:
            name = path.removeprefix(self._prefix).decode(errors="replace")
            kind = self._foreign[path] = self._kind_of(name)
        return kind

    def _kind_of(self, name: str) -> str:
        if not self.config.include_generated:
            if self._snapshot.is_vendored(name):
                return "vendored"
            if self._snapshot.is_generated(name):
                return "generated"
        return "tests" if not self.config.include_tests and is_test(name) else ""

    def _tally(self, path: bytes) -> Tally:
        tally = self.tallies.get(path)
        if tally is None:
            tally = self.tallies[path] = Tally([0] * len(self.window.ends))
        return tally

    def history(self, followed: Followed, *, complete: bool) -> History:
        """Return all that was counted."""
        churn = sorted((self._churn(self._kinds[path], tally) for path, tally in self.tallies.items()), key=_path)
        return History(
            since=self.window.first,
            until=self.window.last,
            commits=self.commits,
            left_out=tuple(sorted(self.left_out.items())),
            churn=tuple(churn),
            functions=followed.functions,
            versions=followed.versions,
            complete=complete,
        )

    def _churn(self, path: str, tally: Tally) -> Churn:
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


def _path(churn: Churn) -> str:
    return churn.path


def _exact_renames(changes: Sequence[Change]) -> list[tuple[bytes, bytes]]:
    """Return (old path, new path) of the files that a commit moved without changing them."""
    added: dict[bytes, list[bytes]] = {}
    for change in changes:
        if change.status == b"A":
            added.setdefault(change.new, []).append(change.path)
    if not added:
        return []
    pairs = []
    for change in changes:
        if change.status == b"D" and (candidates := added.get(change.old)):
            name = change.path.rpartition(b"/")[2]
            same = [path for path in candidates if path.rpartition(b"/")[2] == name]
            # Empty files are all alike: only the same name makes a move of them.
            if same or change.old not in _EMPTY_BLOBS:
                new = (same or candidates)[0]
                candidates.remove(new)
                pairs.append((change.path, new))
    return pairs


def written_on(snapshot: Snapshot, path: str, line: int) -> date | None:
    """Return the date of the commit that wrote the 1-based ``line`` of a file; None where that is not known."""
    source = history_of(snapshot)
    if source is None:
        return None
    git, commit = source
    place = git.prefix + path
    try:
        if git.bring:
            git.bring(versions(git, commit, place))
        committed = git.output("cat-file", "blob", f"{commit}:{place}")
        there = _committed_line(committed, snapshot.read(path), line)
        if there is None:
            return None
        found = git.line("log", "-1", "-s", *PLAIN_LOG, "--format=%H %ct", f"-L{there},{there}:{place}", commit)
        name, _, seconds = found.partition(" ")
        return None if name in git.shallow_commits() else day_of(int(seconds))
    except (GitFailedError, UnreadableError, ValueError):
        return None


def _committed_line(committed: bytes, content: bytes, line: int) -> int | None:
    """Return the number in the commit's version of a line of the file as it is; None for one not committed yet."""
    old, new = committed.splitlines(), content.splitlines()
    if not 1 <= line <= len(new):
        return None
    there = old_line(changed_blocks(old, new), line - 1)
    return None if there is None else there + 1
