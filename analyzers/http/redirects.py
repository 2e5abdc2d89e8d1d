"""Where a redirect may lead, and what goes along."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from analyzers.errors import FetchError

STATUSES = {301, 302, 303, 307, 308}
# What may follow a redirect to another host; anything else could be a credential of this one.
_HARMLESS = {"accept", "accept-encoding", "user-agent", "if-none-match", "if-modified-since"}


@dataclass(slots=True)
class Hop:
    """Where a chain of redirects stands. `strayed` once it left the first host: credentials stay behind for good,
    even where a later redirect leads back, for then somebody else chose the address.
    """

    url: str
    headers: dict[str, str]
    allow_private: bool
    strayed: bool = False

    def move(self, location: str) -> None:
        """Go where the answer points. Raises FetchError where that must not be followed."""
        here = host_of(self.url)
        try:
            target = bare(urljoin(self.url, location))
        except ValueError as error:
            raise FetchError("malformed-answer", f"{here} redirects to what is no address") from error
        before, after = urlsplit(self.url), urlsplit(target)
        moved = (before.scheme, before.hostname, before.port) != (after.scheme, after.hostname, after.port)
        if before.scheme == "https" and after.scheme == "http":
            raise FetchError("refused", f"{here} redirects from https to http, which is not followed")
        if moved:
            self.strayed = True
            self.headers = {name: value for name, value in self.headers.items() if name in _HARMLESS}
        self.url = target


def host_of(url: str) -> str:
    """Return the host of an address, with its port, for messages: never a user name or a path."""
    return url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2]


def bare(url: str) -> str:
    """Drop user name, password and fragment: the former would end up in messages, and are not the user's word.

    Raises ValueError for what is no http or https address.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
        raise ValueError(f"no web address: {parts.scheme[:20]}")
    if "@" not in parts.netloc and not parts.fragment:
        return url
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()
