"""Which hosts a lock tool may be sent to: a repository must not aim it at private services."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from analyzers.http.credentials import Settings
from analyzers.http.targets import is_private_name
from bot.upgrade.locks.model import Job, LockRefusedError

PRIVATE: Final = "DEBTSCAN_LOCKS_PRIVATE_HOSTS"
_ADDRESS: Final = re.compile(rb"https?:/{0,2}[^\s\"'<>,;)}]{1,2000}", re.IGNORECASE)
# Of a manifest, what leads to packages; addresses of a project's pages are nobody's to ask.
_TABLES: Final = re.compile(r"dependencies|overrides|resolutions|pnpm", re.IGNORECASE)


def check(job: Job, settings: Settings) -> None:
    """Raise LockRefusedError where a job names a host that is private by its spelling, and no setting of the user does.

    What a name of the public name service leads to shows when it is asked (see `reach`).
    """
    own = {_host(address) for address in settings.addresses.values()}
    for address in (*job.registries, *_named(job.files)):
        host = _host(address)
        if host and is_private_name(host) and host not in own and not _has_credentials(settings, address):
            raise LockRefusedError(
                f"the repository takes packages from {host[:100]}, a private address that your own settings do not "
                f"name; set your index to it, or {PRIVATE}=1 where every repository may name such"
            )


def _named(files: Mapping[str, bytes]) -> Iterator[str]:
    for path, content in files.items():
        for text in _parts(path, content):
            yield from (found.rstrip(b"]").decode(errors="replace") for found in _ADDRESS.findall(text))


def _parts(path: str, content: bytes) -> Iterable[bytes]:
    if posixpath.basename(path) != "package.json":
        return (content,)
    document = json.loads(content)
    return (json.dumps(value).encode() for key, value in document.items() if _TABLES.search(key))


def _has_credentials(settings: Settings, address: str) -> bool:
    try:
        return settings.credentials.authorization(address) is not None
    except ValueError:
        return False


def _host(address: str) -> str:
    try:
        return urlsplit(re.sub(r"^(https?):/*", r"\1://", address, flags=re.IGNORECASE)).hostname or ""
    except ValueError:
        # Brackets that hold no address: whatever a tool makes of it, it is not followed.
        return "localhost"
