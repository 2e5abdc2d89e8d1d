"""What an endpoint states, and what it is asked with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from analyzers.errors import DebtscanError
from analyzers.typed import converted
from bot.markup import visible
from bot.report._parts import Part

BASE: Final = "/api/v1"

# The longest names the longest subject of an end: 255 characters of four bytes.
Cursor = Annotated[str, Meta(max_length=2000, description="what `next` of the page before held")]
Limit = Annotated[int, Meta(ge=1, le=500, description="rows of a page")]


class NotThereError(DebtscanError):
    """It is unknown, or not for the eyes of who asks: nobody learns which."""


class MistakenError(DebtscanError):
    """What is asked for cannot be. The message says what is wrong with it."""


class Parameters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a query string may hold: nothing, unless an endpoint says so."""


class Paged(Parameters, frozen=True, kw_only=True):
    """A list is given a page at a time as JSON, and whole as CSV."""

    cursor: Cursor = ""
    limit: Limit = 100
    format: Annotated[Literal["json", "csv"], Meta(description="`csv` gives all rows at once")] = "json"

    @property
    def is_whole(self) -> bool:
        """Whether all rows are wanted."""
        return self.format == "csv"


P = TypeVar("P", bound=Parameters)
P_co = TypeVar("P_co", bound=Parameters, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Generic[P_co]):
    """One request: `names` are those of the path, `visible` the ids of the repositories that may be spoken of.

    `url` is where the service's pages are, `today` the day that counts.
    """

    connection: sa.Connection = field(repr=False)
    visible: frozenset[int] = field(repr=False)
    names: Mapping[str, str]
    parameters: P_co
    url: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One path below `BASE`. `name` is its operation's, `answer` the type of what it gives.

    `act` returns an `answer`, or its JSON as bytes where that is stored. With `rows` its ``items`` are of that type,
    and it can be given as CSV. `act` raises NotThereError, MistakenError and DamagedError.
    """

    path: str
    name: str
    summary: str
    answer: type[Part]
    act: Callable[[Asked[Any]], Part | bytes]
    parameters: type[Parameters] = Parameters
    rows: type[Part] | None = None


def parameters_of(kind: type[P], query: Mapping[str, str]) -> P:
    """Return what a query string asks for. Raises MistakenError."""
    unknown = sorted(set(query) - set(kind.__struct_fields__))
    if unknown:
        known = ", ".join(sorted(kind.__struct_fields__)) or "none"
        raise MistakenError(f"{visible(unknown[0][:100])}: is no parameter here; there are {known}")
    try:
        return converted(dict(query), kind, strict=False)
    except msgspec.ValidationError as error:
        said, _at, place = str(error).partition(" - at `$.")
        raise MistakenError(f"{place.rstrip('`')}: {said}") from error
