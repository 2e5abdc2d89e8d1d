"""Branches, and what they ask before a merge."""

from __future__ import annotations

from tests.support.github import render, render_commits
from tests.support.github.api_repositories import REPOSITORY
from tests.support.github.messages import Json, Refusal, Response
from tests.support.github.routing import Call, route
from tests.support.github.world import Protection, Repository


@route("GET", REPOSITORY + "/branches", "contents=read")
def list_branches(call: Call) -> Response:
    repository = call.repository
    shown = [
        {
            "name": name,
            "commit": {"sha": sha, "url": f"{render.repository_url(call.world, repository)}/commits/{sha}"},
            "protected": name in repository.protections,
        }
        for name, sha in repository.branches.items()
    ]
    wanted = call.request.query.get("protected")
    return call.page([each for each in shown if wanted is None or each["protected"] == (wanted == "true")])


@route("GET", REPOSITORY + "/branches/{branch}", "contents=read")
def get_branch(call: Call) -> Response:
    repository, name = call.repository, call.parameters["branch"]
    sha = repository.branches.get(name)
    if sha is None:
        raise Refusal(404, "Branch not found")
    url = f"{render.repository_url(call.world, repository)}/branches/{name}"
    protection = repository.protections.get(name)
    contexts = list(protection.contexts) if protection else []
    return Response(
        body={
            "name": name,
            "commit": render_commits.full_commit(call.world, repository, repository.git.commit(sha)),
            "_links": {"self": url, "html": f"{render.html_url(call.world, repository)}/tree/{name}"},
            "protected": protection is not None,
            "protection": {
                "enabled": protection is not None,
                "required_status_checks": {
                    "enforcement_level": "non_admins" if contexts else "off",
                    "contexts": contexts,
                    "checks": [{"context": each, "app_id": None} for each in contexts],
                },
            },
            "protection_url": f"{url}/protection",
        }
    )


@route("GET", REPOSITORY + "/branches/{branch}/protection", "administration=read")
def get_protection(call: Call) -> Response:
    protection, url = _protection(call)
    shown: Json = {"url": url, "enforce_admins": {"url": f"{url}/enforce_admins", "enabled": True}}
    if protection.contexts:
        shown["required_status_checks"] = _required_checks(protection, url)
    if protection.approvals:
        shown["required_pull_request_reviews"] = {
            "url": f"{url}/required_pull_request_reviews",
            "dismiss_stale_reviews": False,
            "require_code_owner_reviews": False,
            "required_approving_review_count": protection.approvals,
        }
    return Response(body=shown)


@route("GET", REPOSITORY + "/branches/{branch}/protection/required_status_checks", "administration=read")
def get_required_checks(call: Call) -> Response:
    protection, url = _protection(call)
    if not protection.contexts:
        raise Refusal(404, "Required status checks not enabled")
    return Response(body=_required_checks(protection, url))


@route("GET", REPOSITORY + "/rules/branches/{branch}", "metadata=read")
def list_rules(call: Call) -> Response:
    repository = call.repository
    return call.page(_rules(repository, repository.protections.get(call.parameters["branch"], Protection())))


def _protection(call: Call) -> tuple[Protection, str]:
    repository, name = call.repository, call.parameters["branch"]
    found = repository.protections.get(name)
    if found is None:
        raise Refusal(404, "Branch not protected" if name in repository.branches else "Branch not found")
    return found, f"{render.repository_url(call.world, repository)}/branches/{name}/protection"


def _required_checks(protection: Protection, url: str) -> Json:
    return {
        "url": f"{url}/required_status_checks",
        "contexts_url": f"{url}/required_status_checks/contexts",
        "strict": protection.strict,
        "contexts": list(protection.contexts),
        "checks": [{"context": each, "app_id": None} for each in protection.contexts],
    }


def _rules(repository: Repository, protection: Protection) -> list[Json]:
    source = {"ruleset_source_type": "Repository", "ruleset_source": repository.full_name, "ruleset_id": 1}
    rules: list[Json] = []
    if protection.contexts:
        checks = [{"context": each} for each in protection.contexts]
        parameters: Json = {
            "required_status_checks": checks,
            "strict_required_status_checks_policy": protection.strict,
        }
        rules.append({"type": "required_status_checks", "parameters": parameters, **source})
    if protection.approvals:
        parameters = {
            "required_approving_review_count": protection.approvals,
            "dismiss_stale_reviews_on_push": False,
            "require_code_owner_review": False,
            "require_last_push_approval": False,
            "required_review_thread_resolution": False,
        }
        rules.append({"type": "pull_request", "parameters": parameters, **source})
    return rules
