"""Apps and installations, as GitHub's API and its webhooks show them."""

from __future__ import annotations

from tests.support.github import render
from tests.support.github.grants import App, Installation
from tests.support.github.messages import Json
from tests.support.github.world import World


def integration(world: World, app: App) -> Json:
    """Render an App."""
    return {
        "id": app.id,
        "slug": app.slug,
        "node_id": render.node("A", app.id),
        "client_id": app.client_id,
        "owner": render.user(world, app.owner),
        "name": app.name or app.slug,
        "description": None,
        "external_url": "https://example.org",
        "html_url": f"{world.url}/apps/{app.slug}",
        "created_at": render.moment(app.created),
        "updated_at": render.moment(app.created),
        "permissions": dict(app.permissions),
        "events": list(app.events),
    }


def installation(world: World, value: Installation) -> Json:
    """Render an installation."""
    url = f"{world.api}/app/installations/{value.id}"
    return {
        "id": value.id,
        "account": render.user(world, value.account),
        "repository_selection": "all" if value.repositories is None else "selected",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{world.api}/installation/repositories",
        "html_url": f"{world.url}/settings/installations/{value.id}",
        "app_id": value.app.id,
        "app_slug": value.app.slug,
        "target_id": value.account.id,
        "target_type": value.account.kind,
        "permissions": value.permissions,
        "events": list(value.events),
        "created_at": render.moment(value.app.created),
        "updated_at": render.moment(value.app.created),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": render.user(world, value.account) if value.suspended else None,
        "suspended_at": render.moment_or_none(value.suspended),
    }
