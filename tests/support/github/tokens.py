"""Who a request comes from: tokens, and the signed words of an App (JWT)."""

from __future__ import annotations

import base64
import binascii
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.types import Options

from tests.support.github.grants import App, Token
from tests.support.github.messages import Refusal, Request
from tests.support.github.world import World

_LONGEST = 600
_SLACK = 60
EVERYTHING = {
    "actions": "write",
    "administration": "write",
    "checks": "write",
    "contents": "write",
    "issues": "write",
    "members": "read",
    "metadata": "read",
    "pull_requests": "write",
    "security_events": "write",
    "statuses": "write",
    "workflows": "write",
}
"""All permissions that the stand-in knows, as GitHub names them."""


@cache
def key_pair() -> tuple[str, str]:
    """Return a private and a public key (PEM), the same for every App of a run: making one takes a while."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def authenticate(world: World, request: Request) -> tuple[Token | None, App | None]:
    """Return the token, or the App, that a request comes with; neither without credentials. Raises Refusal (401)."""
    given = _credentials(request)
    if given is None:
        return None, None
    if given.count(".") == 2:
        return None, _app(world, given)
    token = world.tokens.get(given)
    if token is None or (token.expires and token.expires <= world.clock()):
        raise Refusal(401, "Bad credentials")
    if token.installation and token.installation.suspended:
        raise Refusal(403, "This installation has been suspended")
    return token, None


def _credentials(request: Request) -> str | None:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() in {"bearer", "token"}:
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            raise Refusal(401, "Bad credentials") from None
    return None


def _app(world: World, text: str) -> App:
    # Times are judged below, by the world's clock.
    unchecked: Options = {"verify_exp": False, "verify_iat": False, "verify_iss": False, "verify_nbf": False}
    unsigned: Options = {"verify_signature": False, **unchecked}
    try:
        claimed: dict[str, Any] = jwt.decode(text, options=unsigned)
        issuer = str(claimed["iss"])
        app = next(app for app in world.apps.values() if issuer in {str(app.id), app.client_id})
        jwt.decode(text, app.public_key, algorithms=["RS256"], options=unchecked)
        issued, expires = int(claimed["iat"]), int(claimed["exp"])
    except (jwt.PyJWTError, KeyError, StopIteration, ValueError):
        raise Refusal(401, "A JSON web token could not be decoded") from None
    now = world.clock().timestamp()
    if issued > now + _SLACK:
        raise Refusal(
            401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
        )
    if expires <= now:
        raise Refusal(401, "'Expiration time' claim ('exp') must be a numeric value representing the future time")
    if expires > now + _LONGEST + _SLACK:
        raise Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
    return app
