"""One repository on GitHub: `bot.github.host.Host`, with PyGithub below and frozen objects above."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from github.Repository import Repository

from bot.github import permissions, reading
from bot.github.auth import Credentials
from bot.github.branches import Branches
from bot.github.check_runs import CheckRuns
from bot.github.code_scanning import CodeScanning
from bot.github.comments import Comments
from bot.github.commits import Commits
from bot.github.granting import Granting
from bot.github.issues import Issues
from bot.github.objects import (
    Analysis,
    CheckRun,
    Checks,
    CheckText,
    Comment,
    Commit,
    Issue,
    MergeMethod,
    Missing,
    Permission,
    Pull,
    Rate,
    Reaction,
    ReactionKind,
    Repo,
)
from bot.github.organisation import owner_file
from bot.github.people import People
from bot.github.pulls import Pulls
from bot.github.session import Access, Session, Settings, path_of
from bot.github.translate import translated


class Client:
    """A `Host`. Methods raise HostError and its kin. Close it at the end, or use it as a context."""

    def __init__(self, access: Access, name: str) -> None:
        self.name = name
        self._access = access
        self._requester = access.requester
        self._path = path_of(name)
        self._branches = Branches(access.requester, self._path)
        self._commits = Commits(access.requester, self._path)
        self._pulls = Pulls(access.requester, self._path, name.partition("/")[0])
        self._issues = Issues(access.requester, self._path)
        self._comments = Comments(access.requester, self._path)
        self._people = People(access.requester, self._path)
        self._check_runs = CheckRuns(access.requester, self._path)
        self._code_scanning = CodeScanning(access.requester, self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections of the whole session."""
        self._access.session.close()

    @property
    def url(self) -> str:
        """The repository's page."""
        return f"{self._access.session.address.web}/{self.name}"

    def clone_source(self) -> tuple[str, str]:
        """Return the address to clone from, and the Authorization header for it: a secret. Raises HostError."""
        secret = base64.b64encode(f"x-access-token:{self._access.token()}".encode()).decode("ascii")
        return f"{self.url}.git", f"Basic {secret}"

    def repository(self) -> Repo:
        """Return the repository as it is now."""
        found = self._fetched()
        with translated(f"read the repository {self.name}", "metadata"):
            head = self._branches.one(found.default_branch)
            return reading.repository(found, head)

    def login(self) -> str:
        """Return the login under which these credentials act."""
        return self._access.login()

    def missing(self, wanted: Sequence[str]) -> tuple[Missing, ...]:
        """Return which of the wanted permissions are not there. A name may hold its level (``checks:write``)."""
        return permissions.missing(wanted, Granting(self._access, self._path, self._fetched).of(wanted))

    def branches(self, prefix: str) -> Mapping[str, str]:
        """Return branch → commit of the branches whose names begin with ``prefix``."""
        return self._branches.matching(prefix)

    def file(self, path: str, ref: str) -> bytes | None:
        """Return a file at a ref, None where there is none."""
        return self._commits.file(path, ref)

    def owner_file(self, repository: str, path: str) -> bytes | None:
        """Return a file of another repository of the same owner (see `bot.github.organisation.owner_file`)."""
        return owner_file(self._access.session, self.name.partition("/")[0], repository, path)

    def commits_between(self, base: str, head: str) -> tuple[Commit, ...]:
        """Return the commits of ``head`` that ``base`` has not, oldest first."""
        return self._branches.between(base, head)

    def commit(
        self,
        parent: str | None,
        files: Mapping[str, bytes | None],
        message: str,
        *,
        root: bool = False,
        seal: str = "",
    ) -> str:
        """Write blobs, a tree on that of ``parent`` and a commit; return its hash. Moves no branch."""
        return self._commits.commit(parent, files, message, root=root, seal=seal)

    def create_branch(self, name: str, sha: str) -> None:
        """Create a branch. Raises AlreadyThereError."""
        self._branches.create(name, sha)

    def move_branch(self, name: str, sha: str, *, expected: str) -> None:
        """Make a branch point at ``sha`` where it points at ``expected`` now. Raises StaleError."""
        self._branches.move(name, sha, expected=expected)

    def delete_branch(self, name: str) -> None:
        """Delete a branch; nothing happens where it is gone."""
        self._branches.delete(name)

    def pulls(self, prefix: str) -> tuple[Pull, ...]:
        """Return the pull requests, open and not, whose head branches of this repository begin with ``prefix``."""
        return self._pulls.matching(prefix, self.login)

    def pull(self, number: int) -> Pull:
        """Return one pull request. Raises NotThereError."""
        return self._pulls.one(number)

    def create_pull(self, *, branch: str, base: str, title: str, body: str, draft: bool) -> Pull:
        """Open a pull request. Raises AlreadyThereError."""
        return self._pulls.create(branch=branch, base=base, title=title, body=body, draft=draft)

    def update_pull(
        self,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        draft: bool | None = None,
        open: bool | None = None,  # noqa: A002 - as in Host
    ) -> None:
        """Change what is given; ``open=False`` closes it."""
        self._pulls.update(number, title=title, body=body, draft=draft, is_open=open)

    def label(self, number: int, labels: Sequence[str]) -> None:
        """Add labels; missing ones are created."""
        self._pulls.label(number, labels)

    def assign(self, number: int, logins: Sequence[str]) -> tuple[str, ...]:
        """Add assignees; return those that GitHub did not take."""
        return self._pulls.assign(number, logins)

    def request_reviews(self, number: int, logins: Sequence[str], teams: Sequence[str]) -> tuple[str, ...]:
        """Ask for reviews; return whom GitHub did not take."""
        return self._pulls.request_reviews(number, logins, teams)

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Return the comments, oldest first."""
        return self._comments.of(number)

    def newest_comments(self, number: int) -> tuple[Comment, ...]:
        """Return the newest comments, oldest first: 100 or a few more, or all."""
        return self._comments.newest(number)

    def comment(self, number: int, body: str) -> None:
        """Add a comment."""
        self._comments.add(number, body, self.login())

    def edit_comment(self, comment: int, body: str) -> None:
        """Give a comment another text. Raises NotThereError."""
        self._comments.edit(comment, body)

    def delete_comment(self, comment: int) -> None:
        """Delete a comment; nothing happens where it is gone."""
        self._comments.delete(comment)

    def reactions(self, comment: int) -> tuple[Reaction, ...]:
        """Return the reactions to a comment. Raises NotThereError."""
        return self._comments.reactions(comment)

    def react(self, comment: int, kind: ReactionKind) -> None:
        """React to a comment; nothing happens where that was done before."""
        self._comments.react(comment, kind)

    def permission(self, login: str) -> Permission:
        """Return what a login may do in this repository."""
        return self._people.permission(login)

    def check_runs(self, sha: str, name: str) -> tuple[CheckRun, ...]:
        """Return all check runs of a name on a commit, oldest first."""
        return self._check_runs.named(sha, name)

    def create_check_run(self, sha: str, name: str, said: CheckText) -> CheckRun:
        """Write a check run. Only the token of an App may: ForbiddenError."""
        return self._check_runs.create(sha, name, said, self.login())

    def update_check_run(self, run: CheckRun, said: CheckText) -> None:
        """Change a check run; annotations are added to those that are there."""
        self._check_runs.update(run.id, said)

    def analyses(self, ref: str, tool: str) -> tuple[Analysis, ...]:
        """Return the last analyses that code scanning has of a ref, newest first."""
        return self._code_scanning.analyses(ref, tool)

    def upload_sarif(self, commit: str, ref: str, sarif: str) -> None:
        """Give code scanning the results of a commit."""
        self._code_scanning.upload(commit, ref, sarif)

    def checks(self, sha: str) -> Checks:
        """Return how the checks of a commit stand."""
        return self._pulls.checks(sha)

    def required_checks(self, branch: str) -> tuple[str, ...] | None:
        """Return the names of the checks that a branch requires; None where these credentials may not know."""
        return self._branches.required_checks(branch)

    def merge(self, number: int, *, sha: str, method: MergeMethod) -> None:
        """Merge a pull request whose head is ``sha``. Raises StaleError where it is not."""
        self._pulls.merge(number, sha=sha, method=method)

    def enable_auto_merge(self, pull: Pull, method: MergeMethod) -> None:
        """Let GitHub merge it once all required checks passed. Raises HostError where the repository forbids it."""
        self._pulls.enable_auto_merge(pull, method)

    def disable_auto_merge(self, pull: Pull) -> None:
        """Let GitHub not merge it by itself any more."""
        self._pulls.disable_auto_merge(pull)

    def issues(self, creator: str, labels: Sequence[str] = ()) -> tuple[Issue, ...]:
        """Return the issues, open and not, that a login opened and that have all these labels, by number."""
        return self._issues.of(creator, labels)

    def issue(self, number: int) -> Issue:
        """Return one issue as it is now, with who closed it. Raises NotThereError."""
        return self._issues.one(number)

    def create_issue(self, *, title: str, body: str, labels: Sequence[str]) -> Issue:
        """Open an issue; missing labels are created. Raises NotThereError where issues are switched off."""
        return self._issues.create(title=title, body=body, labels=labels, login=self.login())

    def update_issue(
        self,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        open: bool | None = None,  # noqa: A002 - as in Host
    ) -> None:
        """Change what is given, in one step; ``open=False`` closes it."""
        self._issues.update(number, title=title, body=body, is_open=open)

    def rate(self) -> Rate:
        """Return the account of all requests of the session so far."""
        return self._access.session.rate()

    def _fetched(self) -> Repository:
        with translated(f"read the repository {self.name}", "metadata"):
            headers, found = self._requester.requestJsonAndCheck("GET", self._path)
            for name in ("full_name", "default_branch"):
                reading.text(found[name])
            return Repository(self._requester, headers, found, completed=True)


def open_host(name: str, credentials: Credentials, settings: Settings) -> Client:
    """Return the repository ``OWNER/REPO``, in a session of its own. Raises UsageError and HostError."""
    return open_repository(Session(credentials, settings), name)


def open_repository(session: Session, name: str) -> Client:
    """Return one of several repositories of a session. Raises UsageError and HostError."""
    return Client(session.access(name), name)
