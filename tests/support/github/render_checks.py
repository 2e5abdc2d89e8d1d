"""Check runs and check suites, as GitHub's API and its webhooks show them."""

from __future__ import annotations

from tests.support.github import render, render_apps, standing
from tests.support.github.grants import App
from tests.support.github.messages import Json
from tests.support.github.world import CheckRun, Repository, World


def run(world: World, repository: Repository, value: CheckRun) -> Json:
    """Render a check value."""
    url = f"{render.repository_url(world, repository)}/check-runs/{value.id}"
    page = f"{render.html_url(world, repository)}/runs/{value.id}"
    return {
        "id": value.id,
        "name": value.name,
        "node_id": render.node("CR", value.id),
        "head_sha": value.sha,
        "external_id": value.external_id or "",
        "url": url,
        "html_url": page,
        "details_url": value.details_url or page,
        "status": value.status,
        "conclusion": value.conclusion,
        "started_at": render.moment_or_none(value.started),
        "completed_at": render.moment_or_none(value.completed),
        "output": {
            "title": value.title,
            "summary": value.summary,
            "text": value.text,
            "annotations_count": len(value.annotations),
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": value.suite},
        "app": _checker(world, value.app),
        "pull_requests": _pulls(world, repository, value.sha),
    }


def suite(world: World, repository: Repository, sha: str, app: int) -> Json:
    """Render an App's check suite of a commit."""
    number = repository.suites[sha, app]
    url = f"{render.repository_url(world, repository)}/check-suites/{number}"
    runs = [run for run in standing.latest_runs(repository, sha) if run.app.id == app]
    done = all(run.status == "completed" for run in runs)
    bad = next((run.conclusion for run in runs if run.conclusion not in {"success", "neutral", "skipped"}), "success")
    commit = repository.git.commit(sha)
    branch = next((name for name, tip in repository.branches.items() if tip == sha), None)
    return {
        "id": number,
        "node_id": render.node("CS", number),
        "head_branch": branch,
        "head_sha": sha,
        "status": "completed" if done else "in_progress",
        "conclusion": bad if done else None,
        "url": url,
        "before": commit.parents[0] if commit.parents else None,
        "after": sha,
        "pull_requests": _pulls(world, repository, sha),
        "app": _checker(world, world.apps[app]),
        "repository": render.minimal_repository(world, repository),
        "created_at": render.moment(world.now),
        "updated_at": render.moment(world.now),
        "head_commit": {
            "id": sha,
            "tree_id": commit.tree,
            "message": commit.message,
            "timestamp": commit.committer.date,
            "author": {"name": commit.author.name, "email": commit.author.email},
            "committer": {"name": commit.committer.name, "email": commit.committer.email},
        },
        "latest_check_runs_count": len(runs),
        "check_runs_url": f"{url}/check-runs",
    }


def _pulls(world: World, repository: Repository, sha: str) -> list[Json]:
    """Render the open pull requests of a commit: those of branches of the repository itself."""
    url = render.repository_url(world, repository)
    whose = {"id": repository.id, "url": url, "name": repository.name}
    return [
        {
            "id": pull.id,
            "number": pull.number,
            "url": f"{url}/pulls/{pull.number}",
            "head": {"ref": pull.branch, "sha": pull.head, "repo": whose},
            "base": {"ref": pull.base, "sha": pull.base_sha, "repo": whose},
        }
        for pull in repository.pulls.values()
        if pull.state == "open" and pull.fork is None and pull.head == sha
    ]


def _checker(world: World, app: App) -> Json:
    # Of events, GitHub's description of a check's App lists those that there were when it was written.
    shown = render_apps.integration(world, app)
    return {**shown, "events": [event for event in shown["events"] if event != "installation_target"]}
