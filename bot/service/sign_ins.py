"""Who is signed in: kept under the hash of a cookie's value, never the value, and never a token."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Final

import msgspec
import sqlalchemy as sa

from analyzers.typed import from_json
from bot.service.database.tables import SIGN_INS
from bot.service.services import Services

_LONGEST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A sign-in that has not ended. `id` is the hash under which it is kept."""

    id: str
    user_id: int
    login: str
    repositories: frozenset[int]
    seen_at: datetime


def open_for(services: Services, user_id: int, login: str, repositories: Iterable[int]) -> str:
    """Keep that a person signed in; return the cookie's value. What has ended is removed meanwhile."""
    value, now = token_urlsafe(32), services.now()
    until = now + timedelta(hours=services.settings.file.retention.sign_ins_hours)
    row = {
        "id": hashed(value),
        "user_id": user_id,
        "login": login[:_LONGEST],
        "since": now,
        "until": until,
        "repositories": _listed(repositories),
        "seen_at": now,
    }
    with services.engine.begin() as connection:
        connection.execute(sa.delete(SIGN_INS).where(SIGN_INS.c.until <= now))
        connection.execute(sa.insert(SIGN_INS).values(row))
    return value


def renew(services: Services, value: str, user_id: int, login: str, repositories: Iterable[int]) -> bool:
    """Keep anew what a person sees, where the cookie's value stands for this very person; it ends when it would have.

    So pages that are open elsewhere in this browser stay good.
    """
    now = services.now()
    own = (SIGN_INS.c.id == hashed(value), SIGN_INS.c.user_id == user_id, SIGN_INS.c.until > now)
    seen = {"login": login[:_LONGEST], "repositories": _listed(repositories), "seen_at": now}
    with services.engine.begin() as connection:
        return connection.execute(sa.update(SIGN_INS).where(*own).values(seen)).rowcount == 1


def find(services: Services, value: str) -> SignIn | None:
    """Return the sign-in that a cookie's value stands for, None where it ended or never was."""
    if len(value) > _LONGEST:
        return None
    wanted = sa.select(SIGN_INS).where(SIGN_INS.c.id == hashed(value), SIGN_INS.c.until > services.now())
    with services.engine.connect() as connection:
        row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    return SignIn(
        id=row.id,
        user_id=row.user_id,
        login=row.login,
        repositories=frozenset(from_json(row.repositories, list[int])),
        seen_at=row.seen_at,
    )


def close(services: Services, value: str) -> None:
    """End the sign-in of a cookie's value, if there is one."""
    with services.engine.begin() as connection:
        connection.execute(sa.delete(SIGN_INS).where(SIGN_INS.c.id == hashed(value)))


def hashed(value: str) -> str:
    """Return what a cookie's value is kept as."""
    return hashlib.sha256(value.encode()).hexdigest()


def _listed(repositories: Iterable[int]) -> str:
    return msgspec.json.encode(sorted(repositories)).decode()
