"""What a check of the service found out, and how a terminal shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from bot.markup import terminal_text

State = Literal["ok", "doubtful", "failed"]
_WIDEST: Final = 12


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at: what was found, and what to do about it where it is not all right.

    ``failed`` keeps the service from its work; ``doubtful`` is what an operator may have meant so.
    """

    what: str
    state: State
    told: str
    remedy: str = ""


def ok(what: str, told: str) -> Checked:
    """Return that something is all right."""
    return Checked(what, "ok", told)


def doubtful(what: str, told: str, remedy: str) -> Checked:
    """Return that something may not be meant so."""
    return Checked(what, "doubtful", told, remedy)


def failed(what: str, told: str, remedy: str = "") -> Checked:
    """Return that something keeps the service from its work. Most errors of debtscan's name the remedy themselves."""
    return Checked(what, "failed", told, remedy)


def lines(found: Iterable[Checked]) -> Iterable[str]:
    """Yield lines for a terminal as the checks come in, and how many of which state at the end."""
    counts = dict.fromkeys(("ok", "doubtful", "failed"), 0)
    for one in found:
        counts[one.state] += 1
        yield terminal_text(f"{one.state:<8}  {one.what:<{_WIDEST}}  {one.told}")
        if one.remedy:
            yield terminal_text(f"{'':8}  {'':{_WIDEST}}  → {one.remedy}")
    yield ", ".join(f"{count} {state}" for state, count in counts.items() if count)
