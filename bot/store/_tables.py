"""The tables of a history. Whoever changes them raises `VERSION`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

VERSION: Final = 1
METADATA: Final = sa.MetaData()


class Moment(sa.TypeDecorator[datetime]):
    """A time with its zone, always UTC, also where the database keeps none."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC; one without a zone is refused. Raises ValueError."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without its zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time with its zone."""
        del dialect
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


SCHEMA: Final = sa.Table("debtscan_schema", METADATA, sa.Column("version", sa.Integer, nullable=False))
ENTRIES: Final = sa.Table(
    "debtscan_entries",
    METADATA,
    # In the order in which they were written.
    sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("repository", sa.String(255), nullable=False),
    sa.Column("id", sa.String(16), nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Column("entry", sa.Text, nullable=False),
    sa.UniqueConstraint("repository", "id"),
    # No part of what `VERSION` counts: a database without it is only slower.
    sa.Index("ix_debtscan_entries_course", "repository", "as_of", "sequence"),
)
FACTS: Final = sa.Table(
    "debtscan_facts",
    METADATA,
    sa.Column("repository", sa.String(255), primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
