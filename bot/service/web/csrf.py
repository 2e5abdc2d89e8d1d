"""What shows that a POST comes from our own page: a token in the form that no other site can know."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from secrets import token_bytes
from typing import Final

from starlette.requests import Request

from bot.service.secrets import Keyring

FIELD: Final = "csrf"
_NONCE: Final = 12


def token_for(keyring: Keyring, sign_in: str) -> str:
    """Return a token for a sign-in (its id). It differs each time, so that compression cannot give it away."""
    return _token(keyring, sign_in, token_bytes(_NONCE))


def is_token(keyring: Keyring, sign_in: str, token: str) -> bool:
    """Whether a token was made for this sign-in."""
    try:
        nonce = base64.urlsafe_b64decode(token.encode())[:_NONCE]
    except ValueError:
        return False
    return hmac.compare_digest(_token(keyring, sign_in, nonce).encode(), token.encode())


def form_of(request: Request) -> Mapping[str, str]:
    """Return the fields of a POST that was checked; of a repeated field the last."""
    found: Mapping[str, str] = request.scope["state"]["form"]
    return found


def _token(keyring: Keyring, sign_in: str, nonce: bytes) -> str:
    seal = keyring.seal("csrf", nonce + sign_in.encode())
    return base64.urlsafe_b64encode(nonce + seal).decode()
