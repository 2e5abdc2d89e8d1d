"""The scorecard as Markdown that fits into an issue or a comment."""

from __future__ import annotations

from bot.report import _markdown
from bot.report.renderer import Options, Renderer
from bot.scorecard import Report

# GitHub takes 65,536 characters; the rest is for whoever puts a sentence of their own around it.
MOST = 60_000


def render(report: Report, options: Options) -> str:
    """Return the scorecard; ``options.details`` shows the findings unfolded."""
    return _markdown.draw(report, MOST, unfolded=options.details)


RENDERER = Renderer(name="markdown", title="Markdown for issues and job summaries", suffix=".md", render=render)
