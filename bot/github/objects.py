"""What GitHub says, frozen: nothing here fetches when it is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

OWN_CHECK: Final = "debtscan: technical debt"
"""The name of debtscan's own check run."""
OWN_NOTE: Final = "debtscan:"
"""How the note (`external_id`) of debtscan's own check runs begins."""
MOST_COMMENTS: Final = 1000
"""Of so many comments, the oldest, an issue or a pull request is known."""

PullState = Literal["open", "closed", "merged"]
IssueState = Literal["open", "closed"]
CheckState = Literal["success", "failure", "pending", "none"]
MergeMethod = Literal["merge", "squash", "rebase"]
Conclusion = Literal["success", "failure", "neutral", "action_required"]
AnnotationLevel = Literal["notice", "warning", "failure"]
ReactionKind = Literal["+1", "-1", "confused", "eyes"]
"""Those that debtscan gives."""
Permission = Literal["admin", "write", "read", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repo:
    """A repository. `empty` has no commit; `permissions` are the token's, as GitHub names them (``push``: True).

    `issues` says that issues are switched on.
    """

    name: str
    default_branch: str
    head: str | None
    private: bool = False
    archived: bool = False
    disabled: bool = False
    fork: bool = False
    mirror: bool = False
    empty: bool = False
    auto_merge: bool = False
    merge_methods: tuple[MergeMethod, ...] = ("merge",)
    issues: bool = True
    permissions: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did something. `login` of an App ends in ``[bot]``."""

    login: str
    is_bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit; the logins are None where the addresses belong to nobody on GitHub."""

    sha: str
    parents: tuple[str, ...]
    tree: str
    message: str
    author_name: str
    author_email: str
    author_login: str | None = None
    committer_login: str | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """A pull request. `mergeable` is None while GitHub works it out; `auto_merge` says that it merges by itself.

    `fork` says that its branch is one of another repository.
    """

    number: int
    node_id: str
    title: str
    body: str
    state: PullState
    draft: bool
    branch: str
    head: str
    base: str
    author: Actor
    created: datetime
    updated: datetime
    closed_by: Actor | None = None
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    mergeable: bool | None = None
    auto_merge: bool = False
    fork: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue that is no pull request. `closed_by` is None while it is open, and where a list does not tell."""

    number: int
    title: str
    body: str
    state: IssueState
    author: Actor
    labels: tuple[str, ...] = ()
    locked: bool = False
    closed_by: Actor | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment on an issue or a pull request; `reactions` counts those of everybody."""

    id: int
    author: Actor
    body: str
    reactions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """A reaction to a comment: `kind` as GitHub calls it (``+1``, ``heart``, …)."""

    author: Actor
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """All check runs and statuses of a commit, summed up. `failed` are the names of those that failed."""

    state: CheckState
    failed: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What a check run says of lines of a file. GitHub takes 255 characters of title and 64 KB of message."""

    path: str
    line: int
    end_line: int
    level: AnnotationLevel
    title: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckText:
    """What a check run says; `conclusion` None is one that still runs. `external_id` is the writer's own note.

    `title` and `summary` (Markdown, 65,535 characters) replace those that are there; `annotations` (50 at most) are
    added to them: GitHub takes none away.
    """

    external_id: str
    conclusion: Conclusion | None
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRun:
    """A check run of a commit, and the login of the App that made it: nobody else can change it.

    `is_done` says that it has a conclusion.
    """

    id: int
    name: str
    external_id: str
    author: str
    is_done: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """An analysis that code scanning has, by the version of the tool that made it and the category it is filed in."""

    commit: str
    category: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What was used of the hourly limit: `asked` requests, of which `unchanged` (304) cost nothing."""

    limit: int
    remaining: int
    resets: datetime | None
    asked: int
    unchanged: int
    writes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A permission that is not there: its name as GitHub's settings show it, what it withholds, how to give it.

    `never` says that no setting gives it to credentials of this kind.
    """

    permission: str
    withholds: str
    remedy: str
    never: bool = False
