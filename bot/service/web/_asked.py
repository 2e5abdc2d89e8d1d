"""What a query string asks for. People mistype and follow old links, so what is not understood counts for nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, TypeVar

from starlette.datastructures import QueryParams

from bot.markup import visible

Choice = TypeVar("Choice", bound=str)

LONGEST: Final = 200
_DIGITS: Final = 9


def text(asked: QueryParams, name: str) -> str:
    """Return what somebody typed, without what cannot be seen; longer than `LONGEST` it is cut."""
    return visible(asked.get(name, "")[:LONGEST]).strip()


def choice(asked: QueryParams, name: str, among: Collection[Choice]) -> Choice | None:
    """Return one of several words, None for any other."""
    return next((one for one in among if one == asked.get(name)), None)


def number(asked: QueryParams, name: str, otherwise: int = 1) -> int:
    """Return a number from 0 on."""
    given = asked.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= _DIGITS else otherwise
