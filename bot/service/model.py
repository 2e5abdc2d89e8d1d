"""What the service's parts hand each other: frozen values, of which none holds a token or another secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

Urgency: TypeAlias = Literal["person", "change", "sweep"]
"""Who waits: a person, a push, or nobody but the week."""
PRIORITIES: Final[Mapping[Urgency, int]] = {"person": 1, "change": 10, "sweep": 100}
"""The smaller goes first, within an organisation."""
Reason: TypeAlias = Literal[
    "push", "asked", "box", "comment", "re-request", "installed", "renamed", "enabled", "sweep", "missed", "again"
]
"""Why a repository is scanned."""
WISHES: Final[tuple[Reason, ...]] = ("enabled", "comment", "asked", "box")
"""The reasons by which a scan does what it else would not, the one that counts most first."""
Phase: TypeAlias = Literal["silent", "invited", "posting", "declined"]
"""How far a repository is: scans and pages only; the onboarding pull request is open; enabled; it was closed."""
ScanOutcome: TypeAlias = Literal["running", "done", "unchanged", "postponed", "failed", "left"]
DeliveryOutcome: TypeAlias = Literal["enqueued", "acknowledged", "handled", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A webhook delivery whose signature was right: its id (a GUID), its event (``push``), and what it says.

    `body` is what `bot.service.webhooks` kept of the payload, as plain JSON values.
    """

    id: str
    event: str
    action: str
    received_at: datetime
    installation: int | None = None
    repository: int | None = None
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """That a repository (GitHub's id) is to be scanned. `delivery` is the webhook that it comes from, for the logs.

    `head` is the commit that is known to be the default branch's, "" where GitHub has to be asked.
    """

    repository: int
    installation: int
    reason: Reason
    urgency: Urgency
    delivery: str = ""
    head: str = ""
