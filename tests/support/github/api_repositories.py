"""Repositories, branches, commits, comparisons, rules."""

from __future__ import annotations

from urllib.parse import quote

from tests.support.github import render, render_commits
from tests.support.github.git_store import CommitObject
from tests.support.github.messages import Json, Refusal, Response, not_found
from tests.support.github.routing import Call, covers, route, visible
from tests.support.github.world import Repository

_LETTERS = {"A": "added", "M": "modified", "D": "removed", "T": "changed"}
REPOSITORY = "/repos/{owner}/{repo}"


@route("GET", REPOSITORY, "metadata=read")
def get_repository(call: Call) -> Response:
    return Response(body=render.full_repository(call.world, call.repository, call.token))


@route("GET", "/orgs/{org}/repos", "metadata=read")
def list_of_organization(call: Call) -> Response:
    return _listed(call, call.parameters["org"])


@route("GET", "/users/{username}/repos", "metadata=read")
def list_of_user(call: Call) -> Response:
    return _listed(call, call.parameters["username"])


@route("GET", "/user/repos", "metadata=read")
def list_of_token(call: Call) -> Response:
    actor, token = call.actor, call.token
    found = [
        each
        for each in call.world.repositories.values()
        if token and covers(token, each) and (each.owner == actor or actor.login in each.collaborators)
    ]
    return call.page([render.repository_in_list(call.world, each, token) for each in found])


@route("GET", REPOSITORY + "/commits", "contents=read")
def list_commits(call: Call) -> Response:
    repository = call.repository
    if not repository.branches:
        raise Refusal(409, "Git Repository is empty.")
    sha = repository.git.resolve(call.request.query.get("sha") or repository.default_branch)
    if sha is None:
        raise not_found()
    path = call.request.query.get("path")
    commits = repository.git.log(sha, *(("--", path) if path else ()))
    return call.page([render_commits.full_commit(call.world, repository, commit) for commit in commits])


@route("GET", REPOSITORY + "/commits/{ref}", "contents=read")
def get_commit(call: Call) -> Response:
    repository = call.repository
    commit = _commit(repository, call.parameters["ref"])
    files = _files(call, repository, commit.parents[0] if commit.parents else None, commit.sha)
    shown = render_commits.full_commit(call.world, repository, commit)
    added, gone = (sum(each[key] for each in files) for key in ("additions", "deletions"))
    shown["stats"] = {"additions": added, "deletions": gone, "total": added + gone}
    return Response(body={**shown, "files": files})


@route("GET", REPOSITORY + "/compare/{basehead}", "contents=read")
def compare(call: Call) -> Response:
    repository = call.repository
    base_name, dots, head_name = call.parameters["basehead"].partition("...")
    base, head = (repository.git.resolve(name.rpartition(":")[2]) for name in (base_name, head_name))
    if not dots or base is None or head is None:
        raise not_found()
    merge_base = repository.git.attempt("merge-base", base, head).stdout.decode().strip()
    if not merge_base:
        raise Refusal(404, f"No common ancestor between {base_name} and {head_name}.")
    ahead = repository.git.log(f"{base}..{head}")[::-1]
    behind = len(repository.git.log(f"{head}..{base}"))
    status = {(True, True): "diverged", (True, False): "ahead", (False, True): "behind"}
    url = f"{render.repository_url(call.world, repository)}/compare/{base_name}...{head_name}"
    web = f"{render.html_url(call.world, repository)}/compare/{base_name}...{head_name}"
    page = call.page([render_commits.full_commit(call.world, repository, commit) for commit in ahead])
    body = {
        "url": url,
        "html_url": web,
        "permalink_url": web,
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        "base_commit": render_commits.full_commit(call.world, repository, repository.git.commit(base)),
        "merge_base_commit": render_commits.full_commit(call.world, repository, repository.git.commit(merge_base)),
        "status": status.get((bool(ahead), bool(behind)), "identical"),
        "ahead_by": len(ahead),
        "behind_by": behind,
        "total_commits": len(ahead),
        "commits": page.body,
        "files": _files(call, repository, merge_base, head),
    }
    return Response(body=body, headers=page.headers)


@route("GET", REPOSITORY + "/tags", "metadata=read")
def list_tags(call: Call) -> Response:
    repository = call.repository
    url = render.repository_url(call.world, repository)
    tags = [ref.removeprefix("refs/tags/") for ref in repository.git.refs("refs/tags/")]
    shown = []
    for name in reversed(tags):
        sha = repository.git.resolve(f"refs/tags/{name}")
        shown.append(
            {
                "name": name,
                "zipball_url": f"{url}/zipball/refs/tags/{name}",
                "tarball_url": f"{url}/tarball/refs/tags/{name}",
                "commit": {"sha": sha, "url": f"{url}/commits/{sha}"},
                "node_id": render.node("REF", name),
            }
        )
    return call.page(shown)


@route("GET", REPOSITORY + "/collaborators/{username}/permission", "metadata=read")
def get_role(call: Call) -> Response:
    repository, login = call.repository, call.parameters["username"]
    account = call.world.accounts.get(login.lower())
    if account is None:
        raise not_found()
    role = "admin" if account == repository.owner else repository.collaborators.get(account.login, "read")
    known = {"maintain": "write", "triage": "read"}
    shown = {**render.user(call.world, account), "permissions": _roles(role), "role_name": role}
    return Response(body={"permission": known.get(role, role), "role_name": role, "user": shown})


def changed_files(call: Call, repository: Repository, older: str, newer: str) -> list[Json]:
    """Return the files that differ between two commits."""
    return _files(call, repository, older, newer)


def _listed(call: Call, login: str) -> Response:
    owner = call.world.accounts.get(login.lower())
    if owner is None:
        raise not_found()
    found = [
        each
        for each in call.world.repositories.values()
        if each.owner == owner and visible(each, call.token) and _asked_for(each, call.request.query.get("type"))
    ]
    return call.page([render.repository_in_list(call.world, each, call.token) for each in found])


def _asked_for(repository: Repository, kind: str | None) -> bool:
    wanted = {
        "public": not repository.private,
        "private": repository.private,
        "forks": repository.fork,
        "sources": not repository.fork,
    }
    return wanted.get(kind or "all", True)


def _commit(repository: Repository, name: str) -> CommitObject:
    if not repository.branches:
        raise Refusal(409, "Git Repository is empty.")
    sha = repository.git.resolve(name)
    if sha is None:
        raise Refusal(422, f"No commit found for SHA: {name}")
    return repository.git.commit(sha)


def _files(call: Call, repository: Repository, older: str | None, newer: str) -> list[Json]:
    if older is None:
        older = repository.git.run("hash-object", "-t", "tree", "-w", "--stdin").decode().strip()
    url, web = render.repository_url(call.world, repository), render.html_url(call.world, repository)
    shown = []
    for letter, added, gone, path in repository.git.changes(older, newer):
        entry = repository.git.entry(newer if letter != "D" else older, path)
        place = quote(path)
        shown.append(
            {
                "sha": entry.sha if entry else None,
                "filename": path,
                "status": _LETTERS.get(letter, "changed"),
                "additions": added,
                "deletions": gone,
                "changes": added + gone,
                "blob_url": f"{web}/blob/{newer}/{place}",
                "raw_url": f"{web}/raw/{newer}/{place}",
                "contents_url": f"{url}/contents/{place}?ref={newer}",
            }
        )
    return shown


def _roles(role: str) -> dict[str, bool]:
    order = ("read", "triage", "write", "maintain", "admin")
    names = ("pull", "triage", "push", "maintain", "admin")
    return {name: order.index(role) >= rank for rank, name in enumerate(names)}
