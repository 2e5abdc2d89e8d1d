"""Whom a lock tool may ask: everybody on the public network, and what the user's own settings name."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from analyzers.errors import FetchError
from analyzers.http.credentials import Credentials
from analyzers.http.targets import blocked, is_private_name, open_socket

# Whom the tools ask where nobody says otherwise. Where these names lead is this machine's to say, no repository's.
_DEFAULTS: Final = frozenset({"pypi.org", "files.pythonhosted.org", "registry.npmjs.org", "registry.yarnpkg.com"})
_CONNECT_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """`environ` names the user's proxy. `own` are hosts, and `credentials` name hosts, that may be private.

    With `anywhere`, every host may. Link-local addresses (metadata services) are never asked. Where there is a list of
    those who may be asked at all, `allows` says whether a host is on it.
    """

    environ: Mapping[str, str]
    own: frozenset[str] = frozenset()
    credentials: Credentials = field(default_factory=Credentials)
    anywhere: bool = False
    allows: Callable[[str], bool] | None = None

    def connect(self, host: str, port: int) -> socket.socket:
        """Connect to the address that was judged. Raises FetchError (refused), OSError."""
        self._check_list(host)
        return open_socket(host, port, _CONNECT_SECONDS, allow_private=self._may_be_private(host))[0]

    def connect_to_proxy(self, host: str, port: int) -> socket.socket:
        """Connect to the user's own proxy, wherever that lies. Raises FetchError (link-local), OSError."""
        return open_socket(host, port, _CONNECT_SECONDS, allow_private=True)[0]

    def check_name(self, host: str) -> None:
        """Raise FetchError (refused) for a name that is private by its spelling: the user's proxy would resolve it."""
        self._check_list(host)
        if is_private_name(host) and not self._may_be_private(host):
            raise blocked(host)

    def _check_list(self, host: str) -> None:
        if self.allows and not self.allows(host):
            raise FetchError("refused", f"{host[:100]} is not among the hosts that are asked here")

    def _may_be_private(self, host: str) -> bool:
        return self.anywhere or host in _DEFAULTS or host in self.own or self.credentials.has_any_for(host)


def hosts_of(addresses: Mapping[str, str]) -> frozenset[str]:
    """Return the hosts of the user's own addresses."""
    return frozenset(filter(None, (urlsplit(address).hostname for address in addresses.values())))
