"""The stream of ``git log --raw -z``, commit by commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, NamedTuple

from analyzers.repository.git import GitRepository

_CHUNK = 1 << 18
_HEADER = "--format=%H%n%P%n%ct%n%aN%n%aE%n%s"
_HEADER_LINES = 6
PLAIN_LOG = (
    "--no-color",
    "--no-decorate",
    "--no-notes",
    "--no-show-signature",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--ignore-submodules=all",
    "--encoding=UTF-8",
)
"""What every log is asked with: nothing that costs time, depends on settings, or runs a program."""


class Change(NamedTuple):
    """One file in one commit: ``A`` added, ``D`` deleted, ``M`` or ``T`` changed; blobs before and after."""

    status: bytes
    path: bytes
    old: bytes
    new: bytes


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit. `time` is the committer's, in seconds; name and e-mail are the author's after ``.mailmap``."""

    name: bytes
    parents: tuple[bytes, ...]
    time: int
    author: str
    email: str
    subject: str
    changes: Sequence[Change] = field(default=())


@contextmanager
def log(git: GitRepository, commit: str, *options: str) -> Iterator[Iterator[Commit]]:
    """Hand out the commits reachable from ``commit`` while git finds them, children before their parents.

    Raises GitFailedError at the end when git could not go on.
    """
    command = ("log", "-z", "--raw", "--no-abbrev", *PLAIN_LOG, _HEADER, *options, commit, "--")
    with git.stream(*command, settings=mailmap(commit)) as output:
        yield read_commits(output)


def versions(git: GitRepository, commit: str, path: str) -> frozenset[str]:
    """Return the contents that a file had in the commits up to ``commit``. Raises GitFailedError."""
    listed = git.output("log", "-z", "--raw", "--no-abbrev", *PLAIN_LOG, "--format=", commit, "--", path)
    blobs = (blob for entry in listed.split(b"\0") if entry.startswith(b":") for blob in entry.split(b" ")[2:4])
    return frozenset(blob.decode() for blob in blobs if blob.strip(b"0"))


def mailmap(commit: str) -> dict[str, str]:
    """Return settings that take ``.mailmap`` from the commit itself, not from the folder git runs in."""
    return {"mailmap.blob": f"{commit}:.mailmap"}


def read_commits(output: IO[bytes]) -> Iterator[Commit]:
    """Read a log. A token is a header, or a change (it begins with a colon) that the path follows."""
    header: bytes | None = None
    about: bytes | None = None
    changes: list[Change] = []
    for token in _tokens(output):
        if about is not None:
            changes.extend(_changes(about, token))
            about = None
        elif token.startswith((b":", b"\n:")):
            # git puts a line feed between a header and its first change.
            about = token
        else:
            if header is not None:
                yield _commit(header, changes)
            header, changes = token, []
    if header is not None:
        yield _commit(header, changes)


def _changes(about: bytes, path: bytes) -> Iterator[Change]:
    """Yield one change, or for a merge (as many colons as parents) one for each parent."""
    parents = about.count(b":")
    fields = about.split(b" ")
    new = fields[-2]
    if parents == 1:
        yield Change(fields[-1], path, fields[-3], new)
        return
    for old in fields[parents + 1 : -2]:
        yield Change(b"M", path, old, new)


def _tokens(output: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while chunk := output.read(_CHUNK):
        *tokens, rest = (rest + chunk).split(b"\0")
        yield from tokens


def _commit(header: bytes, changes: list[Change]) -> Commit:
    fields = header.split(b"\n", _HEADER_LINES - 1)
    name, parents, time, author, email, subject = (*fields, *[b""] * (_HEADER_LINES - len(fields)))
    return Commit(
        name,
        tuple(parents.split()),
        int(time) if time.isdigit() else 0,
        author.decode(errors="replace"),
        email.decode(errors="replace"),
        subject.decode(errors="replace"),
        changes,
    )
