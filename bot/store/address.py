"""Addresses of databases that can be taken apart in one way alone."""

from __future__ import annotations

from typing import Final

ENCODE: Final = "write %40 for @, %2F for / and %3F for ? in its user name and its password"


def is_ambiguous(address: str) -> bool:
    """Whether a part of the password may be taken for the host or the database, which messages show."""
    user, at, place = address.partition("://")[2].partition("@")
    return "@" in place or (bool(at) and ("?" in user or "/" in user.partition(":")[0]))
