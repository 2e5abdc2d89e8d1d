"""Whether GitHub signed a webhook. Pure: bytes and a header in, yes or no out."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

HEADER: Final = "x-hub-signature-256"
_PREFIX: Final = "sha256="


def signature(body: bytes, secret: str) -> str:
    """Return what GitHub writes into the header for these bytes."""
    return _PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, header: str, secrets: Iterable[str]) -> bool:
    """Whether one of the secrets signed these very bytes.

    An empty secret signs nothing: anybody could. How long it takes tells nothing of a secret, nor which one it was.
    """
    given = header.strip().encode(errors="replace")
    found = False
    for secret in secrets:
        # All are tried, always.
        found |= bool(secret) & hmac.compare_digest(signature(body, secret).encode(), given)
    return found
