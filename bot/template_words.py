"""The words that templates have beside their values: names cut to a length, figures as they are said. Frozen.

What a template is given is a frozen value whose fields say their type and, as `Annotated`, what they mean. Functions
say it in their own docstring. docs/templates.md is printed from both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from analyzers.model.skipped import Skipped
from bot import standing, wording
from bot.markup import Raw

Say: TypeAlias = Callable[..., object]
"""A function of a template: what it takes and returns stands in its own signature."""


@dataclass(frozen=True, slots=True)
class Shortened:
    """Return text of a stranger with what cannot be seen written out, and cut in its middle where it is long."""

    letters: int

    def __call__(self, text: str | None) -> str:
        """See the class."""
        return wording.name(text, self.letters)


@dataclass(frozen=True, slots=True)
class More:
    """Return a line that counts the entries of a list beyond those that are shown; empty where there are none.

    ``beyond`` are entries that the list itself does not hold.
    """

    rows: int
    lead: str = "…and"

    def __call__(self, entries: Sequence[object], rows: int | None = None, beyond: int = 0) -> Raw:
        """See the class."""
        left = max(0, len(entries) - (self.rows if rows is None else rows)) + beyond
        return Raw(f"\n{self.lead} {left:,} more\n") if left > 0 else Raw("")


@dataclass(frozen=True, slots=True)
class Example:
    """Return what names something that was not judged: its path, its source and the detail, with commas."""

    letters: int

    def __call__(self, entry: Skipped) -> str:
        """See the class."""
        parts = (wording.name(part, self.letters) for part in (entry.path, entry.source, entry.detail))
        return ", ".join(filter(None, parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Figures in words."""

    count: Say = wording.count
    work: Say = wording.work
    score: Say = wording.score
    won: Say = standing.won


def given(values: Words) -> Mapping[str, Any]:
    """Return the values of a template by name."""
    return {field.name: getattr(values, field.name) for field in fields(values)}
