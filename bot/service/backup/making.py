"""Makes a backup of the service's database while it runs. No secret is in it, nor who is signed in."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from bot import VERSION
from bot.service.backup import archive, postgresql, sqlite
from bot.service.backup.archive import Kind, Manifest
from bot.service.backup.clients import clients_for, server_version
from bot.service.backup.errors import BackupError
from bot.service.database.migrate import schema_version
from bot.service.database.opening import open_engine, told
from bot.service.database.tables import LEASES, SIGN_INS
from bot.service.engine.alone import NAME as LOCK
from bot.service.settings import Settings

WITHOUT: Final = (SIGN_INS.name, LEASES.name)
"""The tables whose rows stay behind: people sign in anew, and workers take new leases."""


def back_up(settings: Settings, target: Path, now: datetime) -> Manifest:
    """Write the service's database to ``target``, which appears whole or not at all. Raises BackupError.

    An earlier backup there is replaced, and nothing else. Raises UnreachableDatabaseError where nobody answers.
    """
    _check_place(settings, target)
    if settings.is_embedded and not settings.file_of_database.exists():
        raise BackupError(f"{settings.file_of_database}: there is no database yet; `debtscan serve` makes it")
    engine = open_engine(settings)
    try:
        with told(engine):
            schema = schema_version(engine)
        if schema is None:
            raise BackupError("there are no tables of debtscan's in the database; `debtscan serve` makes them")
        return _written(settings, engine, target, partial(_manifest, schema, now))
    finally:
        engine.dispose()


def _check_place(settings: Settings, target: Path) -> None:
    """Raise BackupError where something would be lost that is no earlier backup."""
    database = settings.file_of_database
    if target.resolve() in {path.resolve() for path in (database, *sqlite.beside(database), settings.folder / LOCK)}:
        raise BackupError(f"{target}: belongs to the database itself; name another file")
    if target.is_dir():
        raise BackupError(f"{target}: is a folder; name a file in it")
    if not target.exists():
        return
    if not target.is_file():
        raise BackupError(f"{target}: is no file; name one")
    try:
        archive.read_manifest(target)
    except BackupError as error:
        raise BackupError(f"{target}: is there already, and no backup that can be read; name another file") from error


def _written(settings: Settings, engine: sa.Engine, target: Path, manifest: partial[Manifest]) -> Manifest:
    if settings.is_embedded:
        copied = partial(sqlite.copy, settings.file_of_database, without=WITHOUT)
        server = engine.dialect.dbapi.sqlite_version if engine.dialect.dbapi else ""
        return archive.write(target, copied, partial(manifest, "sqlite", server))
    with told(engine):
        major, server = server_version(engine)
    dumped = partial(_dump, engine, major)
    return archive.write(target, dumped, partial(manifest, "postgresql", server))


def _dump(engine: sa.Engine, major: int, target: Path) -> None:
    postgresql.dump(clients_for(major), engine, target, WITHOUT)


def _manifest(schema: str, now: datetime, kind: Kind, server: str, size: int, digest: str) -> Manifest:
    return Manifest(debtscan=VERSION, schema=schema, kind=kind, server=server, made_at=now, size=size, sha256=digest)
