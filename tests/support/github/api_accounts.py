"""Who asks and what it may: users, organizations, Apps, installations and their tokens, the rate limit."""

from __future__ import annotations

from datetime import timedelta

from tests.support.github import render
from tests.support.github.api_repositories import REPOSITORY
from tests.support.github.messages import Json, Refusal, Response, not_found
from tests.support.github.routing import Call, covers, route
from tests.support.github.threads import Account
from tests.support.github.world import App, Installation, Meter, Repository, Token

_LIFETIME = timedelta(hours=1)
_MOST_CHOSEN = 500


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


@route("GET", "/app", "jwt")
def get_app(call: Call) -> Response:
    return Response(body=render.integration(call.world, _app(call)))


@route("GET", "/app/installations", "jwt")
def list_installations(call: Call) -> Response:
    return call.page([_installation(call, each) for each in _app(call).installations])


@route("GET", "/app/installations/{installation_id}", "jwt")
def get_installation(call: Call) -> Response:
    return Response(body=_installation(call, _installed(call)))


@route("GET", REPOSITORY + "/installation", "jwt")
def installation_of_repository(call: Call) -> Response:
    repository = call.world.find(f"{call.parameters['owner']}/{call.parameters['repo']}")
    if repository is None:
        raise not_found()
    for each in _app(call).installations:
        if covered(each, repository):
            return Response(body=_installation(call, each))
    raise not_found()


@route("GET", "/orgs/{org}/installation", "jwt")
def installation_of_organization(call: Call) -> Response:
    return _installation_of(call, call.parameters["org"])


@route("GET", "/users/{username}/installation", "jwt")
def installation_of_user(call: Call) -> Response:
    return _installation_of(call, call.parameters["username"])


@route("POST", "/app/installations/{installation_id}/access_tokens", "jwt")
def create_token(call: Call) -> Response:
    installation, fields = _installed(call), call.fields
    if installation.suspended:
        raise Refusal(403, "This installation has been suspended")
    wanted = fields.get("permissions") or installation.permissions
    whole = Token(value="", account=installation.app.bot, permissions=installation.permissions)
    if not all(whole.allows(name, level) for name, level in wanted.items()):
        raise Refusal(422, "The permissions requested are not granted to this installation.")
    chosen = _chosen(call, installation)
    token = Token(
        value=f"ghs_{next(call.world.ids):036d}",
        account=installation.app.bot,
        permissions={"metadata": "read", **wanted},
        repositories=chosen,
        expires=call.world.clock() + _LIFETIME,
        installation=installation,
        meter=installation.meter,
    )
    call.world.tokens[token.value] = token
    body = {
        "token": token.value,
        "expires_at": render.moment(call.world.clock() + _LIFETIME),
        "permissions": token.permissions,
        "repository_selection": "all" if chosen is None else "selected",
    }
    return Response(status=201, body=body)


@route("DELETE", "/installation/token")
def revoke_token(call: Call) -> Response:
    if call.token is None or call.token.installation is None:
        raise Refusal(401, "Requires authentication")
    del call.world.tokens[call.token.value]
    return Response(status=204)


@route("GET", "/installation/repositories", "metadata=read")
def list_repositories(call: Call) -> Response:
    token = call.token
    if token is None or token.installation is None:
        raise Refusal(
            403,
            "You must authenticate with an installation access token in order to list repositories.",
        )
    found = [each for each in call.world.repositories.values() if covers(token, each)]
    return call.page(
        [render.repository_in_list(call.world, each, token) for each in found],
        wrap=lambda shown, total: {"total_count": total, "repositories": shown},
    )


def _rate(token: Token | None) -> Json:
    meter = token.meter if token else Meter(limit=60)
    resets = int(meter.resets.timestamp()) if token else 0
    return {
        "limit": meter.limit,
        "used": meter.used,
        "remaining": max(meter.limit - meter.used, 0),
        "reset": resets,
    }


def _chosen(call: Call, installation: Installation) -> set[str] | None:
    """Return the repositories that a token is asked for, by name or id; None for all. Raises Refusal."""
    names, ids = call.fields.get("repositories"), call.fields.get("repository_ids")
    if names is None and ids is None:
        return installation.repositories
    if len(names or ()) + len(ids or ()) > _MOST_CHOSEN:
        raise Refusal(422, f"The number of repositories requested is over {_MOST_CHOSEN}.")
    by_id = {each.id: each for each in call.world.repositories.values()}
    known = [call.world.find(f"{installation.account.login}/{name}") for name in names or ()]
    known += [by_id.get(number) for number in ids or ()]
    chosen = {each.full_name for each in known if each and covered(installation, each)}
    if len(chosen) < len(known):
        raise Refusal(
            422, "There is at least one repository that does not exist or is not accessible to the parent installation."
        )
    return chosen


def covered(installation: Installation, repository: Repository) -> bool:
    """Whether an installation is one on a repository."""
    chosen = installation.repositories
    return installation.account == repository.owner and (chosen is None or repository.full_name in chosen)


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


def _app(call: Call) -> App:
    if call.app is None:
        raise Refusal(401, "A JSON web token could not be decoded")
    return call.app


def _installed(call: Call) -> Installation:
    wanted = call.number("installation_id")
    found = next((each for each in _app(call).installations if each.id == wanted), None)
    if found is None:
        raise not_found()
    return found


def _installation_of(call: Call, login: str) -> Response:
    for each in _app(call).installations:
        if each.account.login.lower() == login.lower():
            return Response(body=_installation(call, each))
    raise not_found()


def _installation(call: Call, value: Installation) -> Json:
    url = f"{call.world.api}/app/installations/{value.id}"
    return {
        "id": value.id,
        "account": render.user(call.world, value.account),
        "repository_selection": "all" if value.repositories is None else "selected",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{call.world.api}/installation/repositories",
        "html_url": f"{call.world.url}/settings/installations/{value.id}",
        "app_id": value.app.id,
        "app_slug": value.app.slug,
        "target_id": value.account.id,
        "target_type": value.account.kind,
        "permissions": value.permissions,
        "events": list(value.events),
        "created_at": render.moment(value.app.created),
        "updated_at": render.moment(value.app.created),
        "single_file_name": None,
        "suspended_by": None,
        "suspended_at": render.moment_or_none(value.suspended),
    }
