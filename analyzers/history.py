"""Who changed what, how often, in the window: churn a file from one pass over ``git log --raw``."""

from __future__ import annotations

import fnmatch
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from analyzers.commits import PLAIN_LOG, Change, Commit, log
from analyzers.config import Config, Hotspots
from analyzers.days import day_of, months_before
from analyzers.errors import UnreadableError
from analyzers.git import GitFailedError, git_version
from analyzers.line_diff import changed_blocks, old_line
from analyzers.model.inventory import Churn, History
from analyzers.model.skipped import Skipped
from analyzers.model.snapshot import Snapshot
from analyzers.paths import is_test
from analyzers.snapshot import history_of

RECENT_DAYS = 30
_FIRST_WITH_FILTER = (2, 37)
_FIRST_GIT_DAY = date(1970, 1, 1)
"""git does not understand an earlier one, and finds nothing then."""
_FIX = re.compile(r"\b(?:fix(?:es|ed|ing)?|(?:bug|hot)[- ]?fix(?:es|ed)?|bugs?|regressions?)\b", re.IGNORECASE)
_BOTS = (
    "*[[]bot]*",
    "dependabot*",
    "renovate*",
    "github-actions*",
    "pre-commit-ci*",
    "pyup*bot*",
    "greenkeeper*",
    "snyk*bot*",
    "mergify*",
    "allcontributors*",
    "imgbot*",
    "codecov*",
    "weblate*",
    "transifex*",
    "semantic-release*",
    "scala-steward*",
    "depfu*",
    "restyled*",
    "copybara*",
    "azure-pipelines*",
    "*-bot",
    "*[[]bot]@users.noreply.github.com",
    "bot@renovateapp.com",
    "support@dependabot.com",
    "noreply@weblate.org",
)
_EMPTY_BLOBS = frozenset(
    {
        b"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        b"473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
    }
)


@dataclass(frozen=True)
class Window:
    """The dates that count: `first` to `last`, both included, in months that end on `last`'s day of the month."""

    first: date
    last: date
    ends: tuple[date, ...]

    @classmethod
    def before(cls, as_of: date, months: int) -> Window:
        """Return the window of so many months up to ``as_of``."""
        ends = tuple(months_before(as_of, count) for count in range(months - 1, -1, -1))
        return cls(months_before(as_of, months) + timedelta(days=1), as_of, ends)

    def month(self, day: date) -> int:
        """Return the index of the month that ``day`` lies in."""
        return bisect_left(self.ends, day)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def is_recent(self, day: date) -> bool:
        """Whether ``day`` lies within the last 30 days."""
        return (self.last - day).days < RECENT_DAYS


class People:
    """Tells people apart: one e-mail address is one person, and so is one full name."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._by_email: dict[str, int] = {}
        self._by_name: dict[str, int] = {}

    def number(self, name: str, email: str) -> int:
        """Return the number of that person, the same for every spelling seen so far."""
        email, name = email.casefold(), name.casefold()
        # A single word ("root", "dev") is no full name, so it does not make two people one.
        names = self._by_name if " " in name else {}
        number = self._by_email.get(email, names.get(name, len(self._by_email)))
        self._by_email.setdefault(email, number)
        names.setdefault(name, number)
        return number


@dataclass(slots=True)
class Tally:
    """What is counted of one file, or of one function."""

    months: list[int]
    authors: set[int] = field(default_factory=set)
    last_changed: date = date.min
    recent: int = 0
    fixes: int = 0
    recent_fixes: int = 0

    def add(self, day: date, author: int, window: Window, *, is_fix: bool) -> None:
        """Count one commit."""
        is_recent = window.is_recent(day)
        self.months[window.month(day)] += 1
        self.authors.add(author)
        self.last_changed = max(self.last_changed, day)
        self.recent += is_recent
        self.fixes += is_fix
        self.recent_fixes += is_fix and is_recent


def read_history(snapshot: Snapshot, config: Config, as_of: date) -> tuple[History | None, tuple[Skipped, ...]]:
    """Return the churn of the snapshot's files in the window before ``as_of``, and what could not be known."""
    source = history_of(snapshot)
    if source is None:
        return None, (_unknown("no-history", "there is no commit here, so nothing is known of changes and hotspots"),)
    git, commit = source
    try:
        boundary = git.shallow_commits() if git.is_shallow else frozenset()
        reading = _Reading(snapshot, git.prefix, config.hotspots, Window.before(as_of, config.hotspots.window_months))
        reading.boundary = frozenset(name.encode() for name in boundary)
        with log(git, commit, *_options(reading)) as commits:
            for entry in commits:
                reading.add(entry)
    except GitFailedError as error:
        return None, (_unknown("no-history", f"git could not read the history: {error.detail}"),)
    skipped = [_shallow(len(boundary))] if boundary else []
    return reading.history(complete=not boundary), tuple(skipped)


def _options(reading: _Reading) -> Iterable[str]:
    # A filter, where git knows it, and not a limit: a commit with a wrong clock must not hide what lies behind it.
    since = "since-as-filter" if git_version() >= _FIRST_WITH_FILTER else "since"
    yield f"--{since}={max(reading.window.first, _FIRST_GIT_DAY).isoformat()}T00:00:00+00:00"
    if reading.config.include_merges:
        yield "--diff-merges=first-parent"


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
        if day not in self.window or not self._is_inside(commit, paths, moved):
            return
        reason = self._reason(commit, changed, paths)
        if reason:
            self.left_out[reason] += 1
            return
        self.commits += 1
        self._count(commit, day, [path for path in paths if path in self._kinds and not self._kind(path)])

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

    def _count(self, commit: Commit, day: date, paths: Iterable[bytes]) -> None:
        author = self._people.number(commit.author, commit.email)
        is_fix = _FIX.search(commit.subject) is not None
        for path in paths:
            tally = self.tallies.get(path)
            if tally is None:
                tally = self.tallies[path] = Tally([0] * len(self.window.ends))
            tally.add(day, author, self.window, is_fix=is_fix)

    def history(self, *, complete: bool) -> History:
        churn = sorted((self._churn(self._kinds[path], tally) for path, tally in self.tallies.items()), key=_path)
        return History(
            since=self.window.first,
            until=self.window.last,
            commits=self.commits,
            left_out=tuple(sorted(self.left_out.items())),
            churn=tuple(churn),
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


class Bots:
    """Tells programs from people by name and e-mail address. Patterns know ``*`` and ``?``, case does not count."""

    def __init__(self, more: Iterable[str]) -> None:
        """Use the bundled patterns and ``more``."""
        patterns = (*_BOTS, *(pattern.casefold() for pattern in more))
        self._match = re.compile("|".join(map(fnmatch.translate, patterns))).match
        self._known: dict[tuple[str, str], bool] = {}

    def is_bot(self, name: str, email: str) -> bool:
        """Whether that author is a program."""
        author = (name, email)
        known = self._known.get(author)
        if known is None:
            known = self._known[author] = any(self._match(text.casefold()[:200]) is not None for text in author)
        return known


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
