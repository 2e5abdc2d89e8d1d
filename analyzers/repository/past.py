"""The commits behind a snapshot, of which only those are read that an earlier run has not kept.

The result never depends on what was kept, only the time that it takes.
"""

from __future__ import annotations

import contextlib
import re
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256

import msgspec

from analyzers.config import Hotspots
from analyzers.errors import UnreadableError
from analyzers.model.kept import NOTHING_KEPT, Kept
from analyzers.repository.commits import PLAIN_LOG
from analyzers.repository.formatting import PLACE, formatting_list, listed
from analyzers.repository.git import GitRepository
from analyzers.repository.git_process import GitFailedError
from analyzers.repository.ground import HUGE, MAILMAP, Ground, HugeMailmapError, look, mailmap, unusable_mailmap
from analyzers.repository.log_rows import FORMAT, LogRows
from analyzers.repository.messages import Messages, rules
from analyzers.repository.own_code import digest_of
from analyzers.repository.people import more_persons, persons
from analyzers.repository.rows import LAYOUT, Table, binary, merged, table_of
from analyzers.repository.shelf import Held, LostError, Older, Shelf, State

TABLE_ROWS = 1024
_CODE = ("commits", "dates", "ground", "log_rows", "messages", "older", "past", "people", "rows", "shelf")
_CREDENTIALS = re.compile(r"(?<=://)[^/@]*@")


@dataclass(frozen=True, slots=True)
class Past:
    """Commits in tables. `authors` are ``Name <e-mail>`` by number, `persons` says which of them are the same,
    `commits` how many each has.

    `boundary` holds the binary names of the commits at which a shallow history ends. `formatting` lists those that
    changed formatting alone, `unread` says what could not be read. `older` sums up all commits that are not in the
    tables; `keep` keeps such a sum.
    """

    held: Sequence[Held]
    authors: Sequence[bytes]
    persons: Sequence[int]
    commits: Sequence[int]
    boundary: Collection[bytes]
    formatting: bytes
    unread: Sequence[str]
    older: Older | None
    keep: Callable[[Older], None]


def read_past(
    git: GitRepository, commit: str, config: Hotspots, kept: Kept, since: int, *, lifetime: bool = True
) -> Past:
    """Return the commits that ``commit`` reaches: at least those of a corrected date (seconds) of ``since`` or later.

    For a ``lifetime`` all, or those before ``since`` summed up. Raises GitFailedError.
    """
    # Code that cannot be looked at keeps nothing: another edition of it could not be told.
    shelf = Shelf(kept if digest_of(*_CODE) else NOTHING_KEPT, _key(git, config))
    reading = _Reading(git, commit, config, shelf, unmapped=unusable_mailmap(git, commit))
    try:
        return _read(reading, since, lifetime=lifetime)
    except HugeMailmapError:
        return _read(_Reading(git, commit, config, shelf, unmapped=HUGE), since, lifetime=lifetime)


def _read(reading: _Reading, since: int, *, lifetime: bool) -> Past:
    state = reading.shelf.state()
    if state is not None:
        # git fails where the tip that was kept is here no more.
        with contextlib.suppress(LostError, GitFailedError):
            return reading.go_on(state, since, lifetime=lifetime)
    return reading.anew(state)


def _key(git: GitRepository, config: Hotspots) -> bytes:
    """Return what tells this repository's rows from those of others, and of other configurations and editions."""
    place = _CREDENTIALS.sub("", git.settings.get("remote.origin.url", "")) or str(git.git_dir)
    told = "\0".join((place, LAYOUT, rules(config))).encode(errors="replace")
    return sha256(digest_of(*_CODE) + told).digest()[:16]


@dataclass(slots=True)
class _Reading:
    git: GitRepository
    commit: str
    config: Hotspots
    shelf: Shelf
    unmapped: str = ""
    ground: Ground = field(default_factory=Ground)
    formatting: tuple[bytes, bytes] = (b"", b"")
    unread: list[str] = field(default_factory=list)
    commits: array[int] = field(default_factory=lambda: array("I"))
    persons: Sequence[int] = ()
    came_or_went: bool = False

    def anew(self, before: State | None) -> Past:
        """Read the whole history."""
        self.commits = array("I")
        log = self._log(None, self.commit)
        authors, held = list(log.authors), self._new(log, {})
        self.persons = persons(authors, self.commits)
        self._save(authors, held, before)
        return self._past(authors, held, None)

    def go_on(self, state: State, since: int, *, lifetime: bool) -> Past:
        """Read what is new and drop what is gone. Raises LostError, GitFailedError."""
        self.commits.frombytes(state.commits)
        self.persons = array("I", state.persons)
        held = [Held(named.key, named.newest, named.oldest, named.rows) for named in state.tables]
        if state.tip == self.commit:
            self._stand(state)
            authors = self.shelf.authors(state)
        else:
            authors, held = self._moved_on(state, held)
        if lifetime:
            return self._lifelong(authors, held, since)
        return self._past(authors, [one for one in held if one.newest >= since], None)

    def _moved_on(self, state: State, held: list[Held]) -> tuple[list[bytes], list[Held]]:
        """Return all authors and tables, with what came since the state and without what is gone. Raises LostError."""
        log = self._log(state, f"{state.tip}...{self.commit}")
        if 2 * len(log.gone) > sum(one.rows for one in held):
            raise LostError
        known = self._look_up(log, held)
        authors = list(log.authors)
        held = self._packed([*(one for one in held if one.rows), *self._new(log, known)])
        if self.came_or_went:
            self.persons = persons(authors, self.commits)
        elif len(authors) > len(self.persons):
            self.persons = more_persons(self.persons, authors, self.commits)
        self._save(authors, held, state, kept_authors=state.authors)
        return authors, held

    def _lifelong(self, authors: Sequence[bytes], held: Sequence[Held], since: int) -> Past:
        """Return what reaches back to the beginning, by the sums of an earlier run where those still hold."""
        older = self.shelf.older(self._rules())
        if older and older.fits(held, since):
            past = self._past(authors, [one for one in held if one.key not in older.tables], older)
            # A commit that was listed since, or is not any more, may be among those that were summed up.
            changed = listed(self.formatting[1]) ^ older.formatting
            if not changed or changed <= {name.hex() for one in past.held for name in self._table(one).name_list()}:
                return past
        return self._past(authors, held, None)

    def _log(self, state: State | None, commits: str) -> LogRows:
        options = ["--diff-merges=first-parent"] if self.config.include_merges else []
        command = ("log", "-z", "--raw", "--no-abbrev", *PLAIN_LOG, FORMAT, *options, "--left-right", commits, "--")
        with self.git.stream(*command, settings=mailmap(self.commit, unmapped=bool(self.unmapped))) as output:
            # While git works on the log.
            self._stand(state)
            log = LogRows(Messages(self.config), self.shelf.authors(state) if state else ())
            log.read(output)
        return log

    def _stand(self, state: State | None) -> None:
        """Look at what the rows depend on. Raises LostError where that is not what the state depended on."""
        self.ground = look(self.git, self.commit, unmapped=bool(self.unmapped))
        if state and state.ground != self.ground.digest:
            raise LostError
        blob = self.ground.formatting
        self.formatting = (b"", b"")
        self.unread = [f"{MAILMAP} says nothing: {self.unmapped}"] if self.unmapped else []
        if state and state.formatting[0] == blob:
            self.formatting = state.formatting
        elif blob:
            try:
                self.formatting = (blob, formatting_list(self.git, blob))
            except UnreadableError as error:
                self.unread.append(f"{PLACE} says nothing: {error.detail}")

    def _new(self, log: LogRows, known: Mapping[bytes, int]) -> list[Held]:
        """Return what the log says as tables, the oldest first; ``known`` has the dates of commits it builds on."""
        old = len(self.commits)
        self.commits.extend([0] * (len(log.authors) - old))
        rows, paths = log.rows(known), list(log.paths)
        for row in rows:
            self.came_or_went |= row.author < old and not self.commits[row.author]
            self.commits[row.author] += 1
        width = len(self.commit) // 2
        tables = [table_of(rows[at : at + TABLE_ROWS], paths, width) for at in range(0, len(rows), TABLE_ROWS)]
        return [Held.of(table) for table in reversed(tables)]

    def _look_up(self, log: LogRows, held: Sequence[Held]) -> Mapping[bytes, int]:
        """Return the corrected dates of commits that the log builds on, and take out those that are gone."""
        gone = set(map(binary, log.gone))
        outer = {parent for parents in log.parents.values() for parent in parents if parent not in log.parents}
        known: dict[bytes, int] = {}
        missing = gone.union(map(binary, outer))
        for one in sorted(held, key=lambda one: one.newest, reverse=True):
            if not missing:
                break
            dates = self._table(one).dates()
            here = missing.intersection(dates)
            missing -= here
            known.update((name, dates[name]) for name in here)
            if not gone.isdisjoint(here):
                self._take_out(one, gone)
        if missing:
            raise LostError
        return {parent: known[binary(parent)] for parent in outer}

    def _take_out(self, one: Held, gone: Collection[bytes]) -> None:
        table = self._table(one)
        for row in table.rows():
            if row.name in gone:
                self.commits[row.author] -= 1
                self.came_or_went |= not self.commits[row.author]
        one.put(table.without(gone))

    def _packed(self, held: list[Held]) -> list[Held]:
        """Merge small tables while the older of two is not much larger: each row is merged a few times at most."""
        while len(held) > 1:
            older, newer = held[-2:]
            if older.rows > 2 * newer.rows or older.rows + newer.rows > TABLE_ROWS:
                break
            held = [*held[:-2], Held.of(merged([self._table(newer), self._table(older)]))]
        return held

    def _table(self, one: Held) -> Table:
        if one.table is None:
            one.table = self.shelf.tables([one.key])[one.key]
        return one.table

    def _save(
        self, authors: Sequence[bytes], held: Iterable[Held], before: State | None, kept_authors: bytes = b""
    ) -> None:
        names = b"\0".join(authors)
        key = self.shelf.named(names)
        content = {key: names} if key != kept_authors else {}
        for one in held:
            if not one.key:
                encoded = msgspec.msgpack.encode(self._table(one))
                one.key = self.shelf.named(encoded)
                content[one.key] = encoded
        tables = [one.named() for one in held]
        state = State(
            self.ground.digest,
            self.commit,
            self.formatting,
            key,
            self.commits.tobytes(),
            array("I", self.persons).tobytes(),
            tables,
        )
        self.shelf.save(state, content, before)

    def _past(self, authors: Sequence[bytes], held: Sequence[Held], older: Older | None) -> Past:
        absent = [one for one in held if one.table is None]
        found = self.shelf.tables([one.key for one in absent])
        for one in absent:
            one.table = found[one.key]
        boundary, keep = self.ground.boundary, partial(self.shelf.save_older, self._rules())
        return Past(held, authors, self.persons, self.commits, boundary, self.formatting[1], self.unread, older, keep)

    def _rules(self) -> bytes:
        """Return what decides, beside the rows, which commits count."""
        included = (
            self.config.include_bots,
            self.config.include_merges,
            self.config.include_bulk,
            self.config.include_formatting,
        )
        return repr((included, self.config.bulk_files, self.ground.digest)).encode()
