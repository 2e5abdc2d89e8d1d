"""Hotspots as Markdown that fits into an issue or a comment."""

from __future__ import annotations

from bot import hotspot_words, remedies, standing, wording
from bot.hotspots import HotspotReport, fewest_first, part
from bot.markup import insist
from bot.markup import render as draw
from bot.report.hotspot_values import HotspotValues
from bot.report.renderer import HotspotRenderer, Options
from bot.report.template_values import Spot
from bot.template_words import Example, More, Shortened, given

TEMPLATE = "hotspots.md.j2"
# GitHub takes 65,536 characters; the rest is for whoever puts a sentence of their own around it.
_MOST = 60_000
# Rows of each list and letters of each name, tried from the top until the text fits.
_LEVELS = ((400, 120), (100, 100), (25, 80), (15, 80), (10, 60), (5, 40), (3, 20))


def render(report: HotspotReport, options: Options) -> str:
    """Return the report; what does not fit is counted in its place. ``options.files_first`` lists all files."""
    text = ""
    for rows, letters in _LEVELS:
        text = draw(TEMPLATE, given(_values(report, min(rows, report.top or rows), letters, files=options.files_first)))
        if len(text) <= _MOST:
            break
    insist(TEMPLATE, len(text), _MOST)
    return text


def _values(report: HotspotReport, rows: int, letters: int, *, files: bool) -> HotspotValues:
    first = next(iter(report.functions), None)
    every = files or report.has_lines
    causes = remedies.causes(report.skipped)
    return HotspotValues(
        report=report,
        rows=rows,
        few=part(rows),
        commit=standing.place_of(report.repository),
        commits=f"{hotspot_words.commits(report.history)}." if report.history else "",
        claim=hotspot_words.nothing(report) or hotspot_words.caveat(report),
        first=first,
        facts=hotspot_words.facts(report, first) if first else (),
        functions=report.functions,
        files=report.files if every else report.elsewhere,
        files_title="Files, the most debt first" if every else hotspot_words.ELSEWHERE,
        couplings=report.couplings,
        folders=fewest_first(report.folders),
        causes=causes,
        skipped=wording.count(sum(cause.count for cause in causes), "entry", "entries"),
        name=Shortened(letters),
        place=Spot(letters),
        example=Example(letters),
        more=More(rows, "and"),
    )


HOTSPOTS = HotspotRenderer(name="markdown", title="Markdown for issues", suffix=".md", render=render)
