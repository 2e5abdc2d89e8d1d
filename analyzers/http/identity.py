"""Identity tokens: a login that a registry's token service exchanges for one token after the other.

Docker keeps them in place of passwords (Azure's registries hand them out), and sends them as OAuth 2 refreshes a token:
https://distribution.github.io/distribution/spec/auth/oauth/
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol, runtime_checkable
from urllib.parse import parse_qsl, urlencode, urlsplit

from analyzers.model.exchange import Request

_CLIENT = "debtscan"


@runtime_checkable
class IdentitySource(Protocol):
    """Credentials that may hold identity tokens beside names and passwords."""

    def identity(self, url: str) -> str | None:
        """Return the user's identity token for ``url``, None for none."""


def refreshed(request: Request, identity: str) -> Request:
    """Return the request for a token as a form with the identity token: nothing of it is stored or redirected."""
    parts = urlsplit(request.url)
    form = [*parse_qsl(parts.query), ("grant_type", "refresh_token"), ("client_id", _CLIENT)]
    return replace(
        request,
        url=parts._replace(query="").geturl(),
        method="POST",
        headers={**request.headers, "content-type": "application/x-www-form-urlencoded"},
        body=urlencode([*form, ("refresh_token", identity)]).encode(),
        credentials="",
        cacheable=False,
    )
