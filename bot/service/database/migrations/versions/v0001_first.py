"""The tables of the first release, and the history's where no `debtscan run` made them before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store import _tables as history

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Change the tables."""
    for change in (
        _buckets,
        _deliveries,
        _ends,
        _installations,
        _inventories,
        _leases,
        _marks,
        _reports,
        _repositories,
        _scans,
        _sign_ins,
        _usages,
    ):
        change()
    # The history keeps its own version, and may have been made by `debtscan run`.
    connection = op.get_bind()
    if not sa.inspect(connection).has_table(history.SCHEMA.name):
        history.METADATA.create_all(connection)
        connection.execute(sa.insert(history.SCHEMA).values(version=history.VERSION))
    for index in history.ENTRIES.indexes:
        index.create(connection, checkfirst=True)


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _buckets() -> None:
    op.create_table(
        "debtscan_buckets",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_debtscan_buckets")),
    )


def _deliveries() -> None:
    op.create_table(
        "debtscan_deliveries",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("event", sa.String(length=50), nullable=False),
        sa.Column("action", sa.String(length=50), server_default="", nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=True),
        sa.Column("repository_id", sa.BigInteger(), nullable=True),
        sa.Column("received_at", _moment(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("repeats", sa.Integer(), server_default="0", nullable=False),
        sa.Column("handled_at", _moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debtscan_deliveries")),
    )
    op.create_index(op.f("ix_debtscan_deliveries_received_at"), "debtscan_deliveries", ["received_at"], unique=False)


def _ends() -> None:
    op.create_table(
        "debtscan_ends",
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("path", sa.Text(), server_default="", nullable=False),
    )
    op.create_index(op.f("ix_debtscan_ends_ends_on"), "debtscan_ends", ["ends_on"], unique=False)
    op.create_index(op.f("ix_debtscan_ends_repository_id"), "debtscan_ends", ["repository_id"], unique=False)


def _installations() -> None:
    op.create_table(
        "debtscan_installations",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("account_kind", sa.String(length=20), nullable=False),
        sa.Column("permissions", sa.Text(), server_default="{}", nullable=False),
        sa.Column("events", sa.Text(), server_default="[]", nullable=False),
        sa.Column("configuration", sa.Text(), server_default="", nullable=False),
        sa.Column("configuration_commit", sa.String(length=64), server_default="", nullable=False),
        sa.Column("configuration_error", sa.Text(), server_default="", nullable=False),
        sa.Column("installed_at", _moment(), nullable=False),
        sa.Column("seen_at", _moment(), nullable=True),
        sa.Column("told_at", _moment(), nullable=True),
        sa.Column("suspended_at", _moment(), nullable=True),
        sa.Column("gone_at", _moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debtscan_installations")),
    )
    op.create_index(op.f("ix_debtscan_installations_account"), "debtscan_installations", ["account"], unique=False)


def _inventories() -> None:
    op.create_table(
        "debtscan_inventories",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("commit", sa.String(length=64), nullable=False),
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", name=op.f("pk_debtscan_inventories")),
    )


def _leases() -> None:
    op.create_table(
        "debtscan_leases",
        sa.Column("executor", sa.String(length=200), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("version", sa.String(length=50), nullable=False),
        sa.Column("since", _moment(), nullable=False),
        sa.Column("until", _moment(), nullable=False),
        sa.PrimaryKeyConstraint("executor", name=op.f("pk_debtscan_leases")),
    )
    op.create_index(op.f("ix_debtscan_leases_until"), "debtscan_leases", ["until"], unique=False)


def _marks() -> None:
    op.create_table(
        "debtscan_marks",
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("at", _moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_debtscan_marks")),
    )


def _reports() -> None:
    op.create_table(
        "debtscan_reports",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("commit", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("recorded_at", _moment(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("hotspots", sa.LargeBinary(), nullable=False),
        sa.Column("upgrades", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("repository_id", name=op.f("pk_debtscan_reports")),
    )


def _repositories() -> None:
    op.create_table(
        "debtscan_repositories",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("default_branch", sa.String(length=255), server_default="", nullable=False),
        sa.Column("topics", sa.Text(), server_default="[]", nullable=False),
        sa.Column("skip", sa.String(length=20), server_default="", nullable=False),
        sa.Column("phase", sa.String(length=20), server_default="silent", nullable=False),
        sa.Column("phase_since", _moment(), nullable=True),
        sa.Column("told_at", _moment(), nullable=True),
        sa.Column("pushed_at", _moment(), nullable=True),
        sa.Column("head", sa.String(length=64), server_default="", nullable=False),
        sa.Column("scanned_commit", sa.String(length=64), server_default="", nullable=False),
        sa.Column("scanned_at", _moment(), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("grade", sa.String(length=2), nullable=True),
        sa.Column("findings", sa.Integer(), nullable=True),
        sa.Column("skipped", sa.Integer(), nullable=True),
        sa.Column("effort_minutes", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("error_at", _moment(), nullable=True),
        sa.Column("scanning", sa.String(length=200), server_default="", nullable=False),
        sa.Column("again", sa.String(length=10), server_default="", nullable=False),
        sa.Column("again_reason", sa.String(length=20), server_default="", nullable=False),
        sa.Column("acted_digest", sa.String(length=64), server_default="", nullable=False),
        sa.Column("act_after", _moment(), nullable=True),
        sa.Column("sweep_after", _moment(), nullable=True),
        sa.Column("gone_at", _moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debtscan_repositories")),
    )
    op.create_index(
        op.f("ix_debtscan_repositories_installation_id"), "debtscan_repositories", ["installation_id"], unique=False
    )
    op.create_index(op.f("ix_debtscan_repositories_key"), "debtscan_repositories", ["key"], unique=False)
    op.create_index(
        op.f("ix_debtscan_repositories_sweep_after"), "debtscan_repositories", ["sweep_after"], unique=False
    )


def _scans() -> None:
    op.create_table(
        "debtscan_scans",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("urgency", sa.String(length=10), nullable=False),
        sa.Column("delivery", sa.String(length=100), server_default="", nullable=False),
        sa.Column("requested_at", _moment(), nullable=False),
        sa.Column("started_at", _moment(), nullable=True),
        sa.Column("ended_at", _moment(), nullable=True),
        sa.Column("outcome", sa.String(length=20), server_default="running", nullable=False),
        sa.Column("commit", sa.String(length=64), server_default="", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("until", _moment(), nullable=True),
        sa.Column("timings", sa.Text(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debtscan_scans")),
    )
    op.create_index(op.f("ix_debtscan_scans_repository_id"), "debtscan_scans", ["repository_id"], unique=False)
    op.create_index(op.f("ix_debtscan_scans_requested_at"), "debtscan_scans", ["requested_at"], unique=False)


def _sign_ins() -> None:
    op.create_table(
        "debtscan_sign_ins",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("since", _moment(), nullable=False),
        sa.Column("until", _moment(), nullable=False),
        sa.Column("repositories", sa.Text(), server_default="[]", nullable=False),
        sa.Column("seen_at", _moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debtscan_sign_ins")),
    )
    op.create_index(op.f("ix_debtscan_sign_ins_until"), "debtscan_sign_ins", ["until"], unique=False)


def _usages() -> None:
    op.create_table(
        "debtscan_usages",
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("ecosystem", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("value", sa.String(length=255), server_default="", nullable=False),
        sa.Column("version", sa.String(length=100), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_debtscan_usages_package", "debtscan_usages", ["ecosystem", "name"], unique=False)
    op.create_index(op.f("ix_debtscan_usages_repository_id"), "debtscan_usages", ["repository_id"], unique=False)
