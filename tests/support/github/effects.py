"""What follows from a change: pull requests move with their branches, checks start, ready ones merge by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.support.github import happenings, standing
from tests.support.github.git_store import ABSENT, Signature
from tests.support.github.messages import Refusal
from tests.support.github.render_commits import address_of
from tests.support.github.threads import Account, Comment, Event, Issue, Pull
from tests.support.github.world import CheckRun, Repository, World

ACTIONS = "github-actions"


def appeared(world: World, repository: Repository) -> None:
    """Tell that there is a new repository, and the Apps that are on all of its owner's that they have it."""
    happenings.repository_changed(world, repository, "created", repository.owner)
    for app in world.apps.values():
        for installation in app.installations:
            if installation.repositories is None and installation.account == repository.owner:
                happenings.selection_changed(world, installation, "added", [repository], repository.owner)


def moved(world: World, repository: Repository, branch: str, sha: str, actor: Account, *, checks: bool = True) -> None:
    """Make a branch point at ``sha`` (ABSENT: deleted), with all that GitHub does about it."""
    before = repository.branches.get(branch, ABSENT) if world.listener else ABSENT
    repository.git.update_ref(f"refs/heads/{branch}", sha)
    happenings.pushed(world, repository, f"refs/heads/{branch}", (before, sha), actor)
    if sha != ABSENT:
        _want_checks(world, repository, sha, actor)
    for pull in repository.pulls.values():
        if pull.branch == branch and pull.fork is None and pull.state == "open":
            _follow(world, repository, pull, sha, actor)
        elif pull.base == branch and pull.state == "open" and sha != ABSENT:
            _follow_base(world, repository, pull, sha, actor)
    if checks and sha != ABSENT:
        start_checks(world, repository, branch, sha)
    settle(world, repository)


def _want_checks(world: World, repository: Repository, sha: str, actor: Account) -> None:
    """Make a check suite of a pushed commit for each App that may write checks, and tell it."""
    if world.listener is None:
        return
    for app in world.apps.values():
        on = any(each.covers(repository.owner, repository.full_name) for each in app.installations)
        if on and app.hook_url and app.permissions.get("checks") == "write" and (sha, app.id) not in repository.suites:
            suite(world, repository, sha, app.id)
            happenings.suite_wanted(world, repository, sha, app, "requested", actor)


def start_checks(world: World, repository: Repository, branch: str, sha: str) -> None:
    """Run the repository's `ci` on a commit, where it has one."""
    if repository.ci is None or any(run.sha == sha for run in repository.check_runs):
        return
    for name, conclusion in repository.ci(repository, branch, sha).items():
        add_check(world, repository, sha, name, conclusion)


def add_check(world: World, repository: Repository, sha: str, name: str, conclusion: str | None) -> CheckRun:
    """Add a check run of GitHub Actions; ``None`` is one that still runs."""
    app = next(app for app in world.apps.values() if app.slug == ACTIONS)
    run = CheckRun(
        id=next(world.ids),
        suite=suite(world, repository, sha, app.id),
        name=name,
        sha=sha,
        status="completed" if conclusion else "in_progress",
        conclusion=conclusion,
        started=world.now,
        completed=world.now if conclusion else None,
        app=app,
    )
    repository.check_runs.append(run)
    return run


def suite(world: World, repository: Repository, sha: str, app: int) -> int:
    """Return the id of an App's check suite of a commit, made on first use."""
    if (sha, app) not in repository.suites:
        repository.suites[sha, app] = next(world.ids)
    return repository.suites[sha, app]


def merge(world: World, repository: Repository, pull: Pull, method: str, actor: Account, message: str = "") -> str:
    """Merge a pull request; return the new commit. Raises Refusal where it cannot be."""
    base = repository.branches[pull.base]
    tree = repository.git.merged_tree(base, pull.head)
    if tree is None or pull.draft or pull.state == "closed":
        raise Refusal(405, "Pull Request is not mergeable" if not pull.draft else "Pull Request is still a draft")
    missing = standing.obstacles(repository, pull)
    if missing:
        raise Refusal(405, missing[0])
    sha = _merge_commit(world, repository, pull, method, tree, _Merger(actor, message))
    pull.merged, pull.merged_by, pull.merge_commit, pull.auto_merge = world.now, actor, sha, None
    close(world, repository, pull, actor, event="merged")
    moved(world, repository, pull.base, sha, actor)
    if repository.delete_branch_on_merge and pull.fork is None and pull.branch in repository.branches:
        moved(world, repository, pull.branch, ABSENT, actor)
    return sha


def close(
    world: World, repository: Repository, issue: Issue, actor: Account, *, event: Literal["closed", "merged"] = "closed"
) -> None:
    """Close an issue or pull request."""
    issue.state, issue.closed, issue.closed_by, issue.updated = "closed", world.now, actor, world.now
    if isinstance(issue, Pull):
        issue.auto_merge = None
    note(world, issue, actor, event)
    if event == "merged":
        note(world, issue, actor, "closed")
    happenings.issue_changed(world, repository, issue, "closed", actor)


def reopen(world: World, repository: Repository, issue: Issue, actor: Account) -> None:
    """Open a closed issue or pull request again."""
    issue.state, issue.closed, issue.closed_by = "open", None, None
    if isinstance(issue, Pull) and issue.fork is None:
        issue.head, issue.base_sha = repository.branches[issue.branch], repository.branches[issue.base]
    note(world, issue, actor, "reopened")
    happenings.issue_changed(world, repository, issue, "reopened", actor)


def edit(world: World, repository: Repository, issue: Issue, actor: Account, *, title: str, body: str | None) -> None:
    """Give an issue or pull request another title or text."""
    before = {"title": issue.title, "body": issue.body}
    issue.title, issue.body, issue.updated = title, body, world.now
    if before != {"title": title, "body": body}:
        changes = happenings.edited(before, issue)
        happenings.issue_changed(world, repository, issue, "edited", actor, changes)


def say(world: World, repository: Repository, issue: Issue, actor: Account, body: str) -> Comment:
    """Comment on an issue or pull request."""
    now = world.now
    made = Comment(id=next(world.ids), author=actor, body=body, created=now, updated=now)
    issue.comments.append(made)
    issue.updated = now
    happenings.commented(world, repository, issue, made, "created", actor)
    return made


def note(world: World, issue: Issue, actor: Account, event: str) -> None:
    """Remember what somebody did."""
    issue.events.append(Event(id=next(world.ids), actor=actor, event=event, created=world.now))


def settle(world: World, repository: Repository) -> None:
    """Merge what was to merge by itself and may now."""
    for pull in list(repository.pulls.values()):
        waiting = pull.auto_merge if pull.state == "open" and not pull.draft else None
        if waiting and standing.mergeable(repository, pull) and not standing.obstacles(repository, pull):
            merge(world, repository, pull, waiting.method, waiting.enabled_by)


def signature_of(world: World, account: Account) -> Signature:
    """Return how GitHub signs for an account."""
    return Signature(name=account.login, email=address_of(account), date=world.now.isoformat())


def web_flow(world: World) -> Signature:
    """Return the committer of what GitHub itself writes."""
    return Signature(name="GitHub", email="noreply@github.com", date=world.now.isoformat())


@dataclass(frozen=True, slots=True)
class _Merger:
    actor: Account
    message: str


def _follow(world: World, repository: Repository, pull: Pull, sha: str, actor: Account) -> None:
    if sha == ABSENT:
        note(world, pull, actor, "head_ref_deleted")
        close(world, repository, pull, actor)
        return
    before, pull.head, pull.updated = pull.head, sha, world.now
    repository.git.update_ref(f"refs/pull/{pull.number}/head", sha)
    if before != sha:
        happenings.pull_changed(world, repository, pull, "synchronize", actor, {"before": before, "after": sha})
    base = repository.branches.get(pull.base)
    if base and repository.git.is_ancestor(sha, base):
        close(world, repository, pull, actor)


def _follow_base(world: World, repository: Repository, pull: Pull, sha: str, actor: Account) -> None:
    if repository.git.is_ancestor(pull.head, sha):
        # Somebody merged it by hand.
        pull.merged, pull.merged_by, pull.merge_commit = world.now, actor, sha
        close(world, repository, pull, actor, event="merged")
    else:
        pull.base_sha = sha


def _merge_commit(world: World, repository: Repository, pull: Pull, method: str, tree: str, merger: _Merger) -> str:
    base, git = repository.branches[pull.base], repository.git
    author, committer = signature_of(world, merger.actor), web_flow(world)
    if method == "rebase":
        return _replayed(world, repository, base, pull.head)
    parents = (base,) if method == "squash" else (base, pull.head)
    kind: Literal["squash", "merge"] = "squash" if method == "squash" else "merge"
    default = {
        "squash": f"{pull.title} (#{pull.number})",
        "merge": f"Merge pull request #{pull.number} from {repository.owner.login}/{pull.branch}\n\n{pull.title}",
    }[kind]
    sha = git.write_commit(tree, parents, merger.message or default, author, committer)
    repository.verified.add(sha)
    return sha


def _replayed(world: World, repository: Repository, base: str, head: str) -> str:
    """Return the commits of ``head`` made anew on ``base``: each with the tree that it has when merged with it."""
    git, tip = repository.git, base
    for commit in git.log(f"{base}..{head}", "--no-merges")[::-1]:
        tree = git.merged_tree(base, commit.sha) or commit.tree
        tip = git.write_commit(tree, (tip,), commit.message, commit.author, web_flow(world))
    return tip
