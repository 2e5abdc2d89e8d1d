"""What webhooks hold: mostly what the API shows, with fields more and fields less."""

from __future__ import annotations

from tests.support.github import render, render_checks, render_issues
from tests.support.github.git_store import ABSENT, CommitObject, Signature
from tests.support.github.grants import App, Installation
from tests.support.github.messages import Json
from tests.support.github.render_commits import owner_of
from tests.support.github.threads import Account, Comment, Issue, Pull
from tests.support.github.world import CheckRun, Happening, Repository, World

_MOST_COMMITS = 2048
_LETTERS = {"A": "added", "M": "modified", "T": "modified", "D": "removed"}


def payload(world: World, happening: Happening, installation: Installation | None) -> Json:
    """Return the whole payload, as one installation is told of it."""
    repository, event = happening.repository, happening.event
    shown = dict(happening.fields)
    if happening.action:
        shown["action"] = happening.action
    if repository is not None:
        shown["repository"] = pushed_repository(world, repository) if event == "push" else of(world, repository)
        if repository.owner.kind == "Organization":
            shown["organization"] = organization(world, repository.owner)
    if installation is not None and "installation" not in shown:
        shown["installation"] = {"id": installation.id, "node_id": render.node("MDIz", installation.id)}
    if event != "ping":
        shown["sender"] = render.user(world, happening.sender)
    return shown


def of(world: World, repository: Repository) -> Json:
    """Render the repository that it happened in."""
    shown = render.repository_in_list(world, repository, None)
    kept = {name: value for name, value in shown.items() if name != "permissions"}
    return {**kept, "allow_forking": True, "custom_properties": {}, "web_commit_signoff_required": False}


def pushed_repository(world: World, repository: Repository) -> Json:
    """Render the repository of a push, whose dates are numbers, and whose owner has other fields."""
    created = int(repository.created.timestamp())
    owner = repository.owner
    return {
        **of(world, repository),
        "created_at": created,
        "pushed_at": int(world.now.timestamp()),
        "stargazers": 0,
        "master_branch": repository.default_branch,
        "owner": {**render.user(world, owner), "name": owner.login, "email": None},
        **({"organization": owner.login} if owner.kind == "Organization" else {}),
    }


def short_repository(repository: Repository) -> Json:
    """Render a repository as what is told of installations lists them."""
    return {
        "id": repository.id,
        "node_id": render.node("R", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
    }


def organization(world: World, account: Account) -> Json:
    """Render an organization."""
    url = f"{world.api}/orgs/{account.login}"
    return {
        "login": account.login,
        "id": account.id,
        "node_id": render.node("O", account.id),
        "url": url,
        **{f"{name}_url": f"{url}/{name}" for name in ("repos", "events", "hooks", "issues")},
        "members_url": url + "/members{/member}",
        "public_members_url": url + "/public_members{/member}",
        "avatar_url": f"{world.url}/avatars/{account.id}",
        "description": None,
    }


def push(world: World, repository: Repository, ref: str, moved: tuple[str, str], sender: Account) -> Json:
    """Render that a ref was moved from one commit to another; ABSENT stands for none."""
    before, after = moved
    git = repository.git
    created, deleted = before == ABSENT, after == ABSENT
    forced = not created and not deleted and not git.is_ancestor(before, after)
    revisions = [after, *([] if created else [f"^{before}"])]
    # A tag, or a new branch, brings no commits that were not there.
    listed = [] if deleted or created else git.log(f"--max-count={_MOST_COMMITS}", *revisions)[::-1]
    newest = git.peel(after) if not deleted else None
    web = render.html_url(world, repository)
    short = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    compared = f"{before[:12]}...{after[:12]}"
    return {
        "ref": ref,
        "before": before,
        "after": after,
        "base_ref": None,
        "created": created,
        "deleted": deleted,
        "forced": forced,
        "compare": f"{web}/compare/{short if created else compared}",
        "commits": [_pushed_commit(world, repository, commit) for commit in listed],
        "head_commit": _pushed_commit(world, repository, git.commit(newest)) if newest else None,
        "pusher": {"name": sender.login, "email": f"{sender.login}@example.com"},
    }


def _pushed_commit(world: World, repository: Repository, commit: CommitObject) -> Json:
    files: dict[str, list[str]] = {"added": [], "modified": [], "removed": []}
    if len(commit.parents) == 1:
        for letter, _more, _less, path in repository.git.changes(commit.parents[0], commit.sha):
            files[_LETTERS[letter]].append(path)
    return {
        "id": commit.sha,
        "tree_id": commit.tree,
        "distinct": True,
        "message": commit.message,
        "timestamp": commit.committer.date,
        "url": f"{render.html_url(world, repository)}/commit/{commit.sha}",
        "author": _who(world, commit.author),
        "committer": _who(world, commit.committer),
        **files,
    }


def _who(world: World, value: Signature) -> Json:
    account = owner_of(world, value.email)
    return {"name": value.name, "email": value.email, **({"username": account.login} if account else {})}


def issue(world: World, repository: Repository, value: Issue) -> Json:
    """Render an issue, or a pull request as an issue."""
    shown = render_issues.issue(world, repository, value)
    closer = shown.pop("closed_by")
    reason = "completed" if closer else None
    return {
        **shown,
        "active_lock_reason": None,
        "performed_via_github_app": None,
        "state_reason": reason,
        "timeline_url": f"{shown['url']}/timeline",
    }


def pull(world: World, repository: Repository, value: Pull) -> Json:
    """Render a pull request."""
    return {**render_issues.pull(world, repository, value), "active_lock_reason": None}


def comment(world: World, repository: Repository, parent: Issue, value: Comment) -> Json:
    """Render a comment."""
    return {**render_issues.comment(world, repository, parent, value), "performed_via_github_app": None}


def check_run(world: World, repository: Repository, value: CheckRun) -> Json:
    """Render a check run, with its suite."""
    suite = render_checks.suite(world, repository, value.sha, value.app.id)
    kept = ("id", "node_id", "head_branch", "head_sha", "status", "conclusion", "url", "before", "after")
    more = ("pull_requests", "app", "created_at", "updated_at")
    shown = {name: suite[name] for name in (*kept, *more)}
    return {**render_checks.run(world, repository, value), "check_suite": shown}


def check_suite(world: World, repository: Repository, sha: str, app: int) -> Json:
    """Render a check suite that an App is to work on."""
    suite = render_checks.suite(world, repository, sha, app)
    kept = {name: value for name, value in suite.items() if name != "repository"}
    if not suite["latest_check_runs_count"]:
        kept |= {"status": "queued", "conclusion": None}
    return {**kept, "rerequestable": True, "runs_rerequestable": True}


def ping(world: World, app: App) -> Json:
    """Render what a new hook is told."""
    return {
        "zen": "Keep it logically awesome.",
        "hook_id": app.id,
        "hook": {
            "type": "App",
            "id": app.id,
            "name": "web",
            "active": True,
            "events": list(app.events),
            "config": {"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": app.hook_url},
            "created_at": render.moment(app.created),
            "updated_at": render.moment(world.now),
            "app_id": app.id,
            "deliveries_url": f"{world.api}/app/hook/deliveries",
        },
    }
