"""What is told of each request to GitHub, for whoever keeps count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One answer, or that there was none (`status` 0). `party` is whom GitHub counts (`bot.github.rate.Account`)."""

    method: str
    url: str
    party: str
    status: int
    is_write: bool
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


Listener: TypeAlias = Callable[[Heard], None]


def unheard(heard: Heard) -> None:
    """Keep no count."""
    del heard
