"""What the service's commands share: its configuration, and what its extra brings."""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analyzers.errors import UsageError

if TYPE_CHECKING:
    from bot.service.settings import Settings

EXTRA: Final = ("alembic", "dbos", "prometheus_client", "psycopg", "sqlalchemy", "starlette", "structlog", "uvicorn")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Declare the file of the service's configuration."""
    parser.add_argument(
        "--settings",
        type=Path,
        metavar="FILE",
        help="the configuration (default: DEBTSCAN_SERVICE, debtscan-service.toml, /etc/debtscan/service.toml)",
    )


def loaded(arguments: argparse.Namespace) -> Settings:
    """Return the configuration. Raises UsageError where the extra is not installed, and ConfigError."""
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"the service needs more than is installed here ({', '.join(missing)}):"
            " run `pip install 'debtscan[service]'`"
        )
    from bot.service.settings import load_settings

    return load_settings(arguments.settings)
