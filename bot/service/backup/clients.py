"""PostgreSQL's own programs: which of those installed here fits the server, and how they reach it without a word said.

The connection, password included, stands in a file that this process's user alone can read, for as long as a program
runs: in no argument and in no environment.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from analyzers.syntax.credentials import masked
from bot.service.backup.errors import BackupError

_DEBIAN: Final = Path("/usr/lib/postgresql")
_NUMBER: Final = re.compile(r"\(PostgreSQL\) (\d+)")
_KEPT: Final = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH")
_HOURS: Final = 6 * 3600


@dataclass(frozen=True, slots=True)
class Clients:
    """A folder with pg_dump, pg_restore and psql of one version, new enough for the server."""

    folder: Path
    version: int

    def run(self, engine: sa.Engine, program: str, *arguments: str) -> None:
        """Run a program against the engine's database. Raises BackupError with what it said, without the password."""
        with _service(engine) as environ:
            command = [str(self.folder / program), *arguments]
            try:
                done = subprocess.run(
                    command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, timeout=_HOURS, check=False
                )
            except subprocess.TimeoutExpired as error:
                raise BackupError(f"{program} did not end within {_HOURS // 3600} hours") from error
        if done.returncode:
            said = masked(done.stderr.decode(errors="replace").strip())[-2000:]
            raise BackupError(f"{program} failed: {said or f'status {done.returncode}'}")


def clients_for(server: int) -> Clients:
    """Return the installed programs nearest to the server's major version, and not older. Raises BackupError."""
    found = {version: folder for folder in _folders() if (version := _version(folder)) is not None}
    fitting = sorted(version for version in found if version >= server)
    if fitting:
        return Clients(found[fitting[0]], fitting[0])
    if found:
        raise BackupError(
            f"the server is PostgreSQL {server}, and the newest pg_dump here is {max(found)}, which refuses it:"
            f" install postgresql-client-{server}"
        )
    raise BackupError(f"there is no pg_dump here: install postgresql-client-{server} (on PATH, or as Debian does)")


def server_version(engine: sa.Engine) -> tuple[int, str]:
    """Return the server's major version, and its version in full."""
    with engine.connect() as connection:
        number = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
        words = str(connection.exec_driver_sql("SHOW server_version").scalar_one())
    return number // 10_000, words


def _folders() -> Iterator[Path]:
    # Debian keeps each version in a folder of its own; what stands on its PATH picks one by other rules than ours.
    yield from (path.parent for path in sorted(_DEBIAN.glob("*/bin/pg_dump")))
    on_path = shutil.which("pg_dump")
    if on_path:
        yield Path(on_path).parent


def _version(folder: Path) -> int | None:
    if not all(os.access(folder / name, os.X_OK) for name in ("pg_dump", "pg_restore", "psql")):
        return None
    try:
        done = subprocess.run([str(folder / "pg_dump"), "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    number = _NUMBER.search(done.stdout.decode(errors="replace"))
    return int(number[1]) if number else None


@contextmanager
def _service(engine: sa.Engine) -> Iterator[Mapping[str, str]]:
    """Yield an environment in which the programs connect to the engine's database by themselves."""
    with tempfile.TemporaryDirectory(prefix="debtscan-") as folder:
        file = Path(folder) / "service.conf"
        file.touch(0o600)
        file.write_text("[debtscan]\n" + "".join(_lines(engine)), encoding="utf-8")
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        yield {
            **kept,
            "LC_ALL": "C.UTF-8",
            "PGSERVICEFILE": str(file),
            "PGSERVICE": "debtscan",
            "PGAPPNAME": "debtscan-backup",
        }


def _lines(engine: sa.Engine) -> Iterator[str]:
    given: Mapping[str, Any] = engine.dialect.create_connect_args(engine.url)[1]
    for name, value in given.items():
        if "\n" in str(value):
            raise BackupError("the database's address holds a line break; leave it out")
        # What is psycopg's own is no setting of the client library's.
        if name not in {"application_name", "context", "prepare_threshold", "row_factory", "autocommit"}:
            yield f"{name}={value}\n"
