"""What a report format states about itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.hotspots import HotspotReport
    from bot.scorecard import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to draw: `width` in columns, `colour` for terminals; `details` shows everything, not only the best.

    `files_first` lets a list of hotspots begin with files instead of functions.
    """

    width: int = 100
    colour: bool = False
    details: bool = False
    files_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format of one kind of report. What it renders with is pure: a report in, text out (UTF-8 in a file)."""

    name: str
    title: str
    suffix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer(Format):
    """A format of a scan's report. A file in ``report/`` states one as ``RENDERER``; its `name` is the file's name."""

    render: Callable[[Report, Options], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotRenderer(Format):
    """A format of the report of hotspots: a file ``report/hotspots_NAME.py`` states one as ``HOTSPOTS``."""

    render: Callable[[HotspotReport, Options], str]
