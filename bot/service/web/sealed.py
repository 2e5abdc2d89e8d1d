"""What a browser keeps for us in a cookie for some minutes: readable there, but not to be changed or made up."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from typing import TypeVar

import msgspec

from analyzers.typed import from_json
from bot.service.secrets import Keyring

_SEAL = 32


class Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what is kept. `until` is when it stops counting."""

    until: datetime


K = TypeVar("K", bound=Kept)


def seal(keyring: Keyring, purpose: str, kept: Kept) -> str:
    """Return a value for a cookie."""
    content = msgspec.json.encode(kept)
    return base64.urlsafe_b64encode(keyring.seal(purpose, content) + content).decode()


def unseal(keyring: Keyring, purpose: str, text: str, kind: type[K], now: datetime) -> K | None:
    """Return what was kept, None where it is over, or was not sealed by us for this purpose."""
    try:
        raw = base64.urlsafe_b64decode(text.encode())
    except ValueError:
        return None
    if not hmac.compare_digest(raw[:_SEAL], keyring.seal(purpose, raw[_SEAL:])):
        return None
    try:
        kept = from_json(raw[_SEAL:], kind)
    except msgspec.DecodeError:
        # Of another version of ours.
        return None
    return kept if kept.until > now else None
