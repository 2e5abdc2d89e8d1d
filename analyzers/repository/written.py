"""When a line of a file was written."""

from __future__ import annotations

from datetime import date

from analyzers.errors import UnreadableError
from analyzers.model.snapshot import Snapshot
from analyzers.repository.commits import PLAIN_LOG
from analyzers.repository.days import day_of
from analyzers.repository.git import GitRepository
from analyzers.repository.git_process import GitFailedError
from analyzers.repository.line_diff import changed_blocks, old_line
from analyzers.repository.snapshot import history_of


def written_on(snapshot: Snapshot, path: str, line: int) -> date | None:
    """Return the date of the commit that wrote the 1-based ``line`` of a file; None where that is not known."""
    source = history_of(snapshot)
    if source is None:
        return None
    git, commit = source
    place = git.prefix + path
    try:
        if git.bring:
            git.bring(_versions(git, commit, place))
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


def _versions(git: GitRepository, commit: str, path: str) -> frozenset[str]:
    """Return the contents that a file had in the commits up to ``commit``. Raises GitFailedError."""
    listed = git.output("log", "-z", "--raw", "--no-abbrev", *PLAIN_LOG, "--format=", commit, "--", path)
    blobs = (blob for entry in listed.split(b"\0") if entry.startswith(b":") for blob in entry.split(b" ")[2:4])
    return frozenset(blob.decode() for blob in blobs if blob.strip(b"0"))
