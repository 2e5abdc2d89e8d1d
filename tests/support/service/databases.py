"""Databases of the service for tests: each one fresh, with all tables, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeAlias

import sqlalchemy as sa

from bot.service.database.migrate import migrate
from bot.service.database.opening import open_engine
from bot.service.settings import File, Settings

Kind: TypeAlias = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")


def settings_of(folder: Path, database: str = "", *, file: File | None = None) -> Settings:
    """Return settings on a folder, and on SQLite in it unless `database` is an address of PostgreSQL."""
    chosen = file or File(url="http://127.0.0.1:8080", data=str(folder))
    return Settings(file=chosen, secrets=folder / "secrets", database=database)


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[sa.Engine]:
    """Yield the database of settings; its connections are closed at the end."""
    engine = open_engine(settings)
    try:
        yield engine
    finally:
        engine.dispose()


class Sqlites:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self._made = folder / "made"

    def fresh(self, folder: Path) -> Settings:
        """Return settings on a fresh database in `folder`."""
        made = settings_of(self._made)
        if not self._made.exists():
            with opened(made) as engine:
                migrate(engine)
        folder.mkdir(parents=True, exist_ok=True)
        settings = settings_of(folder)
        # Closing the last connection left all of it in one file.
        shutil.copyfile(str(sa.make_url(made.database_url).database), str(sa.make_url(settings.database_url).database))
        return settings


class Postgreses:
    """Databases of one server, copied from a migrated one. `address` is of any database there."""

    def __init__(self, address: str) -> None:
        self._address = sa.make_url(address).set(drivername="postgresql+psycopg")
        self._template = ""

    def fresh(self, folder: Path) -> Settings:
        """Return settings on a fresh database."""
        if not self._template:
            self._template = self._create("template0")
            with opened(settings_of(folder, self._url(self._template))) as engine:
                migrate(engine)
        return settings_of(folder, self._url(self._create(self._template)))

    def empty(self, folder: Path) -> Settings:
        """Return settings on a database without any table."""
        return settings_of(folder, self._url(self._create("template0")))

    def _create(self, template: str) -> str:
        name = f"debtscan_{uuid.uuid4().hex[:12]}"
        engine = sa.create_engine(self._address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        engine.dispose()
        return name

    def _url(self, name: str) -> str:
        return self._address.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
