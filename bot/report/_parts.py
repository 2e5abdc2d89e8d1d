"""What the objects of JSON documents are made of."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Line = Annotated[int, Meta(ge=1, description="counted from 1; only a line feed ends a line")]
Column = Annotated[int, Meta(ge=1, description="counted from 1, in code points")]
Score = Annotated[float, Meta(ge=0, le=100)]
Lost = Annotated[float, Meta(ge=0, le=100, description="what this takes from the score")]
Points = Annotated[int, Meta(ge=0, description="minutes of work times exposure, after the limit of the subject")]
Minutes = Annotated[int, Meta(ge=0, description="minutes of work")]
Count = Annotated[int, Meta(ge=0)]
Path = Annotated[str, Meta(description="relative to the repository, with /; empty when it stands nowhere")]

Timings = Annotated[dict[str, float], Meta(description="seconds by stage")]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every object."""
