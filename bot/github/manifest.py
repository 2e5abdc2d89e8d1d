"""The App manifest flow: GitHub makes an App from a manifest, and tells its secrets once, for a code.

https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from analyzers.errors import UsageError
from bot.github import app_reading
from bot.github.address import Address
from bot.github.app_objects import AppInfo
from bot.github.errors import LostAnswerError, NotThereError
from bot.github.reading import text
from bot.github.session import Settings
from bot.github.translate import translated
from bot.github.unnamed import asking_unnamed

_CODE = re.compile(r"[A-Za-z0-9_-]{1,200}")
_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSecrets:
    """A new App, and what only GitHub and its owner know. The repr shows none of it.

    `webhook_secret` is ``""`` where the manifest has no hook.
    """

    app: AppInfo
    private_key: str = field(repr=False)
    client_secret: str = field(repr=False)
    webhook_secret: str = field(repr=False)


def new_app_url(address: Address, state: str, organization: str = "") -> str:
    """Return where a form posts its field ``manifest`` to, to make an App of an organisation's or of one's own.

    GitHub comes back to the manifest's ``redirect_url`` with ``code`` and the same ``state``. Raises UsageError.
    """
    if organization and not _OWNER.fullmatch(organization):
        raise UsageError(f"{organization[:200]!r} is no organisation")
    where = f"/organizations/{quote(organization, safe='')}" if organization else ""
    return f"{address.web}{where}/settings/apps/new?{urlencode({'state': state})}"


def convert(address: Address, code: str, settings: Settings) -> AppSecrets:
    """Return the App that was made, with its secrets: GitHub tells them once, within an hour. Raises HostError."""
    if not _CODE.fullmatch(code):
        raise NotThereError("the code is none of GitHub's; begin the registration anew")
    try:
        with asking_unnamed(address, settings) as requester, translated("get the secrets of the new GitHub App"):
            path = f"/app-manifests/{quote(code, safe='')}/conversions"
            _headers, made = requester.requestJsonAndCheck("POST", path)
            return AppSecrets(
                app=app_reading.app(made),
                private_key=text(made["pem"]),
                client_secret=text(made["client_secret"]),
                webhook_secret=text(made["webhook_secret"] or ""),
            )
    except LostAnswerError as error:
        remedy = f"delete the App at {address.web}/settings/apps, and begin the registration anew"
        raise LostAnswerError(f"GitHub made the App, but its answer with the secrets was lost; {remedy}") from error
    except NotThereError:
        raise NotThereError("the code was used before, or is over an hour old; begin the registration anew") from None
