"""Where GitHub lies: github.com, a tenant of ghe.com, or an own GitHub Enterprise Server. The user's word alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from analyzers.errors import UsageError

_VARIABLES = ("DEBTSCAN_GITHUB_URL", "GITHUB_SERVER_URL")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Address:
    """`web` is where people look, `api` where the REST interface begins; neither ends in a slash."""

    web: str
    api: str

    @property
    def is_public(self) -> bool:
        """Whether it is github.com."""
        return self.web == "https://github.com"


PUBLIC = Address("https://github.com", "https://api.github.com")


def read_address(environ: Mapping[str, str]) -> Address:
    """Return what ``DEBTSCAN_GITHUB_URL`` names, else ``GITHUB_SERVER_URL`` (set in every workflow), else github.com.

    Raises UsageError.
    """
    for variable in _VARIABLES:
        if environ.get(variable):
            return address_of(environ[variable], variable)
    return PUBLIC


def address_of(text: str, origin: str) -> Address:
    """Return the address that a person wrote, as the web's or as the interface's. Raises UsageError.

    A server's interface lies below ``/api/v3``, a ghe.com tenant's at ``api.`` before its name:
    https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api
    """
    host = _checked(text, origin)
    parts = urlsplit(text.strip())
    if host in {"github.com", "www.github.com", "api.github.com"}:
        return PUBLIC
    if host.endswith(".ghe.com"):
        tenant = host.removeprefix("api.")
        return Address(f"https://{tenant}", f"https://api.{tenant}")
    base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix('/api/v3')}"
    return Address(base, f"{base}/api/v3")


def _checked(text: str, origin: str) -> str:
    """Return the host of an address that a token may be sent to."""
    try:
        parts = urlsplit(text.strip())
        host, _port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise UsageError(f"{origin} holds no address; write it like https://github.example.com") from None
    if parts.username or parts.password:
        raise UsageError(f"{origin} holds a user name; leave it out, and give the token as GITHUB_TOKEN")
    if not host or parts.query or parts.fragment or not text.strip().isascii() or not text.strip().isprintable():
        raise UsageError(f"{origin} holds no address; write it like https://github.example.com")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        raise UsageError(f"{origin} must begin with https://, for a token is sent there")
    return host
