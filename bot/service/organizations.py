"""What an organisation's configuration says of its repositories, as it is kept."""

from __future__ import annotations

import sqlalchemy as sa

from analyzers.errors import ConfigError
from analyzers.organization import Organization
from analyzers.scan import rules
from analyzers.settings import ORGANIZATION_REPOSITORY, Inherited, read_organization
from bot.service.database.tables import INSTALLATIONS


def inherited_from(connection: sa.Connection, installation: int) -> Inherited | None:
    """Return the organisation's file; None where it has none."""
    table = INSTALLATIONS.c
    row = connection.execute(sa.select(table.account, table.configuration).where(table.id == installation)).first()
    return Inherited.of(row.account, row.configuration.encode()) if row and row.configuration else None


def inherited_by(connection: sa.Connection, installation: int, name: str) -> Inherited | None:
    """Return what a repository inherits; the one that holds the organisation's file inherits nothing."""
    return None if name.rpartition("/")[2] == ORGANIZATION_REPOSITORY else inherited_from(connection, installation)


def organization_of(connection: sa.Connection, installation: int) -> Organization:
    """Return whom debtscan is to work for: nobody but those with its topic, where nothing is said."""
    inherited = inherited_from(connection, installation)
    try:
        return read_organization(inherited, rules=rules()) if inherited else Organization()
    except ConfigError:
        # An earlier version took it. What it says is told where it is read anew.
        return Organization()
