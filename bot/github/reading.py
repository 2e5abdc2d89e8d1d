"""PyGithub's objects as frozen ones. All are complete: one that is not fetches itself when it is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from github.CheckRun import CheckRun
from github.CommitStatus import CommitStatus
from github.Issue import Issue as GithubIssue
from github.IssueComment import IssueComment
from github.NamedUser import NamedUser
from github.Organization import Organization
from github.PullRequest import PullRequest
from github.Repository import Repository

from bot.github.objects import (
    OWN_CHECK,
    OWN_NOTE,
    Actor,
    Checks,
    CheckState,
    Comment,
    Commit,
    Issue,
    MergeMethod,
    Pull,
    PullState,
    Repo,
)

GHOST = Actor(login="ghost")
_GREEN = {"success", "neutral", "skipped"}


def repository(found: Repository, head: str | None) -> Repo:
    """Return a repository from its own payload (not from a list's, which tells less)."""
    methods: tuple[tuple[MergeMethod, bool | None], ...] = (
        ("merge", found.allow_merge_commit),
        ("squash", found.allow_squash_merge),
        ("rebase", found.allow_rebase_merge),
    )
    # Those who may not push are not told; merging is what GitHub then offers.
    allowed = tuple(method for method, is_allowed in methods if is_allowed)
    return Repo(
        name=found.full_name,
        default_branch=found.default_branch,
        head=head,
        private=bool(found.private),
        archived=bool(found.archived),
        disabled=bool(found.raw_data.get("disabled")),
        fork=bool(found.fork),
        mirror=bool(found.mirror_url),
        empty=head is None,
        auto_merge=bool(found.allow_auto_merge),
        merge_methods=allowed or ("merge",),
        issues=bool(found.has_issues),
        permissions={name: value for name, value in permissions(found).items() if value},
    )


def permissions(found: Repository) -> dict[str, bool]:
    """Return what the credentials' owner may do: ``push``, ``admin``, …"""
    given = found.raw_data.get("permissions")
    return {str(name): bool(value) for name, value in given.items()} if isinstance(given, dict) else {}


def actor(user: NamedUser | Organization | None) -> Actor:
    """Return who did something; those who have left are GitHub's ``ghost``."""
    if user is None:
        return GHOST
    return Actor(login=user.login, is_bot=user.type == "Bot" or user.login.endswith("[bot]"))


def pull(found: PullRequest, closed_by: Actor | None = None, *, is_whole: bool = False) -> Pull:
    """Return a pull request; ``is_whole`` says that the payload is its own, and tells whether it can be merged."""
    return Pull(
        number=found.number,
        node_id=found.node_id,
        title=found.title,
        body=found.body or "",
        state=_state(found),
        draft=bool(found.draft),
        branch=found.head.ref,
        head=found.head.sha,
        base=found.base.ref,
        author=actor(found.user),
        created=moment(found.created_at),
        updated=moment(found.updated_at),
        closed_by=closed_by,
        labels=tuple(label.name for label in found.labels),
        assignees=tuple(user.login for user in found.assignees),
        reviewers=tuple(user.login for user in found.requested_reviewers),
        mergeable=found.mergeable if is_whole else None,
        auto_merge=bool(found.raw_data.get("auto_merge")),
        fork=not is_own(found),
        url=found.html_url,
    )


def is_own(found: PullRequest) -> bool:
    """Whether its branch is of the same repository; a fork may have one of the same name, or be gone."""
    head, base = (found.raw_data[side].get("repo") or {} for side in ("head", "base"))
    return head.get("id") is not None and head.get("id") == base.get("id")


def _state(found: PullRequest) -> PullState:
    if found.state == "open":
        return "open"
    return "merged" if found.raw_data.get("merged_at") else "closed"


def moment(when: datetime | None) -> datetime:
    """Return a moment with its zone: older versions of PyGithub left it out."""
    if when is None:
        raise ValueError("a moment is missing")
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def commit(found: Mapping[str, Any]) -> Commit:
    """Return a commit of a comparison, from its payload."""
    inner = found["commit"]
    author = inner.get("author") or {}
    user = found.get("author") or {}
    return Commit(
        sha=text(found["sha"]),
        parents=tuple(parent["sha"] for parent in found["parents"]),
        tree=inner["tree"]["sha"],
        message=inner["message"],
        author_name=author.get("name") or "",
        author_email=author.get("email") or "",
        author_login=user.get("login"),
        committer_login=(found.get("committer") or {}).get("login"),
        verified=bool((inner.get("verification") or {}).get("verified")),
    )


def issue(found: GithubIssue) -> Issue:
    """Return an issue."""
    return Issue(
        number=found.number,
        title=found.title,
        body=found.body or "",
        state="open" if found.state == "open" else "closed",
        author=actor(found.user),
        labels=tuple(label.name for label in found.labels),
        locked=bool(found.locked),
        closed_by=None if found.closed_by is None else actor(found.closed_by),
        url=found.html_url,
    )


def comment(found: IssueComment) -> Comment:
    """Return a comment."""
    counts = found.raw_data.get("reactions")
    total = counts.get("total_count") if isinstance(counts, dict) else 0
    count = total if isinstance(total, int) else 0
    return Comment(id=found.id, author=actor(found.user), body=found.body or "", reactions=count)


@dataclass(frozen=True, slots=True)
class _Outcome:
    name: str
    state: CheckState


def checks(runs: Iterable[CheckRun], statuses: Iterable[CommitStatus]) -> Checks:
    """Sum up. The last run of a name counts, and any failure outweighs what is still under way.

    debtscan's own run is left out: it says nothing of whether the code works, so it must neither merge nor stop it.
    """
    latest: dict[str, _Outcome] = {}
    for run in sorted(runs, key=lambda run: run.id):
        if run.name == OWN_CHECK and (run.external_id or "").startswith(OWN_NOTE):
            continue
        latest[f"run {run.name}"] = _Outcome(run.name, _of_run(run))
    for status in sorted(statuses, key=lambda status: status.id):
        state: CheckState = "failure" if status.state in {"failure", "error"} else "pending"
        latest[f"status {status.context}"] = _Outcome(status.context, "success" if status.state == "success" else state)
    failed, pending = _names(latest, "failure"), _names(latest, "pending")
    if failed or pending:
        return Checks(state="failure" if failed else "pending", failed=failed, pending=pending)
    return Checks(state="success" if latest else "none")


def _of_run(run: CheckRun) -> CheckState:
    if run.status != "completed":
        return "pending"
    return "success" if run.conclusion in _GREEN else "failure"


def _names(outcomes: dict[str, _Outcome], state: CheckState) -> tuple[str, ...]:
    return tuple(sorted({outcome.name for outcome in outcomes.values() if outcome.state == state}))


def text(value: Any) -> str:  # noqa: ANN401 - a member of GitHub's JSON
    """Return a member that must be a text. Raises TypeError."""
    if not isinstance(value, str):
        raise TypeError(f"a {type(value).__name__} where a text was promised")
    return value
