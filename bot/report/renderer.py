"""What a report format states about itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.scorecard import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to draw: `width` in columns, `colour` for terminals; `details` shows every finding, not only the best."""

    width: int = 100
    colour: bool = False
    details: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """One report format. A file in ``report/`` states one as ``RENDERER``; its `name` is the file's name.

    `render` is pure: a Report in, text out (UTF-8 when written to a file).
    """

    name: str
    title: str
    suffix: str
    render: Callable[[Report, Options], str]
