"""Accounts, and what they talk in: issues, pull requests, comments, reviews."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user, an organization, or the bot of an App."""

    id: int
    login: str
    kind: Literal["User", "Organization", "Bot"] = "User"


@dataclass(slots=True, kw_only=True)
class Comment:
    """A comment on an issue or a pull request."""

    id: int
    author: Account
    body: str
    created: datetime
    updated: datetime
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """A thumb, a heart, …"""

    id: int
    author: Account
    content: str
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What somebody did to an issue: closed, reopened, merged, …"""

    id: int
    actor: Account
    event: str
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label of a repository."""

    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(slots=True, kw_only=True)
class Issue:
    """An issue; pull requests are issues too."""

    id: int
    number: int
    author: Account
    title: str
    body: str | None
    created: datetime
    updated: datetime
    state: Literal["open", "closed"] = "open"
    closed: datetime | None = None
    closed_by: Account | None = None
    locked: bool = False
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoMerge:
    """That a pull request merges by itself, by whom, and how."""

    enabled_by: Account
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review of a pull request."""

    id: int
    author: Account
    state: str
    body: str
    commit: str
    submitted: datetime


@dataclass(slots=True, kw_only=True)
class Pull(Issue):
    """A pull request. `head` is its branch's commit, frozen once it is closed.

    Its branch is one of the same repository, or with `fork` one of that account's fork.
    """

    branch: str
    base: str
    head: str
    base_sha: str
    fork: Account | None = None
    draft: bool = False
    merged: datetime | None = None
    merged_by: Account | None = None
    merge_commit: str | None = None
    reviewers: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    auto_merge: AutoMerge | None = None
    looks: dict[tuple[str, str], int] = field(default_factory=dict)
