"""What people who signed in to an App see through it, and the secrets of an App made from a manifest."""

from __future__ import annotations

from tests.support.github import render, render_apps
from tests.support.github.api_apps import covered
from tests.support.github.grants import App, Installation
from tests.support.github.messages import Refusal, Response, not_found
from tests.support.github.routing import Call, route
from tests.support.github.world import Repository


@route("POST", "/app-manifests/{code}/conversions")
def convert_manifest(call: Call) -> Response:
    found = call.world.registrations.pop(call.parameters["code"], None)
    if found is None or found.ends <= call.world.clock():
        raise not_found()
    secrets = {
        "client_secret": found.app.client_secret,
        "webhook_secret": found.app.hook_secret or None,
        "pem": found.app.private_key,
    }
    return Response(status=201, body={**render_apps.integration(call.world, found.app), **secrets})


@route("GET", "/user/installations")
def installations_of_person(call: Call) -> Response:
    found = [render_apps.installation(call.world, each) for each in _app(call).installations if _shared(call, each)]
    return call.page(found, wrap=lambda shown, total: {"total_count": total, "installations": shown})


@route("GET", "/user/installations/{installation_id}/repositories")
def repositories_of_person(call: Call) -> Response:
    wanted = call.number("installation_id")
    found = [each for each in _app(call).installations if each.id == wanted and _shared(call, each)]
    if not found:
        raise not_found()
    if found[0].suspended:
        raise Refusal(403, "This installation has been suspended")
    listed = [render.repository_in_list(call.world, each, call.token) for each in _shared(call, found[0])]
    return call.page(listed, wrap=lambda shown, total: {"total_count": total, "repositories": shown})


def _app(call: Call) -> App:
    """Return the App that the person signed in to."""
    if call.token is None or call.token.app is None:
        raise Refusal(403, "You must authenticate with an access token authorized to a GitHub App")
    return call.token.app


def _shared(call: Call, installation: Installation) -> list[Repository]:
    """Return the repositories that both the person and the App have access to."""
    world = call.world
    return [
        each
        for each in world.repositories.values()
        if covered(installation, each) and world.has_access(call.actor, each)
    ]
