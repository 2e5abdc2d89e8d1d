"""Accounts, repositories, commits and the like, as GitHub's API shows them."""

from __future__ import annotations

import base64
from datetime import datetime
from urllib.parse import quote

from tests.support.github.grants import Token
from tests.support.github.messages import Json
from tests.support.github.threads import Account, Label, Reaction
from tests.support.github.world import Repository, World

_USER_LINKS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}
_REPOSITORY_LINKS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}
REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket")


def moment(when: datetime) -> str:
    """Return a time as GitHub writes it."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_or_none(when: datetime | None) -> str | None:
    """Return a time as GitHub writes it, None for none."""
    return moment(when) if when else None


def node(kind: str, number: int | str) -> str:
    """Return a node id: what GraphQL takes."""
    return f"{kind}_{number}"


def user(world: World, account: Account) -> Json:
    """Render a simple user."""
    login = quote(account.login)
    url = f"{world.api}/users/{login}"
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node("U", account.id),
        "avatar_url": f"{world.url}/avatars/{account.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{world.url}/{login}",
        "type": account.kind,
        "site_admin": False,
        **{name: url + rest for name, rest in _USER_LINKS.items()},
    }


def user_or_none(world: World, account: Account | None) -> Json | None:
    """Render a simple user, None for none."""
    return user(world, account) if account else None


def repository_url(world: World, repository: Repository) -> str:
    """Return the address of a repository in the API."""
    return f"{world.api}/repos/{repository.full_name}"


def html_url(world: World, repository: Repository) -> str:
    """Return the address of a repository for people."""
    return f"{world.url}/{repository.full_name}"


def minimal_repository(world: World, repository: Repository) -> Json:
    """Render what every list of repositories holds."""
    url = repository_url(world, repository)
    return {
        "id": repository.id,
        "node_id": node("R", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "owner": user(world, repository.owner),
        "private": repository.private,
        "html_url": html_url(world, repository),
        "description": None,
        "fork": repository.fork,
        "url": url,
        **{name: url + rest for name, rest in _REPOSITORY_LINKS.items()},
    }


def repository_in_list(world: World, repository: Repository, token: Token | None) -> Json:
    """Render a repository as lists show it, with its state."""
    opened = sum(issue.state == "open" for issue in repository.issues.values())
    return {
        **minimal_repository(world, repository),
        "git_url": html_url(world, repository) + ".git",
        "ssh_url": f"git@localhost:{repository.full_name}.git",
        "clone_url": html_url(world, repository) + ".git",
        "mirror_url": repository.mirror_url,
        "svn_url": html_url(world, repository),
        "homepage": None,
        "language": None,
        "forks_count": 0,
        "stargazers_count": 0,
        "watchers_count": 0,
        "size": 1 if repository.branches else 0,
        "default_branch": repository.default_branch,
        "open_issues_count": opened,
        "is_template": False,
        "topics": list(repository.topics),
        "has_issues": repository.has_issues,
        "has_projects": False,
        "has_wiki": False,
        "has_pages": False,
        "has_downloads": True,
        "has_discussions": False,
        "archived": repository.archived,
        "disabled": repository.disabled,
        "visibility": "private" if repository.private else "public",
        "pushed_at": moment(repository.created),
        "created_at": moment(repository.created),
        "updated_at": moment(repository.created),
        "permissions": permissions(repository, token),
        "license": None,
        "forks": 0,
        "open_issues": opened,
        "watchers": 0,
    }


def full_repository(world: World, repository: Repository, token: Token | None) -> Json:
    """Render one repository with its settings; those of merging only where the token may write."""
    shown = {
        **repository_in_list(world, repository, token),
        "subscribers_count": 0,
        "network_count": 0,
        "forks_count": 0,
        "temp_clone_token": None,
    }
    if shown["permissions"]["push"]:
        shown |= {
            "allow_auto_merge": repository.allow_auto_merge,
            "allow_merge_commit": repository.allow_merge_commit,
            "allow_squash_merge": repository.allow_squash_merge,
            "allow_rebase_merge": repository.allow_rebase_merge,
            "delete_branch_on_merge": repository.delete_branch_on_merge,
            "allow_update_branch": False,
        }
    return shown


def permissions(repository: Repository, token: Token | None) -> dict[str, bool]:
    """Return what the token may do, in the words of roles."""
    covered = token is not None and (token.repositories is None or repository.full_name in token.repositories)
    push = covered and token is not None and token.allows("contents", "write")
    admin = covered and token is not None and token.allows("administration", "write")
    return {"admin": admin, "maintain": admin, "push": push, "triage": push, "pull": True}


def label(world: World, repository: Repository, value: Label) -> Json:
    """Render a label."""
    return {
        "id": value.id,
        "node_id": node("LA", value.id),
        "url": f"{repository_url(world, repository)}/labels/{quote(value.name)}",
        "name": value.name,
        # GitHub says null here, against its own description of pull requests in lists.
        "description": value.description or "",
        "color": value.color,
        "default": False,
    }


def reaction(world: World, value: Reaction) -> Json:
    """Render a reaction."""
    return {
        "id": value.id,
        "node_id": node("REA", value.id),
        "user": user(world, value.author),
        "content": value.content,
        "created_at": moment(value.created),
    }


def reactions(url: str, values: list[Reaction]) -> Json:
    """Render how many there are of each kind."""
    counts = {kind: sum(value.content == kind for value in values) for kind in REACTIONS}
    return {"url": f"{url}/reactions", "total_count": len(values), **counts}


def encoded(content: bytes) -> str:
    """Return base64 in lines, as GitHub sends it."""
    return base64.encodebytes(content).decode()
