"""The grade as the document from which shields.io draws a badge."""

from __future__ import annotations

from bot import badge
from bot.report.renderer import Options, Renderer
from bot.scorecard import Report


def render(report: Report, options: Options) -> str:
    """Return the document."""
    del options
    return badge.endpoint(report)


# A file's last suffix alone would say the JSON report.
RENDERER = Renderer(name="shields", title="the grade for a badge of shields.io", suffix=".shields.json", render=render)
