"""What publishing needs of a host. `bot.github.client` does it with PyGithub; all writes are named here.

The client counts every write; `bot.github.dry_run` puts a host before it that only says what it would do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

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


class Host(Protocol):
    """One repository on GitHub, through one token. Methods raise `HostError` (bot/github/errors.py) and kin."""

    def repository(self) -> Repo:
        """Return the repository as it is now."""

    def login(self) -> str:
        """Return the login under which this token acts (``debtscan[bot]``)."""

    def missing(self, wanted: Sequence[str]) -> tuple[Missing, ...]:
        """Return which of the wanted permissions (``contents``, ``pull_requests``, ``workflows``, …) are not there."""

    def branches(self, prefix: str) -> Mapping[str, str]:
        """Return branch → commit of the branches whose names begin with ``prefix``."""

    def file(self, path: str, ref: str) -> bytes | None:
        """Return a file at a ref, None where there is none."""

    def commits_between(self, base: str, head: str) -> tuple[Commit, ...]:
        """Return the commits of ``head`` that ``base`` has not, oldest first."""

    def commit(
        self,
        parent: str | None,
        files: Mapping[str, bytes | None],
        message: str,
        *,
        root: bool = False,
        seal: str = "",
    ) -> str:
        """Write blobs, a tree on that of ``parent`` and a commit (Git Data API); return its hash. Moves no branch.

        Without a parent it begins with no file. With ``root`` the commit has no parent either, whatever its files.
        The message ends with a trailer of the name ``seal``, where one is given, that holds the tree's hash.
        """

    def create_branch(self, name: str, sha: str) -> None:
        """Create a branch. Raises AlreadyThereError."""

    def move_branch(self, name: str, sha: str, *, expected: str) -> None:
        """Make a branch point at ``sha`` where it points at ``expected`` now. Raises StaleError."""

    def delete_branch(self, name: str) -> None:
        """Delete a branch; nothing happens where it is gone."""

    def pulls(self, prefix: str) -> tuple[Pull, ...]:
        """Return the pull requests, open and not, whose head branches of this repository begin with ``prefix``."""

    def pull(self, number: int) -> Pull:
        """Return one pull request. Raises NotThereError."""

    def create_pull(self, *, branch: str, base: str, title: str, body: str, draft: bool) -> Pull:
        """Open a pull request. Raises AlreadyThereError."""

    def update_pull(
        self,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        draft: bool | None = None,
        open: bool | None = None,  # noqa: A002 - GitHub's own word
    ) -> None:
        """Change what is given; ``open=False`` closes it."""

    def label(self, number: int, labels: Sequence[str]) -> None:
        """Add labels; missing ones are created."""

    def assign(self, number: int, logins: Sequence[str]) -> tuple[str, ...]:
        """Add assignees; return those that GitHub did not take."""

    def request_reviews(self, number: int, logins: Sequence[str], teams: Sequence[str]) -> tuple[str, ...]:
        """Ask for reviews; return whom GitHub did not take."""

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Return the comments, oldest first."""

    def newest_comments(self, number: int) -> tuple[Comment, ...]:
        """Return the newest comments, oldest first: 100 or a few more, or all."""

    def comment(self, number: int, body: str) -> None:
        """Add a comment."""

    def edit_comment(self, comment: int, body: str) -> None:
        """Give a comment another text. Raises NotThereError."""

    def delete_comment(self, comment: int) -> None:
        """Delete a comment; nothing happens where it is gone."""

    def reactions(self, comment: int) -> tuple[Reaction, ...]:
        """Return the reactions to a comment. Raises NotThereError."""

    def react(self, comment: int, kind: ReactionKind) -> None:
        """React to a comment; nothing happens where that was done before. Raises NotThereError."""

    def permission(self, login: str) -> Permission:
        """Return what a login may do in this repository: ``none`` where nobody has that name."""

    def check_runs(self, sha: str, name: str) -> tuple[CheckRun, ...]:
        """Return all check runs of a name on a commit, oldest first; the last one of an App is what people see."""

    def create_check_run(self, sha: str, name: str, said: CheckText) -> CheckRun:
        """Write a check run. Only the token of an App may: ForbiddenError."""

    def update_check_run(self, run: CheckRun, said: CheckText) -> None:
        """Change a check run that this login made; annotations are added to those that are there."""

    def analyses(self, ref: str, tool: str) -> tuple[Analysis, ...]:
        """Return the last analyses that code scanning has of a ref, newest first. ForbiddenError: it is off."""

    def upload_sarif(self, commit: str, ref: str, sarif: str) -> None:
        """Give code scanning the results of a commit."""

    def checks(self, sha: str) -> Checks:
        """Return how the checks of a commit stand."""

    def required_checks(self, branch: str) -> tuple[str, ...] | None:
        """Return the names of the checks that a branch requires; None where this token may not know."""

    def merge(self, number: int, *, sha: str, method: MergeMethod) -> None:
        """Merge a pull request whose head is ``sha``. Raises StaleError where it is not."""

    def enable_auto_merge(self, pull: Pull, method: MergeMethod) -> None:
        """Let GitHub merge it once all required checks passed. Raises HostError where the repository forbids it."""

    def disable_auto_merge(self, pull: Pull) -> None:
        """Let GitHub not merge it by itself any more."""

    def issues(self, creator: str, labels: Sequence[str] = ()) -> tuple[Issue, ...]:
        """Return the issues, open and not, that a login opened and that have all these labels, by number."""

    def issue(self, number: int) -> Issue:
        """Return one issue as it is now, with who closed it. Raises NotThereError."""

    def create_issue(self, *, title: str, body: str, labels: Sequence[str]) -> Issue:
        """Open an issue; missing labels are created. Raises NotThereError where issues are switched off."""

    def update_issue(
        self,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        open: bool | None = None,  # noqa: A002 - GitHub's own word
    ) -> None:
        """Change what is given, in one step; ``open=False`` closes it."""

    def rate(self) -> Rate:
        """Return the account of requests so far."""
