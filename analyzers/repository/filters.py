"""What is left out of the counting, and why: whole commits, and single files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from analyzers.config import Hotspots
from analyzers.model.snapshot import Snapshot
from analyzers.repository.formatting import Formatting
from analyzers.repository.messages import IS_BOT
from analyzers.repository.past import Past
from analyzers.repository.paths import is_test
from analyzers.repository.people import Bots, name_and_email
from analyzers.repository.rows import IS_MERGE, Row


class CommitFilters:
    """Tells which filter leaves a commit out, whatever its files are."""

    def __init__(self, config: Hotspots, past: Past, formatting: Formatting) -> None:
        """Take what the repository says beside its commits."""
        self._config = config
        self._boundary = past.boundary
        self._formatting = formatting
        self._authors = past.authors
        self._bots = Bots(config.bots)
        self._known: dict[int, bool] = {}

    def is_bot(self, row: Row) -> bool:
        """Whether a program made the commit, and such commits do not count."""
        if self._config.include_bots:
            return False
        if row.flags & IS_BOT:
            return True
        known = self._known.get(row.author)
        if known is None:
            known = self._known[row.author] = self._bots.is_bot(*name_and_email(self._authors[row.author]))
        return known

    def reason(self, row: Row) -> str:
        """Return the filter that leaves the whole commit out, or nothing."""
        config = self._config
        if row.name in self._boundary:
            # What a shallow clone shows as its first commit seems to add every file.
            return "shallow"
        if row.flags & IS_MERGE and not config.include_merges:
            return "merge"
        if self.is_bot(row):
            return "bot"
        if not config.include_formatting and self._formatting.has(row.name):
            return "formatting"
        if not row.changed:
            return "rename" if row.moved else ""
        return "bulk" if len(row.changed) > config.bulk_files and not config.include_bulk else ""


class FileFilters:
    """Tells which files count: those of the snapshot that no filter leaves out. Paths are bytes, from the top.

    `names` maps those of the snapshot's files to what it calls them.
    """

    def __init__(self, snapshot: Snapshot, config: Hotspots, prefix: str) -> None:
        """Take the files of a snapshot that is the part of a repository below ``prefix``."""
        self._snapshot = snapshot
        self._config = config
        self._prefix = prefix.encode()
        self.names = {(prefix + path).encode(): path for path in snapshot.paths()}

    def file(self, path: bytes) -> str:
        """Return the snapshot's name of a file that counts, or nothing."""
        name = self.names.get(path, "")
        return name if name and not self.kind_of(name) else ""

    def kind(self, path: bytes) -> str:
        """Return the filter that leaves a file out, or nothing; it need not be in the snapshot any more."""
        return self.kind_of(path.removeprefix(self._prefix).decode(errors="replace"))

    def kind_of(self, name: str) -> str:
        """Return the same by the name in the snapshot."""
        if not self._config.include_generated:
            if self._snapshot.is_vendored(name):
                return "vendored"
            if self._snapshot.is_generated(name):
                return "generated"
        return "tests" if not self._config.include_tests and is_test(name) else ""

    def is_inside(self, paths: Iterable[bytes]) -> bool:
        """Whether one of the paths lies in the snapshot's part."""
        return any(path.startswith(self._prefix) for path in paths)

    @property
    def has_all(self) -> bool:
        """Whether the snapshot is of the whole repository."""
        return not self._prefix


class TodaysNames:
    """What paths of the past are called today, by number, while one walks from the newest commit to the oldest.

    `known` has the numbers of paths, `paths` the paths of numbers.
    """

    def __init__(self, tables: Iterable[Sequence[bytes]]) -> None:
        """Take the paths of each table, in its own order; `numbers` has the common number of each."""
        known: dict[bytes, int] = {}
        self.numbers = [[known.setdefault(path, len(known)) for path in paths] for paths in tables]
        self.known = known
        self.paths = list(known)
        self.today = list(range(len(known)))

    def move(self, moved: Sequence[int]) -> None:
        """Note that a commit gave files other names; ``moved`` holds old and new ones in turn."""
        for at in range(0, len(moved), 2):
            self.today[moved[at]] = self.today[moved[at + 1]]

    def moved(self) -> Mapping[bytes, bytes]:
        """Return the paths that are called something else by now, and what."""
        return {self.paths[number]: self.paths[now] for number, now in enumerate(self.today) if now != number}
