"""Added and deleted lines a file, for reports that ask: comparing contents takes much longer than naming them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from analyzers.config import Config
from analyzers.errors import SnapshotError
from analyzers.model.kept import NOTHING_KEPT, Kept
from analyzers.model.snapshot import Snapshot
from analyzers.repository.blobs import BlobReader
from analyzers.repository.commits import PLAIN_DIFF, read_commits, tokens
from analyzers.repository.git import GitRepository
from analyzers.repository.snapshot import history_of
from analyzers.repository.versions import is_blob
from analyzers.repository.walk import Seen
from analyzers.repository.walked import walk_history, window_of

_PROCESSES = 2
_CHUNK = 64
"""Commits in a row that one process compares: neighbours share contents, which git unpacks once."""
_ABSENT = (
    "old contents are not in this clone, which has a filter, so no lines can be counted; "
    "`git fetch --refetch --no-filter`"
)

Lines = dict[str, list[int]]


def line_counts(
    snapshot: Snapshot, config: Config, as_of: date, *, kept: Kept = NOTHING_KEPT, since: date | None = None
) -> Mapping[str, tuple[int, int]]:
    """Return the lines that commits of the window before ``as_of`` added to and deleted from each file, by path.

    The same commits and files count as for churn; contents that are no text have no lines. Sorted by path. Raises
    SnapshotError where git cannot compare, as in a clone without old contents.
    """
    source = history_of(snapshot)
    if source is None:
        return {}
    git, commit = source
    walked = walk_history(snapshot, git, commit, config, window_of(config, as_of, since), kept, lifetime=False)
    counted = [one for one in walked.seen if one.files]
    merges = f"--diff-merges={'first-parent' if config.hotspots.include_merges else 'off'}"
    if git.bring or git.is_partial:
        _ensure(git, counted, merges)
    chunks = [counted[at : at + _CHUNK] for at in range(0, len(counted), _CHUNK)]
    parts = [[one for chunk in chunks[number::_PROCESSES] for one in chunk] for number in range(_PROCESSES)]
    with ThreadPoolExecutor(_PROCESSES) as threads:
        counts = list(threads.map(lambda part: _count(git, part, merges), parts))
    return _sum(counts)


def _ensure(git: GitRepository, counted: Sequence[Seen], merges: str) -> None:
    """See that all contents are here; a diff would ask for them one by one. Raises SnapshotError."""
    with git.stream(*_command("--raw", "--no-abbrev", merges), content=_names(counted)) as output:
        changes = [change for commit in read_commits(output) for change in commit.changes]
    if BlobReader(git).ensure(
        {blob.decode() for change in changes for blob in (change.old, change.new) if is_blob(blob)}
    ):
        raise SnapshotError(_ABSENT)


def _count(git: GitRepository, counted: Sequence[Seen], merges: str) -> Lines:
    """Let one process compare the commits."""
    files = {one.name.hex().encode(): one.files for one in counted}
    lines: Lines = defaultdict(lambda: [0, 0])
    here: Mapping[bytes, str] = {}
    with git.stream(*_command("--numstat", merges), content=_names(counted)) as output:
        for token in tokens(output):
            added, tab, rest = token.partition(b"\t")
            if not tab:
                here = files.get(added, {})
                continue
            deleted, _, path = rest.partition(b"\t")
            file = here.get(path)
            # A dash stands for the lines of what is no text.
            if file is not None and deleted.isdigit():
                total = lines[file]
                total[0] += int(added)
                total[1] += int(deleted)
    return lines


def _command(*options: str) -> Sequence[str]:
    return ("diff-tree", "--stdin", "-r", "-z", "--root", *PLAIN_DIFF, "--format=%H", *options)


def _names(counted: Iterable[Seen]) -> bytes:
    return b"".join(one.name.hex().encode() + b"\n" for one in counted)


def _sum(counts: Iterable[Lines]) -> Mapping[str, tuple[int, int]]:
    total: Lines = defaultdict(lambda: [0, 0])
    for lines in counts:
        for path, (added, deleted) in lines.items():
            total[path][0] += added
            total[path][1] += deleted
    return {path: (total[path][0], total[path][1]) for path in sorted(total)}
