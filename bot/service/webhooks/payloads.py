"""What is read of GitHub's payloads: the fields that are needed, each bounded. What else they hold is passed over.

https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

Id: TypeAlias = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Login: TypeAlias = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,98}(\[bot\])?\Z")]
# A name of dots alone would lead elsewhere in an address.
FullName: TypeAlias = Annotated[
    str, Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,98}/(?!\.{1,2}\Z)[A-Za-z0-9._-]{1,100}\Z")
]
Branch: TypeAlias = Annotated[str, Meta(max_length=255, pattern=r"\A[^\x00-\x20\x7f]*\Z")]
Ref: TypeAlias = Annotated[str, Meta(max_length=4096, pattern=r"\A[^\x00-\x20\x7f]*\Z")]
Sha: TypeAlias = Annotated[str, Meta(pattern=r"\A(?:[0-9a-f]{40}|[0-9a-f]{64})\Z")]
Word: TypeAlias = Annotated[str, Meta(max_length=50, pattern=r"\A[A-Za-z0-9_-]*\Z")]
Moment: TypeAlias = Annotated[int, Meta(ge=0, le=2**40)] | Annotated[str, Meta(max_length=40)] | None
"""Seconds since 1970, or ISO 8601: GitHub writes both."""
Topics: TypeAlias = Annotated[
    list[Annotated[str, Meta(max_length=50, pattern=r"\A[^\x00-\x1f]*\Z")]], Meta(max_length=100)
]
Text: TypeAlias = Annotated[str, Meta(max_length=500_000)]


class Account(msgspec.Struct, frozen=True):
    """A person or an organisation; `type` is ``User``, ``Bot`` or ``Organization``."""

    login: Login
    id: Id
    type: Word = "User"


class Sender(msgspec.Struct, frozen=True):
    """Who did it; `type` is ``Bot`` for Apps."""

    id: Id
    type: Word = "User"


class Installation(msgspec.Struct, frozen=True):
    """An installation as most payloads name it: by its id."""

    id: Id


class WholeInstallation(Installation, frozen=True, kw_only=True):
    """An installation as those payloads tell of it that concern it."""

    account: Account
    permissions: Annotated[dict[Word, Word], Meta(max_length=200)] = {}
    events: Annotated[list[Word], Meta(max_length=200)] = []
    suspended_at: Moment = None
    updated_at: Moment = None


class Listed(msgspec.Struct, frozen=True):
    """A repository in a list of an installation's."""

    id: Id
    full_name: FullName
    private: bool = True


class Repository(Listed, frozen=True, kw_only=True):
    """A repository."""

    default_branch: Branch = ""
    archived: bool = False
    disabled: bool = False
    fork: bool = False
    mirror_url: Annotated[str, Meta(max_length=2000)] | None = None
    topics: Topics | None = None
    updated_at: Moment = None


class Plain(msgspec.Struct, frozen=True, kw_only=True):
    """What every payload may hold."""

    action: Word = ""
    installation: Installation | None = None
    repository: Listed | None = None
    sender: Sender | None = None


class Installed(Plain, frozen=True, kw_only=True):
    """``installation`` and ``installation_repositories``."""

    installation: WholeInstallation
    repositories: Annotated[list[Listed], Meta(max_length=100_000)] = []
    repositories_added: Annotated[list[Listed], Meta(max_length=100_000)] = []
    repositories_removed: Annotated[list[Listed], Meta(max_length=100_000)] = []


class Renamed(Plain, frozen=True, kw_only=True):
    """``installation_target``: an account has another name."""

    account: Account


class Before(msgspec.Struct, frozen=True, rename={"before": "from"}):
    """What topics were before."""

    before: Topics | None = None


class Was(msgspec.Struct, frozen=True):
    """That something was another."""


class Changes(msgspec.Struct, frozen=True):
    """What changed of a repository. Of a branch it counts only that it did."""

    topics: Before | None = None
    default_branch: Was | None = None


class OfRepository(Plain, frozen=True, kw_only=True):
    """``repository``."""

    repository: Repository
    changes: Changes | None = None


class Push(Plain, frozen=True, kw_only=True):
    """``push``. `after` is all zeros where the branch was deleted."""

    ref: Ref
    after: Sha
    deleted: bool = False
    repository: Repository


class Side(msgspec.Struct, frozen=True):
    """One side of a pull request; `repo` is None where its repository is gone."""

    ref: Ref
    sha: Sha
    repo: Listed | None = None


class Pull(msgspec.Struct, frozen=True):
    """A pull request."""

    number: Id
    head: Side
    base: Side
    merged: bool | None = None


class OfPull(Plain, frozen=True, kw_only=True):
    """``pull_request``."""

    repository: Listed
    pull_request: Pull


class Numbered(msgspec.Struct, frozen=True):
    """An issue, or a pull request, as others name it."""

    number: Id
    body: Text | None = None


class OfIssue(Plain, frozen=True, kw_only=True):
    """``issues``."""

    repository: Listed
    issue: Numbered


class Comment(msgspec.Struct, frozen=True):
    """A comment."""

    id: Id
    body: Text | None = None
    author_association: Word = "NONE"


class OfComment(OfIssue, frozen=True, kw_only=True):
    """``issue_comment``."""

    comment: Comment


class Suite(msgspec.Struct, frozen=True):
    """A check suite. `pull_requests` names none of other repositories' branches."""

    head_sha: Sha
    head_branch: Ref | None = None
    pull_requests: Annotated[list[Numbered], Meta(max_length=1000)] = []


class Run(msgspec.Struct, frozen=True):
    """A check run."""

    head_sha: Sha
    check_suite: Suite | None = None
    pull_requests: Annotated[list[Numbered], Meta(max_length=1000)] = []


class OfRun(Plain, frozen=True, kw_only=True):
    """``check_run``."""

    repository: Repository
    check_run: Run


class OfSuite(Plain, frozen=True, kw_only=True):
    """``check_suite``."""

    repository: Repository
    check_suite: Suite


class Revoked(Plain, frozen=True, kw_only=True):
    """``github_app_authorization``: a person took back what they allowed."""

    sender: Sender
