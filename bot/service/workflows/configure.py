"""The workflow ``configure``: the organisation's file in its repository ``.github`` is read, and kept."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from analyzers.errors import ConfigError
from analyzers.scan import rules
from analyzers.settings import ORGANIZATION_PATH, ORGANIZATION_REPOSITORY, Inherited, read_organization
from bot.service.database.opening import writing
from bot.service.database.tables import INSTALLATIONS, REPOSITORIES
from bot.service.workflows import chores
from bot.service.workflows.chores import Chore
from bot.service.workflows.parts import Parts
from bot.service.workflows.trying import Tried


def look(parts: Parts, chore: Chore) -> Tried:
    """Read it. Where it changed, what depends on it is swept soon. Raises HostError."""
    table = INSTALLATIONS.c
    with parts.services.engine.connect() as connection:
        row = connection.execute(sa.select(INSTALLATIONS).where(table.id == chore.installation)).first()
    if row is None or row.gone_at is not None or row.suspended_at is not None:
        return Tried()
    name = f"{row.account}/{ORGANIZATION_REPOSITORY}"
    content = parts.apps().file(chore.installation, name, ORGANIZATION_PATH) or b""
    wrong = _wrong(row.account, content)
    # What cannot be read changes nothing: what could be read before goes on to count.
    text = row.configuration if wrong else content.decode()
    if (text, wrong) != (row.configuration, row.configuration_error):
        _keep(parts, chore.installation, text, wrong)
    return Tried()


def _keep(parts: Parts, installation: int, text: str, wrong: str) -> None:
    table = INSTALLATIONS.c
    with writing(parts.services.engine) as connection:
        mine = sa.update(INSTALLATIONS).where(table.id == installation)
        before = connection.execute(sa.select(table.configuration).where(table.id == installation)).scalar_one()
        connection.execute(mine.values(configuration=text, configuration_error=wrong))
        if text == before:
            return
        repositories = sa.update(REPOSITORIES).where(REPOSITORIES.c.installation_id == installation)
        connection.execute(repositories.values(sweep_after=None))
        cause = f"configured:{hashlib.sha256(text.encode()).hexdigest()[:16]}:{parts.services.now().timestamp():.0f}"
        chores.enqueue(parts.work, "list", Chore(installation=installation), cause, connection=connection)


def _wrong(account: str, content: bytes) -> str:
    """Return what is wrong with the file, in words."""
    if not content:
        return ""
    try:
        read_organization(Inherited.of(account, content), rules=rules())
        content.decode()
    except ConfigError as error:
        # It quotes what stands there, which may be what no database takes.
        return str(error).replace("\0", "\\0")
    except UnicodeDecodeError:
        return "it is no UTF-8; write it as UTF-8"
    return ""
