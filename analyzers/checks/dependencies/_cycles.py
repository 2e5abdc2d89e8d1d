"""Which release lines of a runtime a written version or range admits, and which of them have ended."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from analyzers.checks.dependencies._runtimes import numbers_in, padded
from analyzers.model.facts import Cycle, Lifecycle
from analyzers.model.scheme import Scheme

# Names that follow the newest release by themselves (nvm, fnm, n, asdf).
_FLOATING: Final = re.compile(r"node|stable|current|latest|lts|lts[/-][*-].*|lts/\*|\*|x|iojs", re.IGNORECASE)
_CODENAME: Final = re.compile(r"lts[/-]([A-Za-z]+)")
# Node.js names its long-term lines after chemical elements, in alphabetical order.
CODENAMES: Final[Mapping[str, str]] = {
    "argon": "4",
    "boron": "6",
    "carbon": "8",
    "dubnium": "10",
    "erbium": "12",
    "fermium": "14",
    "gallium": "16",
    "hydrogen": "18",
    "iron": "20",
    "jod": "22",
    "krypton": "24",
}
_DIGITS: Final = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Lines:
    """`admitted` lines, newest first. `is_bounded` says that a lower bound is stated, and not only an upper one."""

    admitted: tuple[Cycle, ...]
    is_bounded: bool


def is_floating(value: str) -> bool:
    """Return whether the value follows the newest release, so that it never ends."""
    return _FLOATING.fullmatch(value.strip()) is not None


def admitted(scheme: Scheme, value: str, lifecycle: Lifecycle, as_of: date) -> Lines | None:
    """Return the lines that the value admits, of those out by then; None where the value cannot be read."""
    out = [cycle for cycle in lifecycle.cycles if cycle.released is None or cycle.released <= as_of]
    code = _CODENAME.fullmatch(value.strip())
    if code:
        word = code[1].lower()
        found = tuple(one for one in out if one.name == CODENAMES.get(word) or (one.codename or "").lower() == word)
        return Lines(found, is_bounded=True)
    if not scheme.is_constraint(value):
        return None
    written = tuple(numbers_in(value))
    fitting = tuple(one for one in out if any(scheme.satisfies(version, value) for version in _versions(one, written)))
    return Lines(fitting, is_bounded=not scheme.satisfies("0.0.1", value))


def _versions(cycle: Cycle, written: tuple[tuple[int, ...], ...]) -> Iterator[str]:
    """Yield versions that stand for a line: its first, its newest, one beyond all others, and those written of it."""
    line = tuple(int(part) for part in _DIGITS.findall(cycle.name))
    yield padded(line, len(line), high=False)
    yield padded(line, len(line), high=True)
    if cycle.latest:
        yield cycle.latest
    for one in written:
        if one[: len(line)] == line:
            yield padded(one, len(line), high=False)
            yield padded((*(*one, 0, 0)[:2], (*one, 0, 0)[2] + 1), len(line), high=False)


def has_ended(cycle: Cycle, lifecycle: Lifecycle, as_of: date) -> bool:
    """Return whether the line's last supported day is over. Without a recorded day, from the table's date on."""
    if cycle.end:
        return as_of > cycle.end
    return cycle.ended and as_of >= lifecycle.table_date


def recommended(lifecycle: Lifecycle, as_of: date) -> Cycle | None:
    """Return the line to move to: the newest living one, with long-term support where the product has such lines."""
    living = [
        cycle
        for cycle in lifecycle.cycles
        if not has_ended(cycle, lifecycle, as_of) and (cycle.released is None or cycle.released <= as_of)
    ]
    lasting = [cycle for cycle in living if cycle.lts]
    return next(iter(lasting or living), None)
