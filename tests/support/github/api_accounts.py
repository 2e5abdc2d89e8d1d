"""Users, organizations, and the rate limit."""

from __future__ import annotations

from tests.support.github import render
from tests.support.github.grants import Meter, Token
from tests.support.github.messages import Json, Refusal, Response, not_found
from tests.support.github.routing import Call, route
from tests.support.github.threads import Account


@route("GET", "/user")
def get_own_user(call: Call) -> Response:
    if call.actor.kind == "Bot":
        raise Refusal(403, "Resource not accessible by integration")
    return Response(body=_public_user(call, call.actor))


@route("GET", "/users/{username}")
def get_user(call: Call) -> Response:
    return Response(body=_public_user(call, _account(call, call.parameters["username"])))


@route("GET", "/orgs/{org}")
def get_organization(call: Call) -> Response:
    account = _account(call, call.parameters["org"])
    if account.kind != "Organization":
        raise not_found()
    url = f"{call.world.api}/orgs/{account.login}"
    links = ("repos", "events", "hooks", "issues")
    return Response(
        body={
            "login": account.login,
            "id": account.id,
            "node_id": render.node("O", account.id),
            "url": url,
            **{f"{name}_url": f"{url}/{name}" for name in links},
            "members_url": url + "/members{/member}",
            "public_members_url": url + "/public_members{/member}",
            "avatar_url": f"{call.world.url}/avatars/{account.id}",
            "description": None,
            "has_organization_projects": False,
            "has_repository_projects": False,
            "public_repos": _owned(call, account),
            "public_gists": 0,
            "followers": 0,
            "following": 0,
            "html_url": f"{call.world.url}/{account.login}",
            "type": "Organization",
            "created_at": render.moment(call.world.now),
            "updated_at": render.moment(call.world.now),
            "archived_at": None,
        }
    )


@route("GET", "/rate_limit")
def get_rate_limit(call: Call) -> Response:
    rate = _rate(call.token)
    return Response(body={"resources": {"core": rate, "search": rate, "graphql": rate}, "rate": rate})


def _rate(token: Token | None) -> Json:
    meter = token.meter if token else Meter(limit=60)
    resets = int(meter.resets.timestamp()) if token else 0
    return {
        "limit": meter.limit,
        "used": meter.used,
        "remaining": max(meter.limit - meter.used, 0),
        "reset": resets,
    }


def _account(call: Call, login: str) -> Account:
    found = call.world.accounts.get(login.lower())
    if found is None:
        raise not_found()
    return found


def _owned(call: Call, account: Account) -> int:
    return sum(each.owner == account and not each.private for each in call.world.repositories.values())


def _public_user(call: Call, account: Account) -> Json:
    nothing = ("company", "location", "email", "hireable", "bio")
    return {
        **render.user(call.world, account),
        **dict.fromkeys(nothing),
        "name": account.login,
        "blog": "",
        "public_repos": _owned(call, account),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": render.moment(call.world.now),
        "updated_at": render.moment(call.world.now),
    }
