"""What is used of the library beneath the engine and is private to it, or could change: held against the real one.

Where one of these fails after an upgrade of the library, read its source before anything else.
"""

from __future__ import annotations

import logging
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.service.engine import durable
from bot.service.engine._rows import SCHEMA, checkpoints, versions, workflows
from tests.support.service.forge import Forge
from tests.support.service.processes import Smalls
from tests.support.service.small import Spec

ROOT = Path(__file__).resolve().parents[4]
# What would make the library connect to its vendor, or take its vendor's names for this process.
VENDOR = {
    "DBOS__CLOUD": "true",
    "DBOS__APPID": "somebody",
    "DBOS__APPVERSION": "theirs",
    "DBOS__VMID": "their-machine",
    "DBOS__CONDUCTOR_APP_NAME": "app",
    "DBOS__CONDUCTOR_KEY": "key",
    "DBOS_APP_NAME": "app",
    "DBOS_SYSTEM_DATABASE_URL": "sqlite:////nowhere/at/all",
}


def test_the_tables_have_the_columns_that_are_read_and_changed(engine: sa.Engine) -> None:
    schema = None if engine.dialect.name == "sqlite" else SCHEMA
    for table in (workflows(engine), checkpoints(engine), versions(engine)):
        there = {column["name"] for column in sa.inspect(engine).get_columns(table.name, schema=schema)}
        assert {column.name for column in table.columns} <= there


def test_the_tables_are_known_to_be_there(engine: sa.Engine) -> None:
    assert durable.has_tables(engine)
    durable.make_tables(engine)
    assert durable.has_tables(engine)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_variables_of_the_vendors_mean_nothing(forge: Forge, processes: Smalls, spec: Spec) -> None:
    """The listener is where such a connection would go; the name of the process is ours."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"ws://127.0.0.1:{listener.getsockname()[1]}"
        worker = processes.start("work", spec, {**VENDOR, "DBOS__CONDUCTOR_URL": address, "DBOS_DOMAIN": address[5:]})
        name = worker.first_line()
        assert name.startswith(f"{socket.gethostname()}-{worker.process.pid}-")
        assert worker.terminate() == 0
        with pytest.raises(TimeoutError):
            listener.accept()
    assert worker.told() == ""
    assert forge.reached == []


def test_nothing_but_the_engine_imports_it() -> None:
    importing = re.compile(r"^\s*(?:import|from) dbos\b", re.MULTILINE)
    files = [path for path in (ROOT / "bot").rglob("*.py") if importing.search(path.read_text(encoding="utf-8"))]
    assert files
    assert {path.parent for path in files} == {ROOT / "bot" / "service" / "engine"}


def test_the_command_line_does_not_import_it() -> None:
    """It costs half a second and 50 MB: the command line's other commands are quick without it."""
    code = (
        "import sys, bot.cli, bot.service.settings, bot.service.model, bot.service.database.tables;"
        "print([name for name in ('dbos', 'alembic') if name in sys.modules])"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_the_librarys_warnings_come_through_structlog_and_its_advertising_does_not(engine: sa.Engine) -> None:
    durable.client(engine)
    logger = logging.getLogger("dbos")
    with capture_logs() as logs:
        logger.info("To view and manage workflows, connect to our server")
        logger.warning("the pool is exhausted")
        logger.error("Exception encountered in background workflow:")
    assert [(line["log_level"], line["event"]) for line in logs] == [("warning", "the pool is exhausted")]
    assert not logger.propagate
