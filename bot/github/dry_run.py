"""A host that writes nothing: each write becomes a sentence, and an answer is made up that fits the others.

What would have been written is read back, so that publishing runs through as it would: a branch that would have been
created is there, with its commits, its files and its pull request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from bot.github.dry_git import DryGit
from bot.github.dry_issues import DryIssues
from bot.github.dry_posts import DryCheckRuns, DryComments
from bot.github.dry_pulls import DryPulls
from bot.github.host import Host
from bot.github.objects import (
    Actor,
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


@dataclass(slots=True)
class DryRun:
    """Passes reads on to ``host``; `say` gets a sentence a write, as it would be done. Also a `Host`."""

    host: Host
    say: Callable[[str], None]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    writes: int = 0
    # Issues and pull requests are numbered together.
    _numbers: Iterator[int] = field(default_factory=lambda: count(-1, -1))
    _git: DryGit = field(init=False)
    _pulls: DryPulls = field(init=False)
    _issues: DryIssues = field(init=False)
    _comments: DryComments = field(init=False)
    _check_runs: DryCheckRuns = field(init=False)

    def __post_init__(self) -> None:
        """Let the parts be told in the same way."""
        self._git = DryGit(self.host, self._would)
        self._pulls = DryPulls(self.host, self._would, self._numbers, self._git, self.now)
        self._issues = DryIssues(self.host, self._would, self._numbers)
        self._comments = DryComments(self.host, self._would, self._named)
        self._check_runs = DryCheckRuns(self.host, self._would)

    def repository(self) -> Repo:
        """Return the repository as it is."""
        return self.host.repository()

    def login(self) -> str:
        """Return the login that would act."""
        return self.host.login()

    def missing(self, wanted: Sequence[str]) -> tuple[Missing, ...]:
        """Return which permissions are missing."""
        return self.host.missing(wanted)

    def branches(self, prefix: str) -> Mapping[str, str]:
        """Return the branches as they would be."""
        return self._git.branches(prefix)

    def file(self, path: str, ref: str) -> bytes | None:
        """Return a file as it would be."""
        return self._git.file(path, ref)

    def commits_between(self, base: str, head: str) -> tuple[Commit, ...]:
        """Return the commits as they would be."""
        return self._git.commits_between(base, head)

    def commit(
        self,
        parent: str | None,
        files: Mapping[str, bytes | None],
        message: str,
        *,
        root: bool = False,
        seal: str = "",
    ) -> str:
        """Make a hash up: the same for the same content."""
        return self._git.commit(parent, files, message, root=root, seal=seal)

    def create_branch(self, name: str, sha: str) -> None:
        """Create a branch. Raises AlreadyThereError."""
        self._git.create(name, sha)

    def move_branch(self, name: str, sha: str, *, expected: str) -> None:
        """Move a branch. Raises StaleError and NotThereError."""
        self._git.move(name, sha, expected=expected)
        self._pulls.moved(name, sha)

    def delete_branch(self, name: str) -> None:
        """Delete a branch; its open pull requests close."""
        if self._git.delete(name):
            self._pulls.deleted(name)

    def pulls(self, prefix: str) -> tuple[Pull, ...]:
        """Return the pull requests as they would be."""
        return self._pulls.of(prefix)

    def pull(self, number: int) -> Pull:
        """Return a pull request as it would be."""
        return self._pulls.one(number)

    def create_pull(self, *, branch: str, base: str, title: str, body: str, draft: bool) -> Pull:
        """Make a pull request up. Raises AlreadyThereError, NotThereError."""
        author = _actor(self.login())
        return self._pulls.create(branch=branch, base=base, title=title, body=body, draft=draft, author=author)

    def update_pull(
        self,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        draft: bool | None = None,
        open: bool | None = None,  # noqa: A002 - as in Host
    ) -> None:
        """Change what is given."""
        self._pulls.update(number, title=title, body=body, draft=draft, is_open=open)

    def label(self, number: int, labels: Sequence[str]) -> None:
        """Add labels."""
        self._would(f"label {self._named(number)}: {', '.join(labels)}")

    def assign(self, number: int, logins: Sequence[str]) -> tuple[str, ...]:
        """Add assignees; whom GitHub would not take cannot be told."""
        self._would(f"assign {self._named(number)} to {', '.join(logins)}")
        return ()

    def request_reviews(self, number: int, logins: Sequence[str], teams: Sequence[str]) -> tuple[str, ...]:
        """Ask for reviews; whom GitHub would not take cannot be told."""
        whom = (*logins, *(f"the team {team}" for team in teams))
        self._would(f"ask {', '.join(whom)} to review {self._named(number)}")
        return ()

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Return the comments as they would be."""
        return self._comments.of(number)

    def newest_comments(self, number: int) -> tuple[Comment, ...]:
        """Return the newest comments as they would be."""
        return self._comments.newest(number)

    def comment(self, number: int, body: str) -> None:
        """Add a comment."""
        self._comments.add(number, body, _actor(self.login()))

    def edit_comment(self, comment: int, body: str) -> None:
        """Give a comment another text."""
        self._comments.edit(comment, body)

    def delete_comment(self, comment: int) -> None:
        """Delete a comment."""
        self._comments.delete(comment)

    def reactions(self, comment: int) -> tuple[Reaction, ...]:
        """Return the reactions as they would be."""
        return self._comments.reactions(comment)

    def react(self, comment: int, kind: ReactionKind) -> None:
        """React to a comment."""
        self._comments.react(comment, kind, _actor(self.login()))

    def permission(self, login: str) -> Permission:
        """Return what a login may do."""
        return self.host.permission(login)

    def check_runs(self, sha: str, name: str) -> tuple[CheckRun, ...]:
        """Return the check runs of a name as they would be."""
        return self._check_runs.named(sha, name)

    def create_check_run(self, sha: str, name: str, said: CheckText) -> CheckRun:
        """Write a check run."""
        return self._check_runs.create(sha, name, said, self.login())

    def update_check_run(self, run: CheckRun, said: CheckText) -> None:
        """Change a check run."""
        self._check_runs.update(run, said)

    def analyses(self, ref: str, tool: str) -> tuple[Analysis, ...]:
        """Return what code scanning has."""
        return self.host.analyses(ref, tool)

    def upload_sarif(self, commit: str, ref: str, sarif: str) -> None:
        """Say so; the results themselves are what ``debtscan scan --format sarif`` prints."""
        self._would(f"upload {len(sarif):,} characters of SARIF for {commit[:10]} on {ref} to code scanning")

    def checks(self, sha: str) -> Checks:
        """Return how the checks stand: of a commit that was not written there are none."""
        return Checks(state="none") if self._git.is_made_up(sha) else self.host.checks(sha)

    def required_checks(self, branch: str) -> tuple[str, ...] | None:
        """Return the checks that a branch requires."""
        return self.host.required_checks(branch)

    def merge(self, number: int, *, sha: str, method: MergeMethod) -> None:
        """Say so. Raises StaleError where the head is another."""
        self._pulls.merge(number, sha=sha, method=method)

    def enable_auto_merge(self, pull: Pull, method: MergeMethod) -> None:
        """Say so."""
        self._would(f"let GitHub merge {self._named(pull.number)} ({method}) once all required checks passed")

    def disable_auto_merge(self, pull: Pull) -> None:
        """Say so."""
        self._would(f"let GitHub not merge {self._named(pull.number)} by itself any more")

    def issues(self, creator: str, labels: Sequence[str] = ()) -> tuple[Issue, ...]:
        """Return the issues as they would be."""
        return self._issues.of(creator, labels)

    def issue(self, number: int) -> Issue:
        """Return one issue as it would be."""
        return self._issues.one(number)

    def create_issue(self, *, title: str, body: str, labels: Sequence[str]) -> Issue:
        """Make an issue up."""
        return self._issues.create(title=title, body=body, labels=labels, author=_actor(self.login()))

    def update_issue(
        self,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        open: bool | None = None,  # noqa: A002 - as in Host
    ) -> None:
        """Change what is given."""
        self._issues.update(number, title=title, body=body, is_open=open)

    def rate(self) -> Rate:
        """Return the account of the reads."""
        return self.host.rate()

    def _would(self, what: str) -> None:
        self.writes += 1
        self.say(f"would {what}")

    def _named(self, number: int) -> str:
        return self._issues.named(number) or self._pulls.named(number)


def _actor(login: str) -> Actor:
    return Actor(login=login, is_bot=login.endswith("[bot]"))
