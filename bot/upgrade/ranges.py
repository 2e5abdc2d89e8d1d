"""What is written in place of a requirement so that it takes a release, by ``[upgrades] range-strategy``. Pure.

- ``replace``: the requirement is changed where it keeps the release out, in its own style: ``^1.2`` becomes ``^2.0``.
- ``widen``: what it admits now stays admitted: ``^1.2 || ^2.0``, ``>=1.2,<3``. Without such a text, as ``replace``.
- ``bump``: its lower bound goes to the release, even where it admits that already: ``^1.2`` becomes ``^1.5``.
- ``auto``: a library's ranges are widened, everything else is replaced.

A version that is pinned is always replaced.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from analyzers.model.scheme import Scheme

Strategy = Literal["auto", "bump", "widen", "replace"]

_FIRST: Final = re.compile(
    r"(?P<operator>>=|\^|~=|~>|~|==|=)?(?P<gap>\s*)v?(?P<version>\d[0-9A-Za-z.+-]*)(?P<wild>\.\*)?"
)
_COMPATIBLE: Final = re.compile(r"(?:~=|\^|~)\s*(?P<version>\d+(?:\.\d+)*)")
_NUMBERS: Final = re.compile(r"\d+(?:\.\d+)*")


def written(
    value: str, target: str, scheme: Scheme, strategy: Strategy, *, current: str | None, library: bool
) -> str | None:
    """Return the new text; ``value`` itself where nothing has to change, None where no safe text is known.

    ``current`` is the version in use, which a widened range goes on admitting.
    """
    if scheme.pinned(value) is not None:
        return scheme.rewrite(value, target)
    chosen = ("widen" if library else "replace") if strategy == "auto" else strategy
    if chosen == "bump":
        bumped = _bumped(value, target, scheme)
        if bumped is not None:
            return bumped
    if scheme.satisfies(target, value):
        return value
    if chosen == "widen" and current is not None:
        widened = _widened(value, target, scheme, current)
        if widened is not None:
            return widened
    return scheme.rewrite(value, target)


def _bumped(value: str, target: str, scheme: Scheme) -> str | None:
    """Raise the first lower bound of what admits the target, or of what has been rewritten to do so."""
    base = value if scheme.satisfies(target, value) else scheme.rewrite(value, target)
    found = _FIRST.match(base.strip()) if base else None
    if base is None or found is None or "||" in base:
        return None
    numbers = _NUMBERS.match(target.removeprefix("v"))
    if numbers is None or found["wild"] or found["operator"] in {None, "==", "="}:
        return base
    precision = found["version"].count(".") + 1
    whole = numbers[0].split(".")
    new = target.removeprefix("v") if precision >= len(whole) else ".".join(whole[:precision])
    text = base.strip()
    text = f"{text[: found.start('version')]}{new}{text[found.end('version') :]}"
    return text if scheme.is_constraint(text) and scheme.satisfies(target, text) else base


def _widened(value: str, target: str, scheme: Scheme, current: str) -> str | None:
    """Return a range that admits both versions, written as people of that world write it."""
    for text in _wider(value, target, scheme):
        if text and scheme.is_constraint(text) and scheme.satisfies(target, text) and scheme.satisfies(current, text):
            return text
    return None


def _wider(value: str, target: str, scheme: Scheme) -> list[str | None]:
    rewritten = scheme.rewrite(value, target)
    if scheme.name == "npm":
        # A union holds its new side already; what was rewritten in one piece is the new side.
        return [rewritten, f"{value} || {rewritten}" if rewritten and "||" not in value else None]
    bounded = _as_bounds(value) if scheme.name == "pep440" else None
    return [rewritten, scheme.rewrite(bounded, target) if bounded else None]


def _as_bounds(value: str) -> str | None:
    """Return ``~=1.2`` or ``^1.2`` as ``>=1.2,<2``, whose upper bound can be raised."""
    found = _COMPATIBLE.fullmatch(value.strip())
    if found is None:
        return None
    numbers = [int(part) for part in found["version"].split(".")]
    if value.strip().startswith("^"):
        at = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
    else:
        at = max(0, len(numbers) - 2)
    beyond = ".".join(str(number) for number in (*numbers[:at], numbers[at] + 1))
    return f">={found['version']},<{beyond}"
