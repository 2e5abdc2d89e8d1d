"""Puts a backup in the place of the service's database, whole or not at all, and migrates it to this version."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from pathlib import Path

import msgspec
import sqlalchemy as sa

from bot.service.backup import archive, postgresql, sqlite
from bot.service.backup.archive import Manifest
from bot.service.backup.clients import clients_for, server_version
from bot.service.backup.errors import BackupError, DamagedBackupError, ServiceLivesError, UnsuitableBackupError
from bot.service.database.migrate import knows, migrate, schema_version
from bot.service.database.opening import open_engine, told
from bot.service.engine.alone import NAME as LOCK
from bot.service.engine.alone import Alone
from bot.service.engine.leases import live
from bot.service.settings import DATABASE, Settings


def restore(settings: Settings, source: Path, *, replace: bool, force: bool) -> Manifest:
    """Let the database be what ``source`` holds; one that is there already goes with ``replace`` alone.

    Nothing changes where anything is wrong with the file, or where a worker holds a live lease of the database; with
    ``force`` that is not asked (an SQLite file that is in use is never replaced). Raises BackupError and DatabaseError.
    """
    manifest = archive.read_manifest(source)
    _check_fits(settings, source, manifest)
    if settings.is_embedded:
        _into_sqlite(settings, source, replace=replace)
    else:
        _into_postgresql(settings, source, replace=replace, force=force)
    return manifest


def _check_fits(settings: Settings, source: Path, manifest: Manifest) -> None:
    kind = "sqlite" if settings.is_embedded else "postgresql"
    if manifest.kind != kind:
        way = f"unset {DATABASE}" if manifest.kind == "sqlite" else f"set {DATABASE} to one"
        raise UnsuitableBackupError(f"{source}: holds a database of {manifest.kind}, not of {kind}; {way}")
    if not knows(manifest.schema):
        raise UnsuitableBackupError(
            f"{source}: debtscan {manifest.debtscan} made it, which is newer than this one; restore it with that one"
        )


def _into_sqlite(settings: Settings, source: Path, *, replace: bool) -> None:
    place = settings.file_of_database
    _make(settings.folder)
    alone = Alone(settings.folder)
    alone.take()
    _give(settings.folder, settings.folder / LOCK)
    try:
        if place.exists() and not place.is_file():
            raise BackupError(f"{place}: is no file; move it away, for the database lies there")
        if place.exists() and not replace:
            raise BackupError(f"{place}: there is a database already; restore with --replace to give it up")
        # Beside its place, for the last step to be a rename.
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=settings.folder) as folder:
            made = dataclasses.replace(settings, file=msgspec.structs.replace(settings.file, data=folder))
            manifest = archive.unpack(source, made.file_of_database)
            sqlite.check(made.file_of_database, source)
            _check_schema(made, source, manifest)
            _migrate(made)
            sqlite.settle(made.file_of_database)
            _give(settings.folder, made.file_of_database)
            sqlite.put(made.file_of_database, place)
    finally:
        alone.release()


def _check_schema(settings: Settings, source: Path, manifest: Manifest) -> None:
    """Raise DamagedBackupError where the tables are not those that the manifest tells of: they would be made anew."""
    engine = open_engine(settings)
    try:
        with told(engine):
            found = schema_version(engine)
    finally:
        engine.dispose()
    if found != manifest.schema:
        raise DamagedBackupError(f"{source}: does not hold the tables that it tells of; take another backup")


def _give(folder: Path, file: Path) -> None:
    """Let what root makes belong to whom the folder belongs to: to the service, which could not open it else."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(file, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Whether something can be made in it, for that is what follows.
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise BackupError(
            f"data: {folder} cannot be written to ({error.strerror}); give it to the service's own user, or name"
            " another folder"
        ) from error


def _into_postgresql(settings: Settings, source: Path, *, replace: bool, force: bool) -> None:
    engine = open_engine(settings)
    try:
        with told(engine):
            clients = clients_for(server_version(engine)[0])
            if not postgresql.is_empty(engine):
                _check_replaced(engine, replace=replace, force=force)
        with tempfile.TemporaryDirectory(prefix="debtscan-") as folder:
            dumped = Path(folder) / "dump"
            manifest = archive.unpack(source, dumped)
            postgresql.put(clients, engine, dumped, manifest.schema)
    finally:
        engine.dispose()
    _migrate(settings)


def _check_replaced(engine: sa.Engine, *, replace: bool, force: bool) -> None:
    if not replace:
        raise BackupError("there is a database of debtscan's already; restore with --replace to give it up")
    if force:
        return
    if schema_version(engine) is not None and (workers := live(engine)):
        hosts = ", ".join(sorted({worker.host for worker in workers}))
        raise ServiceLivesError(
            f"workers hold live leases of the database, on {hosts}: stop them (a killed one's lease ends within a"
            " minute), or restore with --force"
        )
    if count := postgresql.others(engine):
        raise ServiceLivesError(
            f"{count} connections of debtscan's are open to the database: stop it everywhere, or restore with --force"
        )


def _migrate(settings: Settings) -> None:
    engine = open_engine(settings)
    try:
        migrate(engine)
    finally:
        engine.dispose()
