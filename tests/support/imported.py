"""Builds histories of many commits at once, by ``git fast-import``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.support.repository import AUTHOR, RepositoryBuilder


@dataclass(frozen=True, kw_only=True)
class Made:
    """One commit on top of the one before it; None as a file's content removes it."""

    files: Mapping[str, str | None]
    date: str
    message: str = "Change"
    author: str = AUTHOR
    moves: Mapping[str, str] = field(default_factory=dict)


def add_commits(repository: RepositoryBuilder, commits: Iterable[Made], branch: str = "main") -> None:
    """Put commits on a branch, and check it out."""
    known = repository.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}").strip()
    parts = [f"reset refs/heads/{branch}\nfrom {known}\n".encode()] if known else []
    for commit in commits:
        parts += _commit(commit, branch)
    repository.feed(b"".join(parts), "fast-import", "--quiet", "--date-format=raw", "--force")
    repository.git("reset", "--quiet", "--hard", branch)


def _commit(commit: Made, branch: str) -> Iterable[bytes]:
    moment = datetime.fromisoformat(commit.date)
    seconds = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    yield f"commit refs/heads/{branch}\ncommitter {commit.author} {seconds} +0000\n".encode()
    yield _data(commit.message)
    for old, new in commit.moves.items():
        yield f"R {old} {new}\n".encode()
    for path, content in commit.files.items():
        if content is None:
            yield f"D {path}\n".encode()
        else:
            yield f"M 100644 inline {path}\n".encode() + _data(content)


def _data(text: str) -> bytes:
    content = text.encode()
    return b"data %d\n%s\n" % (len(content), content)
