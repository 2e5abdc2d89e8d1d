"""Whom the service asks for its scans: the public registries, and what its operator names, but no repository."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from analyzers.errors import FetchError
from analyzers.model.exchange import Request, Response

PUBLIC: Final = frozenset(
    {
        *("pypi.org", "registry.npmjs.org", "registry.terraform.io", "api.osv.dev", "endoflife.date"),
        *("github.com", "api.github.com", "raw.githubusercontent.com", "gitlab.com", "bitbucket.org", "codeberg.org"),
        *("registry-1.docker.io", "auth.docker.io", "ghcr.io", "quay.io", "mcr.microsoft.com", "public.ecr.aws"),
        *("gcr.io", "registry.k8s.io", "registry.gitlab.com", "registry.access.redhat.com", "docker.elastic.co"),
        *("docker-auth.elastic.co", "nvcr.io", "cgr.dev"),
    }
)
"""Asked over https at its usual port. Where they redirect to is theirs to say, if it is not private."""

_OF_TOOLS: Final = frozenset(
    {
        *("files.pythonhosted.org", "registry.yarnpkg.com", "codeload.github.com", "objects.githubusercontent.com"),
        *("release-assets.githubusercontent.com", "npm.pkg.github.com"),
    }
)
"""Where the public registries keep what lock tools download."""

Send = Callable[[Request], Response]


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts that may be asked beside the public ones: names, or a leading dot and a domain.

    Those that are `private` may lie on a network of the operator's own: names, or a name, a colon and a port.
    """

    allowed: tuple[str, ...] = ()
    private: frozenset[str] = frozenset()

    @classmethod
    def of(cls, named: Iterable[str], addresses: Iterable[str] = ()) -> Hosts:
        """Return those that the operator names, and those of the ``addresses`` of the operator's own settings."""
        names, places = {one.lower() for one in named}, tuple(map(urlsplit, addresses))
        hosts = {parts.hostname for parts in places if parts.hostname}
        exact = {one for one in names if not one.startswith(".")}
        # That a registry lies on this machine opens none of its other ports.
        return cls(tuple(sorted(names | hosts)), frozenset(exact | {_place(parts) for parts in places}))

    def allows(self, url: str) -> bool:
        """Whether an address may be asked."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").rstrip("."), parts.port
        except ValueError:
            return False
        if host in PUBLIC and parts.scheme == "https" and port in {None, 443}:
            return True
        return self._names(host)

    def allows_host(self, host: str) -> bool:
        """Whether a lock tool may be sent to a host."""
        name = host.lower().rstrip(".")
        return name in PUBLIC or name in _OF_TOOLS or self._names(name)

    def may_be_private(self, url: str) -> bool:
        """Whether the operator names this very host, or has an address there, which may then be a private one."""
        parts = urlsplit(url)
        return not self.private.isdisjoint({(parts.hostname or "").rstrip("."), _place(parts)})

    def _names(self, host: str) -> bool:
        return any(host.endswith(one) if one.startswith(".") else host == one for one in self.allowed)

    def guarded(self, send: Send, send_privately: Send | None = None) -> Send:
        """Return what sends requests to these hosts and refuses all others (FetchError).

        ``send`` refuses private addresses. ``send_privately`` does not, and sends to the hosts that are named.
        """

        def sent(request: Request) -> Response:
            if not self.allows(request.url):
                host = urlsplit(request.url).netloc.rpartition("@")[2][:100]
                raise FetchError("refused", f"{host} is not among the hosts that this service asks")
            chosen = send_privately if send_privately and self.may_be_private(request.url) else send
            return chosen(request)

        return sent


def _place(parts: SplitResult) -> str:
    usual = 443 if parts.scheme == "https" else 80
    return f"{(parts.hostname or '').rstrip('.')}:{parts.port or usual}"
