"""Addresses of git repositories, and the package URLs that name them."""

from __future__ import annotations

import functools
import re
from typing import Final, NamedTuple

from packageurl import PackageURL

from analyzers.syntax.credentials import shown
from analyzers.syntax.purl import package_url

__all__ = ["TYPES", "GitUrl", "address_of", "parse", "shown"]

_LONGEST: Final = 1024
# Hosts whose repositories have a purl type of their own.
_TYPES: Final = {"github.com": "github", "gitlab.com": "gitlab", "bitbucket.org": "bitbucket"}
TYPES: Final = (*_TYPES.values(), "generic")
_HOSTS: Final = {type_: host for host, type_ in _TYPES.items()}
_URL: Final = re.compile(
    r"(?:git\+)?(?P<scheme>https?|ssh|git)://(?:[^/@\s]*@)?(?P<host>[A-Za-z0-9.-]+(?::[0-9]{1,5})?)/(?P<path>[^\s?#]+)"
)
# ``git@github.com:owner/name``; a drive letter is no host.
_SCP: Final = re.compile(r"(?:[A-Za-z0-9._-]+@)?(?P<host>[A-Za-z0-9.-]{2,}):(?!//)(?P<path>[^\s?#:]+)")
_SEGMENT: Final = re.compile(r"[A-Za-z0-9_.~+-]+")


class GitUrl(NamedTuple):
    """A repository: `host` and `path` (``owner/name``, without ``.git``). `is_web` says that HTTP was written."""

    host: str
    path: str
    is_web: bool

    @property
    def address(self) -> str:
        """Where to ask: hosts of repositories answer on the web, whatever protocol was written."""
        return f"https://{self.host}/{self.path}"

    @property
    def type(self) -> str:
        """The purl type."""
        return _TYPES.get(self.host, "generic")

    def purl(self, rev: str | None = None, subpath: str | None = None) -> str:
        """Return the package URL at a tag or commit, of the whole repository or of a folder in it."""
        namespace, _, name = self.path.rpartition("/")
        if self.host in _TYPES:
            return package_url(self.type, name, rev, namespace, None, subpath)
        at = f"@{rev}" if rev else ""
        return package_url("generic", name, rev, None, {"vcs_url": f"git+{self.address}{at}"}, subpath)


def parse(text: str) -> GitUrl | None:
    """Cut up an address (``https://github.com/owner/name``, ``git@host:owner/name.git``); None for anything else.

    Credentials in it are left out.
    """
    if len(text) > _LONGEST:
        return None
    found = _URL.fullmatch(text) or _SCP.fullmatch(text)
    if not found:
        return None
    host = found["host"].lower().removeprefix("www.")
    path = found["path"].strip("/").removesuffix(".git")
    segments = path.split("/")
    if {".", ".."} & set(segments) or not all(map(_SEGMENT.fullmatch, segments)):
        return None
    if host in _TYPES and len(segments) == 1:
        return None
    return GitUrl(host, path, found.groupdict().get("scheme") in ("http", "https"))


@functools.lru_cache(maxsize=4096)
def address_of(purl: str) -> str | None:
    """Return where the repository that a purl names can be asked for its refs; None where it names none."""
    try:
        parts = PackageURL.from_string(purl)
    except ValueError:
        return None
    if parts.type in _HOSTS and parts.namespace:
        return f"https://{_HOSTS[parts.type]}/{parts.namespace}/{parts.name}"
    qualifiers = parts.qualifiers if isinstance(parts.qualifiers, dict) else {}
    # Made by `GitUrl.purl`: whatever follows the first ``@`` is the rev.
    found = parse(qualifiers.get("vcs_url", "").partition("@")[0])
    return found.address if found else None
