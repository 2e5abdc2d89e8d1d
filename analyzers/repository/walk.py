"""Walks from the newest commit to the oldest, and says of each what it changed and whether it counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from analyzers.repository.counted import Lifetime
from analyzers.repository.days import DAY_SECONDS, day_number, day_of
from analyzers.repository.filters import CommitFilters, FileFilters, TodaysNames
from analyzers.repository.past import Past
from analyzers.repository.people import main_spellings, names
from analyzers.repository.rows import IS_MERGE, Row, array_of, ordered
from analyzers.repository.shelf import Older
from analyzers.repository.window import Window


class Seen(NamedTuple):
    """One commit of the window or, by a wrong clock, before or after it. `name` is binary, `time` in seconds.

    `counts` is False where a filter leaves it out. `changed` are the paths that it changed, `moved` those that it only
    moved (old and new in turn). `files` maps the changed ones that count to what the snapshot calls them today.
    """

    name: bytes
    time: int
    author: int
    flags: int
    counts: bool
    changed: Sequence[bytes]
    moved: Sequence[bytes]
    files: Mapping[bytes, str]


class Walk:
    """One walk. `seen` is newest first; `left_out` and `commits` count commits of the window."""

    def __init__(self, past: Past, commits: CommitFilters, files: FileFilters, window: Window) -> None:
        """Prepare to walk."""
        self.seen: list[Seen] = []
        self.left_out: Counter[str] = Counter()
        self.commits = 0
        self._past = past
        self._filters = commits
        self._files = files
        self._first, self._last = day_number(window.first), day_number(window.last)
        self._names = TodaysNames(one.table.path_list() for one in past.held if one.table)
        self._here: dict[int, str] = {}
        self._kinds: dict[int, str] = {}
        self._persons = past.persons
        self._numbers: dict[int, int] = {}
        self._last_times: list[int] = []
        self._by_path: dict[str, dict[int, int]] = defaultdict(dict)

    def run(self, *, whole: bool) -> None:
        """Walk through all tables, or to the window's first day: what lies before it tells nothing of the window."""
        first = self._first * DAY_SECONDS
        for row, table in ordered([one.table for one in self._past.held if one.table]):
            if row.corrected < first and not whole:
                break
            self._step(row, self._names.numbers[table], whole=whole)

    def lifetime(self, older: Older | None, code: Collection[str]) -> Lifetime:
        """Return who changed the files of ``code`` in the commits walked through, which is done once, and ``older``."""
        if older:
            self._add(older, code)
        past = self._past
        main = main_spellings(past.persons, past.authors, past.commits)
        return Lifetime(
            authors=tuple(names([past.authors[main.get(person, person)] for person in self._numbers])),
            last_days=tuple(map(day_of, self._last_times)),
            # In an order that does not tell what was summed up.
            by_path={path: dict(sorted(self._by_path[path].items())) for path in sorted(self._by_path) if path in code},
        )

    def _add(self, older: Older, code: Collection[str]) -> None:
        numbers: dict[int, int] = {}
        for author, time in zip(array_of("I", older.authors), array_of("q", older.last_times), strict=True):
            number = numbers[author] = self._number(author)
            self._last_times[number] = max(self._last_times[number], time)
        authors, commits = array_of("I", older.path_authors), array_of("I", older.path_commits)
        start = 0
        here, moved = self._files.names, self._names.moved()
        for path, end in zip(older.paths.split(b"\0"), array_of("I", older.ends), strict=False):
            file = here.get(moved.get(path, path))
            if file and file in code and not self._files.kind_of(file):
                by = self._by_path[file]
                for author, count in zip(authors[start:end], commits[start:end], strict=True):
                    number = numbers[author]
                    by[number] = by.get(number, 0) + count
            start = end

    def _step(self, row: Row, numbers: Sequence[int], *, whole: bool) -> None:
        changed = [numbers[path] for path in row.changed]
        moved = [numbers[path] for path in row.moved]
        reason = self._filters.reason(row)
        author = self._author(row)
        day = row.time // DAY_SECONDS
        if whole and day <= self._last and not reason:
            self._know(author, changed)
        # With a wrong clock a commit lies between those of the window and counts for none of its days.
        if row.corrected >= self._first * DAY_SECONDS:
            self._see(row, author, reason, changed, moved)
        if moved:
            self._names.move(moved)

    def _know(self, author: int, changed: Iterable[int]) -> None:
        """Count a commit for what its author knows; where it changed two names of one file, twice.

        For that can be summed up whatever the names become.
        """
        today = self._names.today
        for path in changed:
            if file := self._file(today[path]):
                authors = self._by_path[file]
                authors[author] = authors.get(author, 0) + 1

    def _see(self, row: Row, author: int, reason: str, changed: Sequence[int], moved: Sequence[int]) -> None:
        names, today = self._names.paths, self._names.today
        is_in_window = self._first <= row.time // DAY_SECONDS <= self._last
        counts = is_in_window and self._is_inside(row, changed, moved)
        files = (
            {names[path]: file for path in changed if (file := self._file(today[path]))}
            if counts and not reason
            else {}
        )
        if counts:
            reason = reason or ("" if files else self._of_files(today[path] for path in changed))
            self.left_out.update([reason] if reason else [])
            self.commits += not reason
            counts = not reason
        paths = [names[path] for path in changed]
        self.seen.append(
            Seen(row.name, row.time, author, row.flags, counts, paths, [names[path] for path in moved], files)
        )

    def _is_inside(self, row: Row, changed: Iterable[int], moved: Iterable[int]) -> bool:
        """Whether the commit touches the part that is scanned. Merges carry no files, so they do."""
        if self._files.has_all or (row.flags & IS_MERGE and not row.changed and not row.moved):
            return True
        names, today = self._names.paths, self._names.today
        return self._files.is_inside(chain((names[today[path]] for path in changed), (names[path] for path in moved)))

    def _of_files(self, paths: Iterable[int]) -> str:
        """Return the filter that leaves out all of the files, or nothing."""
        kinds = set()
        for path in paths:
            kinds.add(self._kind(path))
            # One that counts is enough.
            if "" in kinds:
                return ""
        return min(kinds, default="")

    def _kind(self, path: int) -> str:
        kind = self._kinds.get(path)
        if kind is None:
            kind = self._kinds[path] = self._files.kind(self._names.paths[path])
        return kind

    def _file(self, path: int) -> str:
        file = self._here.get(path)
        if file is None:
            file = self._here[path] = self._files.file(self._names.paths[path])
        return file

    def _author(self, row: Row) -> int:
        """Return the number of the person who made the commit."""
        number = self._number(row.author)
        if (
            row.time > self._last_times[number]
            and row.time // DAY_SECONDS <= self._last
            and not self._filters.is_bot(row)
        ):
            self._last_times[number] = row.time
        return number

    def _number(self, author: int) -> int:
        """Return the person's number: the newest commits' authors come first."""
        person = self._persons[author]
        number = self._numbers.get(person)
        if number is None:
            number = self._numbers[person] = len(self._numbers)
            self._last_times.append(0)
        return number
