"""Taking over a new App: its secrets are fetched, which works once, and written where the service finds them."""

from __future__ import annotations

from analyzers.errors import UsageError
from bot.github.app_objects import AppInfo
from bot.github.auth import checked_app
from bot.github.errors import UnreachableError
from bot.github.manifest import AppSecrets, convert
from bot.github.session import Settings as GitHub
from bot.service.secrets import Keyring, Secrets


def register(keyring: Keyring, github: GitHub, code: str) -> AppInfo:
    """Return the App that GitHub made for a code, when its secrets are written. Raises HostError, ConfigError."""
    made = convert(github.address, code, github)
    keyring.register(_secrets(made))
    return made.app


def install_url(github: GitHub, app: AppInfo) -> str:
    """Return GitHub's page that installs an App."""
    web = github.address.web
    where = "apps" if github.address.is_public else "github-apps"
    page = app.html_url if app.html_url.startswith(f"{web}/") else f"{web}/{where}/{app.slug}"
    return f"{page}/installations/new"


def _secrets(made: AppSecrets) -> Secrets:
    if not made.webhook_secret:
        raise UnreachableError("GitHub made the App without a secret for its webhooks: delete it there, and begin anew")
    try:
        app = checked_app(str(made.app.id), made.private_key)
    except UsageError as error:
        raise UnreachableError(f"what GitHub told of the new App cannot be used: {error}") from None
    return Secrets(
        app=app,
        client_id=made.app.client_id,
        client_secret=made.client_secret,
        webhook=(made.webhook_secret,),
    )
