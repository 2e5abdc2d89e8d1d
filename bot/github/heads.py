"""Where the default branches of many repositories of an installation point: one token, then one request each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Protocol
from urllib.parse import quote

from github.GithubException import GithubException

from bot.github.errors import HostError, NotCoveredError, NotThereError, RateLimitedError
from bot.github.installation import READ_ONLY, Scope
from bot.github.reading import text
from bot.github.session import Access, Session, check_name, path_of
from bot.github.translate import translated

_MOST: Final = 500
"""Repositories that a token can be made for by name or id, by GitHub's rule."""
_CONFLICT = 409
_MOST_IN_A_ROW = 3
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


class Named(Protocol):
    """A repository as it is known: its id, ``OWNER/REPO``, and its default branch."""

    @property
    def id(self) -> int:
        """GitHub's id, which outlives renames."""

    @property
    def name(self) -> str:
        """``OWNER/REPO``."""

    @property
    def default_branch(self) -> str:
        """The branch to look at."""


def heads(session: Session, installation: int, repositories: Sequence[Named]) -> Iterator[tuple[int, str | HostError]]:
    """Yield id → commit, ``""`` for a repository without commits, the error for one that cannot be asked.

    Raises HostError where it is no use to go on: a used-up limit, an installation that is gone or suspended, and
    several failures in a row. Raises UsageError for what is no name of a repository.
    """
    for repository in repositories:
        check_name(repository.name)
    failures = 0
    for start in range(0, len(repositories), _MOST):
        for repository, found in _batch(session, installation, repositories[start : start + _MOST]):
            failures = failures + 1 if _is_failure(found) else 0
            if isinstance(found, HostError) and failures == _MOST_IN_A_ROW:
                raise found
            yield repository.id, found


def _is_failure(found: str | HostError) -> bool:
    """Whether it may be the same for all: that a repository is gone says nothing of the others."""
    return isinstance(found, HostError) and not isinstance(found, NotThereError)


def _batch(
    session: Session, installation: int, repositories: Sequence[Named]
) -> Iterator[tuple[Named, str | HostError]]:
    scope = Scope(ids=tuple(repository.id for repository in repositories), permissions=READ_ONLY)
    access = session.access_in(installation, scope)
    try:
        access.token()
    except NotCoveredError as error:
        # GitHub does not tell which one is gone, and makes no token for the others.
        if len(repositories) == 1:
            yield repositories[0], error
            return
        middle = len(repositories) // 2
        yield from _batch(session, installation, repositories[:middle])
        yield from _batch(session, installation, repositories[middle:])
        return
    for repository in repositories:
        yield repository, _head(access, repository)


def _head(access: Access, repository: Named) -> str | HostError:
    path = f"{path_of(repository.name)}/git/ref/heads/{quote(repository.default_branch)}"
    try:
        with translated(f"look up the newest commit of {repository.name}", "contents"):
            return _commit(access, path)
    except RateLimitedError:
        raise
    except HostError as error:
        return error


def _commit(access: Access, path: str) -> str:
    try:
        _headers, found = access.requester.requestJsonAndCheck("GET", path)
    except GithubException as refusal:
        if refusal.status == _CONFLICT:
            return ""
        raise
    commit = text(found["object"]["sha"])
    if not _COMMIT.fullmatch(commit):
        raise ValueError("no commit's hash")
    return commit
