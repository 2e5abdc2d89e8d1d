"""Deliveries of webhooks: what was sent where, and what came of it."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import datetime

from tests.support.github.grants import App
from tests.support.github.messages import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt. `status` is what was answered: 502 for nobody there, 504 for too late, 0 while it is under way."""

    id: int
    guid: str
    app: App
    event: str
    action: str
    body: bytes
    at: datetime
    installation: int | None = None
    repository: int | None = None
    redelivery: bool = False
    status: int = 0
    duration: float = 0.0

    @property
    def payload(self) -> Json:
        """What it says."""
        found: Json = json.loads(self.body)
        return found

    @property
    def headers(self) -> dict[str, str]:
        """What it is sent with."""
        return headers_of(self.app, self.event, self.guid, self.body)


def headers_of(app: App, event: str, guid: str, body: bytes, secret: str = "") -> dict[str, str]:
    """Return the headers of a delivery, signed with the App's secret or with another."""
    signed = {
        f"x-hub-signature{name}": f"{kind}={hmac.new((secret or app.hook_secret).encode(), body, kind).hexdigest()}"
        for name, kind in (("", "sha1"), ("-256", "sha256"))
    }
    return {
        "accept": "*/*",
        "content-type": "application/json",
        "user-agent": "GitHub-Hookshot/044aadd",
        "x-github-delivery": guid,
        "x-github-event": event,
        "x-github-hook-id": str(app.id),
        "x-github-hook-installation-target-id": str(app.id),
        "x-github-hook-installation-target-type": "integration",
        **(signed if secret or app.hook_secret else {}),
    }
