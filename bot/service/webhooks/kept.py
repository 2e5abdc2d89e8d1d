"""What is kept of a payload, and travels with its delivery. Frozen, plain and small."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

import msgspec

from analyzers.typed import converted
from bot.github.organisation import SkipReason

_K = TypeVar("_K", bound="Kept")


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Nothing is kept."""


class Named(Kept, frozen=True):
    """A repository as a list of an installation's names it: GitHub's id, OWNER/REPO."""

    id: int
    name: str
    private: bool


class Installed(Kept, frozen=True):
    """An installation as it was `told_at` by GitHub's clock (None where that is not said), and what it may see."""

    account: str
    account_id: int
    account_kind: str
    permissions: Mapping[str, str] = {}
    events: tuple[str, ...] = ()
    is_suspended: bool = False
    told_at: datetime | None = None
    added: tuple[Named, ...] = ()
    removed: tuple[int, ...] = ()


class AccountNamed(Kept, frozen=True):
    """An account's new name."""

    account: str
    account_id: int


class RepositoryTold(Kept, frozen=True):
    """A repository as it was `told_at`. `skip` is "" where it is not left alone.

    `is_changed` says that its topics or its default branch are others now; `added` are topics that it had not.
    """

    name: str
    private: bool
    default_branch: str = ""
    topics: tuple[str, ...] | None = None
    skip: SkipReason | str = ""
    told_at: datetime | None = None
    added: tuple[str, ...] = ()
    is_changed: bool = False


class Pushed(Kept, frozen=True):
    """A push. `head` is "" where the branch was deleted."""

    name: str
    branch: str
    is_default: bool = False
    head: str = ""


class PullTold(Kept, frozen=True):
    """A pull request: the commit at its head, its branch and the one that it is for. `is_fork`: of another repository.

    `by_person` says that no App did it.
    """

    number: int
    head: str
    branch: str
    base: str
    is_fork: bool = False
    is_merged: bool = False
    by_person: bool = False


class Asked(Kept, frozen=True):
    """Whether debtscan is asked for something, by a box or in a comment, and by somebody of the repository's own."""

    number: int
    is_asked: bool = False
    is_member: bool = False


class Rerequested(Kept, frozen=True):
    """A check that is to be made again: the commit, and the pull requests of the repository's own branches there."""

    head: str
    branch: str = ""
    is_default: bool = False
    pulls: tuple[int, ...] = ()


class Revoked(Kept, frozen=True):
    """A person who took back that debtscan may know them."""

    user_id: int


def kept_of(body: Mapping[str, object], kind: type[_K]) -> _K:
    """Return what a delivery's body holds. Raises ValueError where no `bot.service.webhooks.read` made it."""
    return converted(dict(body), kind)
