"""How pull requests and the checks of commits stand."""

from __future__ import annotations

from tests.support.github.threads import Pull
from tests.support.github.world import CheckRun, Repository

_GOOD = {"success", "neutral", "skipped"}


def latest_runs(repository: Repository, sha: str) -> list[CheckRun]:
    """Return the newest run of each name and App of a commit."""
    latest = {(run.name, run.app.id): run for run in repository.check_runs if run.sha == sha}
    return list(latest.values())


def states(repository: Repository, sha: str) -> dict[str, str]:
    """Return check or context → ``success``, ``failure`` or ``pending``, of a commit."""
    found = {}
    for run in latest_runs(repository, sha):
        done = "success" if run.conclusion in _GOOD else "failure"
        found[run.name] = done if run.status == "completed" else "pending"
    for status in repository.statuses:
        if status.sha == sha:
            found[status.context] = "failure" if status.state == "error" else status.state
    return found


def mergeable(repository: Repository, pull: Pull) -> bool | None:
    """Whether git can merge it; None once it is closed."""
    if pull.state == "closed":
        return None
    base = repository.branches.get(pull.base)
    return base is not None and repository.git.merged_tree(base, pull.head) is not None


def obstacles(repository: Repository, pull: Pull) -> list[str]:
    """Return what the protection of the base still asks."""
    protection = repository.protections.get(pull.base)
    if protection is None:
        return []
    seen = states(repository, pull.head)
    open_checks = [name for name in protection.contexts if seen.get(name) != "success"]
    approved = len({review.author.login for review in pull.reviews if review.state == "APPROVED"})
    missing = ["approving review"] if approved < protection.approvals else []
    if behind(repository, pull):
        missing.append("The head branch is not up to date with the base branch.")
    return [f'Required status check "{name}" is expected.' for name in open_checks] + missing


def behind(repository: Repository, pull: Pull) -> bool:
    """Whether the base asks for its newest commit, and the pull request does not hold it."""
    protection = repository.protections.get(pull.base)
    if protection is None or not protection.strict:
        return False
    return not repository.git.is_ancestor(repository.branches[pull.base], pull.head)


def mergeable_state(repository: Repository, pull: Pull) -> str:
    """Return GitHub's word for how a pull request stands."""
    if pull.state == "closed":
        return "unknown"
    if not mergeable(repository, pull):
        return "dirty"
    if pull.draft:
        return "draft"
    if behind(repository, pull):
        return "behind"
    if obstacles(repository, pull):
        return "blocked"
    return "unstable" if set(states(repository, pull.head).values()) - {"success"} else "clean"
