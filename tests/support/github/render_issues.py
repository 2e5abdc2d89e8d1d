"""Issues, pull requests and their comments, as GitHub's API shows them."""

from __future__ import annotations

from dataclasses import replace

from tests.support.github import render, standing
from tests.support.github.messages import Json
from tests.support.github.threads import Comment, Event, Issue, Label, Pull
from tests.support.github.world import Repository, World


def issue(world: World, repository: Repository, value: Issue) -> Json:
    """Render an issue, or a pull request as an issue."""
    url = f"{render.repository_url(world, repository)}/issues/{value.number}"
    kind = "pull" if isinstance(value, Pull) else "issues"
    assignees = [render.user(world, world.account(login)) for login in value.assignees]
    shown = {
        "id": value.id,
        "node_id": render.node("PR" if kind == "pull" else "I", value.id),
        "url": url,
        "repository_url": render.repository_url(world, repository),
        "labels_url": url + "/labels{/name}",
        "comments_url": url + "/comments",
        "events_url": url + "/events",
        "html_url": f"{render.html_url(world, repository)}/{kind}/{value.number}",
        "number": value.number,
        "state": value.state,
        "title": value.title,
        "body": value.body,
        "user": render.user(world, value.author),
        "labels": labels(world, repository, value),
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "milestone": None,
        "locked": value.locked,
        "comments": len(value.comments),
        "closed_at": render.moment_or_none(value.closed),
        "closed_by": render.user_or_none(world, value.closed_by),
        "created_at": render.moment(value.created),
        "updated_at": render.moment(value.updated),
        "author_association": association(repository, value),
        "reactions": render.reactions(url, value.reactions),
    }
    if isinstance(value, Pull):
        shown["draft"] = value.draft
        shown["pull_request"] = {
            "url": f"{render.repository_url(world, repository)}/pulls/{value.number}",
            "html_url": shown["html_url"],
            "diff_url": f"{shown['html_url']}.diff",
            "patch_url": f"{shown['html_url']}.patch",
            "merged_at": render.moment_or_none(value.merged),
        }
    return shown


def labels(world: World, repository: Repository, value: Issue) -> list[Json]:
    """Render the labels of an issue."""
    known = repository.labels
    return [render.label(world, repository, known.get(name.lower()) or Label(id=0, name=name)) for name in value.labels]


def association(repository: Repository, value: Issue | Comment) -> str:
    """Return what the author is to the repository."""
    if value.author == repository.owner:
        return "OWNER"
    return "COLLABORATOR" if value.author.login in repository.collaborators else "NONE"


def comment(world: World, repository: Repository, parent: Issue, value: Comment) -> Json:
    """Render a comment."""
    url = f"{render.repository_url(world, repository)}/issues/comments/{value.id}"
    kind = "pull" if isinstance(parent, Pull) else "issues"
    return {
        "id": value.id,
        "node_id": render.node("IC", value.id),
        "url": url,
        "html_url": f"{render.html_url(world, repository)}/{kind}/{parent.number}#issuecomment-{value.id}",
        "issue_url": f"{render.repository_url(world, repository)}/issues/{parent.number}",
        "user": render.user(world, value.author),
        "body": value.body,
        "created_at": render.moment(value.created),
        "updated_at": render.moment(value.updated),
        "author_association": association(repository, value),
        "reactions": render.reactions(url, value.reactions),
    }


def event(world: World, repository: Repository, value: Event) -> Json:
    """Render what somebody did."""
    return {
        "id": value.id,
        "node_id": render.node("E", value.id),
        "url": f"{render.repository_url(world, repository)}/issues/events/{value.id}",
        "actor": render.user(world, value.actor),
        "event": value.event,
        "commit_id": None,
        "commit_url": None,
        "created_at": render.moment(value.created),
        "performed_via_github_app": None,
    }


def pull_in_list(world: World, repository: Repository, value: Pull) -> Json:
    """Render a pull request as lists show it."""
    url = render.repository_url(world, repository)
    own, as_issue = f"{url}/pulls/{value.number}", f"{url}/issues/{value.number}"
    web = f"{render.html_url(world, repository)}/pull/{value.number}"
    links = {
        "self": own,
        "html": web,
        "issue": as_issue,
        "comments": f"{as_issue}/comments",
        "review_comments": f"{own}/comments",
        "review_comment": f"{url}/pulls/comments{{/number}}",
        "commits": f"{own}/commits",
        "statuses": f"{url}/statuses/{value.head}",
    }
    assignees = [render.user(world, world.account(login)) for login in value.assignees]
    return {
        "url": own,
        "id": value.id,
        "node_id": render.node("PR", value.id),
        "html_url": web,
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        "issue_url": as_issue,
        "commits_url": links["commits"],
        "review_comments_url": links["review_comments"],
        "review_comment_url": links["review_comment"],
        "comments_url": links["comments"],
        "statuses_url": links["statuses"],
        "number": value.number,
        "state": value.state,
        "locked": False,
        "title": value.title,
        "user": render.user(world, value.author),
        "body": value.body,
        "labels": labels(world, repository, value),
        "milestone": None,
        "created_at": render.moment(value.created),
        "updated_at": render.moment(value.updated),
        "closed_at": render.moment_or_none(value.closed),
        "merged_at": render.moment_or_none(value.merged),
        "merge_commit_sha": value.merge_commit,
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "requested_reviewers": [render.user(world, world.account(login)) for login in value.reviewers],
        "requested_teams": [_team(world, repository, slug) for slug in value.teams],
        "head": _side(world, _head_repository(repository, value), value.branch, value.head),
        "base": _side(world, repository, value.base, value.base_sha),
        "_links": {name: {"href": address} for name, address in links.items()},
        "author_association": association(repository, value),
        "auto_merge": _auto_merge(world, value),
        "draft": value.draft,
    }


def pull(world: World, repository: Repository, value: Pull) -> Json:
    """Render one pull request, with what only a single one shows."""
    git = repository.git
    fork_point = git.attempt("merge-base", value.base_sha, value.head).stdout.decode().strip() or value.base_sha
    changes = git.changes(fork_point, value.head)
    in_list = pull_in_list(world, repository, value)
    teams = [{name: each[name] for name in each if name != "parent"} for each in in_list["requested_teams"]]
    return {
        **in_list,
        "requested_teams": teams,
        "merged": value.merged is not None,
        "mergeable": standing.mergeable(repository, value),
        "rebaseable": standing.mergeable(repository, value),
        "mergeable_state": standing.mergeable_state(repository, value),
        "merged_by": render.user_or_none(world, value.merged_by),
        "comments": len(value.comments),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": len(git.log(f"{fork_point}..{value.head}")),
        "additions": sum(added for _, added, _, _ in changes),
        "deletions": sum(gone for _, _, gone, _ in changes),
        "changed_files": len(changes),
    }


def _head_repository(repository: Repository, value: Pull) -> Repository:
    if value.fork is None:
        return repository
    return replace(repository, id=repository.id + value.fork.id, owner=value.fork, fork=True)


def _side(world: World, repository: Repository, branch: str, sha: str) -> Json:
    return {
        "label": f"{repository.owner.login}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": render.user(world, repository.owner),
        "repo": render.repository_in_list(world, repository, None),
    }


def _auto_merge(world: World, value: Pull) -> Json | None:
    if value.auto_merge is None:
        return None
    return {
        "enabled_by": render.user(world, value.auto_merge.enabled_by),
        "merge_method": value.auto_merge.method,
        "commit_title": value.title,
        "commit_message": value.body or "",
    }


def _team(world: World, repository: Repository, slug: str) -> Json:
    url = f"{world.api}/organizations/{repository.owner.id}/team/{slug}"
    return {
        "id": repository.id * 1000 + sorted(repository.teams).index(slug),
        "node_id": render.node("T", slug),
        "url": url,
        "members_url": url + "/members{/member}",
        "name": slug,
        "description": None,
        "permission": "push",
        "privacy": "closed",
        "html_url": f"{world.url}/orgs/{repository.owner.login}/teams/{slug}",
        "repositories_url": url + "/repos",
        "slug": slug,
        "parent": None,
        "type": "organization",
        "organization_id": repository.owner.id,
    }
