"""Hotspots as one self-contained HTML page: the map, and every list beside it in a table that can be sorted."""

from __future__ import annotations

from collections.abc import Iterator

from bot import hotspot_words, remedies
from bot.hotspots import HotspotReport
from bot.markup import render as draw
from bot.report import _hotspot_section
from bot.report._self_contained import Finished, icon, inlined, policy
from bot.report.renderer import HotspotRenderer, Options
from bot.scorecard import Hotspot
from bot.standing import place_of

_MOST_ROWS = 200
"""Rows of a list in the page, where more would only make it slow; with --top 0 the other number holds."""
_ALL_ROWS = 1000


def render(report: HotspotReport, options: Options) -> str:
    """Return the page; ``options.files_first`` begins with files. It fits every width and both colour schemes."""
    style = "".join(inlined(name) for name in ("report.css", *_hotspot_section.STYLES))
    script = _hotspot_section.scripts()
    values = {
        **_hotspot_section.values(
            functions=report.functions,
            files=report.files,
            all_files=report.map,
            couplings=report.couplings,
            more_couplings=report.more_couplings,
            folders=report.folders,
            history=report.history,
            step=report.top or _ALL_ROWS,
            most=max(report.top, _MOST_ROWS) if report.top else _ALL_ROWS,
        ),
        "report": report,
        "place": place_of(report.repository),
        "claim": hotspot_words.nothing(report) or hotspot_words.caveat(report),
        "targets": tuple(_targets(report)),
        "files_first": options.files_first,
        "causes": remedies.causes(report.skipped),
        "policy": policy(style, script),
        "icon": icon("H"),
        "style": Finished(style),
        "script": Finished(script),
    }
    return draw("hotspots.html.j2", {**values, "sections": tuple(_navigation(report))})


def _targets(report: HotspotReport) -> Iterator[tuple[Hotspot, tuple[hotspot_words.Fact, ...]]]:
    """Yield each function of which is known how to take it apart, with all that is known of it."""
    for spot in report.rows(report.functions):
        if report.target_of(spot):
            yield spot, hotspot_words.facts(report, spot)


def _navigation(report: HotspotReport) -> Iterator[tuple[str, str]]:
    places = (
        ("hotspots", "Hotspots", True),
        ("targets", "What to take out", report.targets),
        ("files", "Files", report.files),
        ("couplings", "Changed together", report.couplings),
        ("folders", "Folders", report.folders),
        ("skipped", "Not judged", True),
    )
    return ((place, title) for place, title, there in places if there)


HOTSPOTS = HotspotRenderer(name="html", title="one self-contained HTML page with a map", suffix=".html", render=render)
