"""As whom debtscan acts: a token, or a GitHub App's key. From the environment alone, never from a repository."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from analyzers.errors import UsageError
from bot.github.address import Address

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

TokenKind = Literal["classic", "fine-grained", "oauth", "installation", "unknown"]

_PREFIXES: tuple[tuple[str, TokenKind], ...] = (
    ("ghp_", "classic"),
    ("github_pat_", "fine-grained"),
    ("gho_", "oauth"),
    ("ghs_", "installation"),
    ("ghu_", "fine-grained"),
)
_TOKENS = ("GH_TOKEN", "GITHUB_TOKEN")
# What GitHub's own command line reads for servers other than github.com, before the others.
_SERVER_TOKENS = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", *_TOKENS)
_LARGEST_KEY = 64 * 1024
# The App's, and the one that is to replace it.
_KEYS = 2


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is; `origin` is the variable that held it. Its repr does not show it."""

    value: str = field(repr=False)
    origin: str = "GITHUB_TOKEN"

    @property
    def kind(self) -> TokenKind:
        """What GitHub's prefixes say of it; ``unknown`` for those of old servers."""
        return next((kind for prefix, kind in _PREFIXES if self.value.startswith(prefix)), "unknown")


@dataclass(frozen=True, slots=True)
class App:
    """A GitHub App: its id (or client id) and its private key (PEM). The repr does not show the key."""

    id: str
    key: str = field(repr=False)


Credentials: TypeAlias = Token | App


def read_credentials(environ: Mapping[str, str], address: Address) -> Credentials:
    """Return the App where one is named, else the token. Raises UsageError that says how to give one."""
    app = _app(environ)
    if app is not None:
        return app
    for variable in _TOKENS if address.is_public else _SERVER_TOKENS:
        if environ.get(variable):
            return Token(_clean_token(environ[variable], variable), variable)
    raise UsageError(
        f"no credentials for {address.web}: set GITHUB_TOKEN to a token with the permissions contents and "
        "pull requests (write), or DEBTSCAN_APP_ID and DEBTSCAN_APP_PRIVATE_KEY_FILE for a GitHub App"
    )


def _clean_token(text: str, variable: str) -> str:
    token = text.strip()
    if not is_token(token):
        raise UsageError(f"{variable} holds no token: it has characters that no token has")
    return token


def is_token(text: str) -> bool:
    """Whether a text could be a token: it goes into a header."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def _app(environ: Mapping[str, str]) -> App | None:
    app_id = environ.get("DEBTSCAN_APP_ID", "").strip()
    key = environ.get("DEBTSCAN_APP_PRIVATE_KEY", "")
    file = environ.get("DEBTSCAN_APP_PRIVATE_KEY_FILE", "")
    if not app_id and not key and not file:
        return None
    if not app_id:
        raise UsageError("a GitHub App's private key is set, but not its id: set DEBTSCAN_APP_ID")
    if not key and not file:
        raise UsageError("DEBTSCAN_APP_ID is set, but no key: set DEBTSCAN_APP_PRIVATE_KEY_FILE to its .pem file")
    return checked_app(app_id, key or _read(Path(file)))


def checked_app(app_id: str, key: str) -> App:
    """Return the App with its key (PEM). Raises UsageError where the key is none, without quoting it."""
    return App(app_id, _checked_key(key, app_id))


def signs(key: str) -> Callable[[dict[str, Any]], str | bytes]:
    """Return what signs as the App that has this key (PEM)."""
    from github.Auth import AppAuth

    return AppAuth.create_jwt_sign(cast("Any", partial(_read_key, key)), "RS256")


@lru_cache(maxsize=_KEYS)
def _read_key(pem: str) -> PrivateKeyTypes:
    """Return the key. Reading one tests its primes: for 50 ms no other thread of the process goes on."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return load_pem_private_key(pem.encode(), None)


def _read(path: Path) -> str:
    try:
        with path.open(encoding="ascii") as file:
            return file.read(_LARGEST_KEY)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise UsageError(f"DEBTSCAN_APP_PRIVATE_KEY_FILE: {path} cannot be read: {reason}") from None


def _checked_key(text: str, app_id: str) -> str:
    """Return the key with real line ends, which variables often hold escaped. Signs once, to see that it works."""
    from github.Auth import AppAuth

    key = text.replace("\\n", "\n").strip()
    try:
        AppAuth(app_id, sign_func=signs(key)).create_jwt()
    except Exception:  # noqa: BLE001 - whatever the library raises on a bad key may quote the key
        raise UsageError("the private key of the GitHub App is no RSA key in PEM form; download a new one") from None
    return key
