"""The service's tables, but for the history (`bot.store._tables`) and the engine's own. Migrations make them.

Repositories and installations bear GitHub's ids, which outlive renames. Contents are JSON, compressed by zlib.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from bot.store._tables import Moment

METADATA: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

INSTALLATIONS: Final = sa.Table(
    "debtscan_installations",
    METADATA,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("account", sa.String(100), nullable=False, index=True),
    sa.Column("account_id", sa.BigInteger, nullable=False),
    sa.Column("account_kind", sa.String(20), nullable=False),
    # JSON: permission → level, and the names of events.
    sa.Column("permissions", sa.Text, nullable=False, server_default="{}"),
    sa.Column("events", sa.Text, nullable=False, server_default="[]"),
    # The organisation's configuration, as text; its commit; and what is wrong with it, in words.
    sa.Column("configuration", sa.Text, nullable=False, server_default=""),
    sa.Column("configuration_commit", sa.String(64), nullable=False, server_default=""),
    sa.Column("configuration_error", sa.Text, nullable=False, server_default=""),
    sa.Column("installed_at", Moment, nullable=False),
    sa.Column("seen_at", Moment),
    # By GitHub's clock: when it was as it is told here. What is older and comes later changes nothing.
    sa.Column("told_at", Moment),
    sa.Column("suspended_at", Moment),
    sa.Column("gone_at", Moment),
)

REPOSITORIES: Final = sa.Table(
    "debtscan_repositories",
    METADATA,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("installation_id", sa.BigInteger, nullable=False, index=True),
    # OWNER/REPO as GitHub writes it, and in lower case, by which it is found.
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("key", sa.String(255), nullable=False, index=True),
    sa.Column("private", sa.Boolean, nullable=False),
    sa.Column("default_branch", sa.String(255), nullable=False, server_default=""),
    sa.Column("topics", sa.Text, nullable=False, server_default="[]"),
    # Why it is left alone (bot.github.organisation.SkipReason), "" where it is not.
    sa.Column("skip", sa.String(20), nullable=False, server_default=""),
    sa.Column("phase", sa.String(20), nullable=False, server_default="silent"),
    sa.Column("phase_since", Moment),
    # By GitHub's clock: when it was as it is told here.
    sa.Column("told_at", Moment),
    # When the default branch was last heard to be pushed to.
    sa.Column("pushed_at", Moment),
    # The default branch's commit as last heard of, and the one of the stored report.
    sa.Column("head", sa.String(64), nullable=False, server_default=""),
    sa.Column("scanned_commit", sa.String(64), nullable=False, server_default=""),
    sa.Column("scanned_at", Moment),
    sa.Column("judged_on", sa.Date),
    sa.Column("score", sa.Float),
    sa.Column("low", sa.Float),
    sa.Column("high", sa.Float),
    sa.Column("grade", sa.String(2)),
    sa.Column("findings", sa.Integer),
    sa.Column("skipped", sa.Integer),
    sa.Column("effort_minutes", sa.Integer),
    sa.Column("error", sa.Text, nullable=False, server_default=""),
    sa.Column("error_at", Moment),
    # The workflow that scans it now, how urgently it is to be scanned again after that, and what somebody wishes then.
    sa.Column("scanning", sa.String(200), nullable=False, server_default=""),
    sa.Column("again", sa.String(10), nullable=False, server_default=""),
    sa.Column("again_reason", sa.String(20), nullable=False, server_default=""),
    # What the last round acted on, and when there may be something to do although nothing changed.
    sa.Column("acted_digest", sa.String(64), nullable=False, server_default=""),
    sa.Column("act_after", Moment),
    sa.Column("sweep_after", Moment, index=True),
    sa.Column("gone_at", Moment),
)

DELIVERIES: Final = sa.Table(
    "debtscan_deliveries",
    METADATA,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("event", sa.String(50), nullable=False),
    sa.Column("action", sa.String(50), nullable=False, server_default=""),
    sa.Column("installation_id", sa.BigInteger),
    sa.Column("repository_id", sa.BigInteger),
    sa.Column("received_at", Moment, nullable=False, index=True),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("repeats", sa.Integer, nullable=False, server_default="0"),
    sa.Column("handled_at", Moment),
)

SCANS: Final = sa.Table(
    "debtscan_scans",
    METADATA,
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("repository_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.String(20), nullable=False),
    sa.Column("urgency", sa.String(10), nullable=False),
    sa.Column("delivery", sa.String(100), nullable=False, server_default=""),
    sa.Column("requested_at", Moment, nullable=False, index=True),
    sa.Column("started_at", Moment),
    sa.Column("ended_at", Moment),
    sa.Column("outcome", sa.String(20), nullable=False, server_default="running"),
    sa.Column("commit", sa.String(64), nullable=False, server_default=""),
    sa.Column("error", sa.Text, nullable=False, server_default=""),
    # How often it was put off before, and until when it is put off now.
    sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
    sa.Column("until", Moment),
    # JSON: stage → seconds.
    sa.Column("timings", sa.Text, nullable=False, server_default="{}"),
)

INVENTORIES: Final = sa.Table(
    "debtscan_inventories",
    METADATA,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("commit", sa.String(64), nullable=False),
    # What the reading depended on beside the commit: debtscan's version, the ruleset, the configuration.
    sa.Column("edition", sa.String(64), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

REPORTS: Final = sa.Table(
    "debtscan_reports",
    METADATA,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("commit", sa.String(64), nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    # The JSON report of the contract; the JSON of `debtscan hotspots`; and the upgrades as posts tell of them.
    sa.Column("document", sa.LargeBinary, nullable=False),
    sa.Column("hotspots", sa.LargeBinary, nullable=False),
    sa.Column("upgrades", sa.LargeBinary),
)

USAGES: Final = sa.Table(
    "debtscan_usages",
    METADATA,
    sa.Column("repository_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("ecosystem", sa.String(40), nullable=False),
    sa.Column("name", sa.String(255), nullable=False),
    # What is written there, and what of it is certain; both "" where there is none.
    sa.Column("value", sa.String(255), nullable=False, server_default=""),
    sa.Column("version", sa.String(100), nullable=False, server_default=""),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("direct", sa.Boolean, nullable=False),
    sa.Index("ix_debtscan_usages_package", "ecosystem", "name"),
)

ENDS: Final = sa.Table(
    "debtscan_ends",
    METADATA,
    sa.Column("repository_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("subject", sa.String(255), nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False, index=True),
    sa.Column("path", sa.Text, nullable=False, server_default=""),
)

MARKS: Final = sa.Table(
    "debtscan_marks",
    METADATA,
    # Up to when something was looked through ("deliveries").
    sa.Column("name", sa.String(50), primary_key=True),
    sa.Column("at", Moment, nullable=False),
)

LEASES: Final = sa.Table(
    "debtscan_leases",
    METADATA,
    sa.Column("executor", sa.String(200), primary_key=True),
    sa.Column("host", sa.String(200), nullable=False),
    sa.Column("version", sa.String(50), nullable=False),
    sa.Column("since", Moment, nullable=False),
    # By the database's clock.
    sa.Column("until", Moment, nullable=False, index=True),
)

BUCKETS: Final = sa.Table(
    "debtscan_buckets",
    METADATA,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("tokens", sa.Float, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)

SIGN_INS: Final = sa.Table(
    "debtscan_sign_ins",
    METADATA,
    # SHA-256 of the cookie's value, which is kept nowhere.
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.BigInteger, nullable=False),
    sa.Column("login", sa.String(100), nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False, index=True),
    # JSON: the ids of the repositories that GitHub showed to this person, and when.
    sa.Column("repositories", sa.Text, nullable=False, server_default="[]"),
    sa.Column("seen_at", Moment, nullable=False),
)
