"""What an App asks as itself: what it is, where it is installed, and tokens for that."""

from __future__ import annotations

from datetime import timedelta

from tests.support.github import render, render_apps
from tests.support.github.api_repositories import REPOSITORY
from tests.support.github.grants import App, Installation, Token
from tests.support.github.messages import Refusal, Response, not_found
from tests.support.github.routing import Call, covers, route
from tests.support.github.world import Repository

_LIFETIME = timedelta(hours=1)
_MOST_CHOSEN = 500


@route("GET", "/app", "jwt")
def get_app(call: Call) -> Response:
    return Response(body=render_apps.integration(call.world, app_of(call)))


@route("GET", "/app/installations", "jwt")
def list_installations(call: Call) -> Response:
    return call.page([render_apps.installation(call.world, each) for each in app_of(call).installations])


@route("GET", "/app/installations/{installation_id}", "jwt")
def get_installation(call: Call) -> Response:
    return Response(body=render_apps.installation(call.world, _installed(call)))


@route("GET", REPOSITORY + "/installation", "jwt")
def installation_of_repository(call: Call) -> Response:
    repository = call.world.find(f"{call.parameters['owner']}/{call.parameters['repo']}")
    if repository is None:
        raise not_found()
    for each in app_of(call).installations:
        if covered(each, repository):
            return Response(body=render_apps.installation(call.world, each))
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
    return installation.covers(repository.owner, repository.full_name)


def app_of(call: Call) -> App:
    if call.app is None:
        raise Refusal(401, "A JSON web token could not be decoded")
    return call.app


def _installed(call: Call) -> Installation:
    wanted = call.number("installation_id")
    found = next((each for each in app_of(call).installations if each.id == wanted), None)
    if found is None:
        raise not_found()
    return found


def _installation_of(call: Call, login: str) -> Response:
    for each in app_of(call).installations:
        if each.account.login.lower() == login.lower():
            return Response(body=render_apps.installation(call.world, each))
    raise not_found()
