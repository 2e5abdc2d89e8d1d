"""``debtscan serve --check``: whether what the service needs is there. It changes nothing, also where one runs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import sqlalchemy as sa

from analyzers.errors import DebtscanError, FetchError
from analyzers.http.fetch import Fetcher
from analyzers.http.retries import Patience
from analyzers.model.exchange import Request
from analyzers.repository.git_process import git_version
from bot import VERSION
from bot.github.session import Settings as GitHub
from bot.service.check_app import about_app
from bot.service.checked import Checked, doubtful, failed, ok
from bot.service.child import landlocked
from bot.service.database.migrate import is_newer, needed
from bot.service.database.opening import open_engine, shown, told
from bot.service.secret_files import SecretFiles
from bot.service.secrets import Secrets, load
from bot.service.servers import TakenError, bound
from bot.service.services import wall_clock
from bot.service.settings import Settings, check_jobs
from bot.upgrade.locks.programs import program
from bot.upgrade.locks.sandbox import OPT_IN
from bot.upgrade.locks.walls import stand

_MIB: Final = 2**20
_LEAST_FREE: Final = 1024 * _MIB
_SHORTEST_SECRET: Final = 16
_PATIENCE: Final = Patience(connect=5, read=5, total=10, attempts=1)


def check(
    settings: Settings,
    environ: Mapping[str, str] = os.environ,
    *,
    github: GitHub | None = None,
    now: Callable[[], datetime] = wall_clock,
) -> Iterator[Checked]:
    """Yield what is found, one by one as it is known; nothing that goes wrong stops the rest. Raises nothing.

    GitHub is asked three requests as the App, one more for a key that is to take over.
    """
    asked = github or GitHub(address=settings.address, environ=environ)
    yield from _guarded("jobs", partial(_about_jobs, settings))
    yield from _guarded("disk", partial(_about_disk, settings))
    yield from _guarded("database", partial(_about_database, settings))
    yield from _guarded("git", _about_git)
    yield from _guarded("sandbox", partial(_about_sandbox, environ))
    yield from _guarded("listen", partial(_about_address, settings.bind, "listen"))
    if settings.operations:
        yield from _guarded("operations", partial(_about_address, settings.operations, "operations"))
    yield from _guarded("url", partial(_about_url, settings, environ))
    yield from _guarded("secrets", partial(_about_secrets, settings, environ))
    try:
        secrets = load(settings, environ)
    except DebtscanError as error:
        yield failed("secrets", str(error))
        return
    if secrets is None:
        yield doubtful("App", "none is registered yet", "start debtscan serve: it prints how to register one")
        return
    yield from _about_hook_secrets(secrets)
    yield from _guarded("GitHub", partial(about_app, secrets, asked, settings.file.url, now()))


def _guarded(what: str, look: Callable[[], Iterator[Checked]]) -> Iterator[Checked]:
    try:
        yield from look()
    except DebtscanError as error:
        yield failed(what, str(error))
    except OSError as error:
        yield failed(what, f"{error.filename or 'the system'}: {error.strerror}", "look at its owner and its rights")


def _about_jobs(settings: Settings) -> Iterator[Checked]:
    check_jobs(settings)
    yield from ()


def _about_disk(settings: Settings) -> Iterator[Checked]:
    """Look at the folder, or at the one that it will be made in."""
    folder = settings.folder.absolute()
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield failed(
            "disk", f"{there} cannot be written to", "give it to the service's own user, or set data elsewhere"
        )
        return
    free, wanted = shutil.disk_usage(there).free, settings.file.limits.mirrors * _MIB - _taken(folder / "mirrors")
    room = f"{free // _MIB:,} MiB are free at {folder}"
    if free < _LEAST_FREE:
        yield failed("disk", room, "make room, or set data elsewhere")
    elif free < wanted:
        yield doubtful("disk", f"{room}, and mirrors may take {wanted // _MIB:,} more", "set limits.mirrors lower")
    else:
        yield ok("disk", room)


def _taken(folder: Path) -> int:
    """Return the bytes that lie below a folder."""
    return sum(entry.stat().st_size for entry in folder.rglob("*") if entry.is_file() and not entry.is_symlink())


def _about_database(settings: Settings) -> Iterator[Checked]:
    if settings.is_embedded and not (settings.folder / Path(settings.database_url).name).exists():
        yield ok("database", f"SQLite {_sqlite_version()}; its file is made with the first start")
        return
    engine = open_engine(settings)
    try:
        yield _opened(engine)
    finally:
        engine.dispose()


def _opened(engine: sa.Engine) -> Checked:
    lack = needed(engine)
    with told(engine), engine.connect() as connection:
        numbers = connection.dialect.server_version_info or ()
    name = f"{engine.dialect.name} {'.'.join(map(str, numbers))} at {shown(engine)}"
    if lack is None:
        return ok("database", f"{name}, as this version needs it")
    if is_newer(engine):
        return failed("database", lack)
    return ok("database", f"{name}; its tables are migrated with the next start")


def _sqlite_version() -> str:
    import sqlite3

    return sqlite3.sqlite_version


def _about_git() -> Iterator[Checked]:
    yield ok("git", ".".join(map(str, git_version())))


def _about_sandbox(environ: Mapping[str, str]) -> Iterator[Checked]:
    found = program("bwrap", environ) if sys.platform == "linux" else None
    if found and stand(found):
        yield ok("sandbox", "bubblewrap works: lock files are made anew in it")
        return
    why = "bubblewrap cannot start here" if found else "bubblewrap is not here"
    if landlocked.version() < 1:
        told = f"{why}, nor is Landlock: a repository that takes over the process that reads it gets at the secrets"
        yield doubtful("scans", told, "install bubblewrap, or take Linux 5.13 or newer (6.12 for all that it knows)")
    if environ.get(OPT_IN):
        yield doubtful("sandbox", f"{why}, and lock tools run without", f"install bubblewrap, and take {OPT_IN} away")
    else:
        remedy = "install bubblewrap, and let it make namespaces"
        yield doubtful("sandbox", f"{why}: upgrades that need a lock tool are left out", remedy)


def _about_address(bind: tuple[str, int], key: str) -> Iterator[Checked]:
    """Take an address for a moment, without listening there."""
    try:
        bound(bind, key).close()
    except TakenError:
        told = f"something listens at {bind[0]}:{bind[1]} already"
        yield doubtful(key, told, "that is as it should be where the service is running; else name a free address")


def _about_url(settings: Settings, environ: Mapping[str, str]) -> Iterator[Checked]:
    url = settings.file.url
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        told = f"{url} is not encrypted: whoever listens can take over what people see"
        yield doubtful("url", told, "put a proxy with TLS before the service, and write https://")
    patient = Fetcher(user_agent=f"debtscan/{VERSION}", allow_private=True, patience=_PATIENCE, environ=environ)
    try:
        with patient as fetcher:
            answer = fetcher.send(Request(url=f"{url}/healthz", cacheable=False, max_bytes=4096))
    except FetchError as error:
        remedy = "that is as it should be where the service is not running; else look at the proxy before it"
        yield doubtful("url", f"nothing answers at {url} ({error.detail})", remedy)
        return
    if answer.status == 200 and b'"alive"' in answer.body:  # noqa: PLR2004 - OK
        yield ok("url", f"a debtscan answers at {url}")
    else:
        remedy = "look at the proxy before the service, and at url in its configuration"
        yield failed("url", f"something else answers at {url} (status {answer.status})", remedy)


def _about_secrets(settings: Settings, environ: Mapping[str, str]) -> Iterator[Checked]:
    files = SecretFiles(settings.secrets, environ)
    for place in files.readable_by_others():
        yield doubtful("secrets", f"{place} can be read by other users", f"chmod 600 {place}")
    files.check_start()


def _about_hook_secrets(secrets: Secrets) -> Iterator[Checked]:
    for number, secret in enumerate(secrets.webhook, start=1):
        if len(secret) < _SHORTEST_SECRET:
            told = f"the webhook's secret number {number} is shorter than {_SHORTEST_SECRET} characters"
            yield doubtful("secrets", told, "make a longer one, here and in the App's settings")
    if len(secrets.webhook) > 1:
        told = f"{len(secrets.webhook)} webhook secrets are taken"
        yield doubtful("secrets", told, "take the old ones away when GitHub signs with the new one")
