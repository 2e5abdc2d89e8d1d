"""Figures and names in words, as the HTML report shows them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.markup import visible

_HOUR = 60
# Longer names are cut in the middle: both ends of a path tell more than its middle does.
_NAME = 160
_SMALL = 0.1
_TWO_YEARS = 730
_STEPS = "▁▂▃▄▅▆▇█"


def work(minutes: int) -> str:
    """Return minutes of work: ``45 min``, ``2.5 h``, ``1,240 h``."""
    if minutes < _HOUR:
        return f"{minutes} min"
    hours = minutes / _HOUR
    return f"{_trimmed(hours)} h" if hours < 10 else f"{hours:,.0f} h"  # noqa: PLR2004 - a tenth no longer matters


def score(value: float) -> str:
    """Return a score, rounded down as grades are: 89.96 is not 90."""
    return f"{tenths(value) / 10:.1f}".removesuffix(".0")


def tenths(value: float) -> int:
    """Return a score in the tenths that are shown."""
    return int(value * 10 + 1e-6)


def change(value: float) -> str:
    """Return a gain or a loss of score; one too small to show is ``< 0.1``, never ``0``."""
    return "< 0.1" if 0 < value < _SMALL else f"{value:.1f}"


def years(value: float) -> str:
    """Return libyears."""
    return _trimmed(value)


def span(days: int) -> str:
    """Return how long ``days`` are: ``10 days``, ``4.2 years``."""
    return count(days, "day") if days < _TWO_YEARS else f"{days / 365.25:.1f} years"


def listed(parts: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def count(number: int, one: str, many: str = "") -> str:
    """Return ``1 file``, ``2 files``, ``1,200 files``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def steps(values: Sequence[int | None]) -> str:
    """Return a line of small columns, one a value, the highest being the largest; a blank where one is not known."""
    top = max((value for value in values if value is not None), default=0)
    return "".join(" " if value is None else _step(value, top) for value in values)


def _step(value: int, top: int) -> str:
    # Nothing is the lowest step, and a little is not nothing.
    return _STEPS[max(1, value * 7 // top)] if value else _STEPS[0]


def name(text: str | None, limit: int = _NAME) -> str:
    """Return a name from a repository so that nothing in it is invisible and it stays short."""
    shown = visible(text or "")
    if len(shown) <= limit:
        return shown
    return f"{shown[: limit // 2]}…{shown[1 - limit // 2 :]}"


def prose(text: str) -> str:
    """Return a sentence that may hold such names: shown whole unless it is far too long."""
    return name(text, 600)


def sentence(text: str) -> str:
    """Return a sentence of its own: with a large letter at the beginning and a full stop at the end."""
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."


def _trimmed(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")
