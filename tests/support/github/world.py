"""What the stand-in remembers: accounts, repositories, issues and pull requests, checks, tokens, apps."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from tests.support.github.deliveries import Delivery
from tests.support.github.git_store import GitStore
from tests.support.github.grants import START, App, Consent, Installation, Registration, Token
from tests.support.github.messages import Json
from tests.support.github.threads import Account, Issue, Label, Pull

Conclusion = str


@dataclass(slots=True, kw_only=True)
class CheckRun:
    """A check run of one commit."""

    id: int
    suite: int
    name: str
    sha: str
    status: str
    conclusion: str | None
    started: datetime | None
    completed: datetime | None
    app: App
    external_id: str | None = None
    details_url: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[Json] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What code scanning has of one upload: `sarif` as it was sent."""

    id: int
    upload: str
    commit: str
    ref: str
    sarif: Json
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A commit status."""

    id: int
    sha: str
    context: str
    state: str
    description: str | None
    target_url: str | None
    creator: Account
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """What a branch asks before a merge: names of checks and contexts, approvals, and to be `strict`ly up to date."""

    contexts: tuple[str, ...] = ()
    approvals: int = 0
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release of a tag, with its notes."""

    id: int
    tag: str
    name: str
    body: str
    author: Account
    published: datetime
    prerelease: bool = False


@dataclass(slots=True, kw_only=True)
class Repository:
    """A repository: its git, and what GitHub keeps beside it.

    With `thinks`, GitHub answers so many times that it does not know yet whether a pull request can be merged.
    `restricted` are patterns of branches that a rule lets nobody create. Trees of more than `largest_tree` entries are
    cut short when they are listed. Without `code_scanning`, GitHub refuses what is uploaded to it.
    """

    id: int
    owner: Account
    name: str
    git: GitStore
    created: datetime
    default_branch: str = "main"
    private: bool = False
    archived: bool = False
    disabled: bool = False
    fork: bool = False
    mirror_url: str | None = None
    has_issues: bool = True
    allow_auto_merge: bool = True
    allow_merge_commit: bool = True
    allow_squash_merge: bool = True
    allow_rebase_merge: bool = True
    delete_branch_on_merge: bool = False
    allow_drafts: bool = True
    actions_may_open_pulls: bool = True
    restricted: tuple[str, ...] = ()
    thinks: int = 0
    largest_tree: int = 100_000
    topics: tuple[str, ...] = ()
    labels: dict[str, Label] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    collaborators: dict[str, str] = field(default_factory=dict)
    teams: set[str] = field(default_factory=set)
    protections: dict[str, Protection] = field(default_factory=dict)
    releases: list[Release] = field(default_factory=list)
    check_runs: list[CheckRun] = field(default_factory=list)
    suites: dict[tuple[str, int], int] = field(default_factory=dict)
    statuses: list[Status] = field(default_factory=list)
    code_scanning: bool = True
    analyses: list[Analysis] = field(default_factory=list)
    verified: set[str] = field(default_factory=set)
    moved_from: set[str] = field(default_factory=set)
    ci: Callable[[Repository, str, str], Mapping[str, Conclusion]] | None = None

    @property
    def full_name(self) -> str:
        """``owner/name``."""
        return f"{self.owner.login}/{self.name}"

    @property
    def pulls(self) -> dict[int, Pull]:
        """The pull requests by number."""
        return {number: issue for number, issue in self.issues.items() if isinstance(issue, Pull)}

    @property
    def branches(self) -> dict[str, str]:
        """Branch → commit."""
        return {ref.removeprefix("refs/heads/"): sha for ref, sha in self.git.refs().items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that webhooks tell of; `fields` are those of its payload beside the usual ones.

    One of an `installation` or an `app` is told to that App alone, others to every App that is on the repository.
    """

    event: str
    action: str
    sender: Account
    fields: Json
    repository: Repository | None = None
    installation: Installation | None = None
    app: App | None = None


@dataclass(slots=True)
class World:
    """Everything, and the counters. `now` is when things happen; a test moves it."""

    root: Path
    url: str
    api: str
    now: datetime = START
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    accounts: dict[str, Account] = field(default_factory=dict)
    repositories: dict[str, Repository] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    apps: dict[int, App] = field(default_factory=dict)
    # Organisation, in lower case → the logins of its members, who may read all of its repositories.
    members: dict[str, set[str]] = field(default_factory=dict)
    # Who is signed in where a browser comes from, and what the codes stand for that it was sent away with.
    visitor: str = "ada"
    consents: dict[str, Consent] = field(default_factory=dict)
    registrations: dict[str, Registration] = field(default_factory=dict)
    limit_window: timedelta = timedelta(hours=1)
    # Who is told what happens, where somebody listens; what was delivered of that; and who delivers it again.
    listener: Callable[[Happening], None] | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    redeliver: Callable[[Delivery], None] | None = None
    # Mutations of GraphQL that an older server does not know.
    unknown_mutations: set[str] = field(default_factory=set)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1001))

    def account(self, login: str, kind: Literal["User", "Organization", "Bot"] = "User") -> Account:
        """Return an account, made on first use."""
        if login.lower() not in self.accounts:
            self.accounts[login.lower()] = Account(id=next(self.ids), login=login, kind=kind)
        return self.accounts[login.lower()]

    def has_access(self, account: Account, repository: Repository) -> bool:
        """Whether somebody was given access to a repository, which nobody needs to look at a public one."""
        member = account.login in self.members.get(repository.owner.login.lower(), ())
        return account == repository.owner or member or account.login in repository.collaborators

    def covered(self, installation: Installation) -> list[Repository]:
        """Return the repositories that an installation is one on."""
        every = self.repositories.values()
        return [each for each in every if installation.covers(each.owner, each.full_name)]

    def find(self, full_name: str) -> Repository | None:
        """Return a repository by its name, or by one that it had."""
        found = self.repositories.get(full_name.lower())
        return found or next((each for each in self.repositories.values() if full_name in each.moved_from), None)
