"""The grade as a picture for a page: SVG."""

from __future__ import annotations

from bot import badge
from bot.report.renderer import Options, Renderer
from bot.scorecard import Report


def render(report: Report, options: Options) -> str:
    """Return the badge."""
    del options
    return badge.svg(report)


RENDERER = Renderer(name="badge", title="the grade as a badge (SVG)", suffix=".svg", render=render)
