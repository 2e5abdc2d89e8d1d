"""One self-contained HTML page: it asks nothing of any network, and it reads without scripts as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot import change_words, remedies, standing, wording
from bot.ends import ends_of
from bot.hotspots import counted, ranked
from bot.markup import render as draw
from bot.report import _history_chart, _hotspot_section, _page, _scale
from bot.report._self_contained import Finished, icon, inlined, policy
from bot.report.renderer import Options, Renderer
from bot.ruleset import HALVING_MINUTES, grade
from bot.scorecard import Charged, Report

MAX_CAUSES = 50
_HOTSPOTS = 100
_FIRST_HOTSPOTS = 10
"""Rows of each table of hotspots in the page, and those that are seen without a click."""


def render(report: Report, options: Options) -> str:
    """Return the page. ``options`` do not matter: it fits every width and both colour schemes by itself."""
    del options
    style = "".join(inlined(name) for name in ("report.css", *_hotspot_section.STYLES))
    script = _hotspot_section.scripts("report.js")
    if report.history:
        style += inlined("report_history.css")
    return draw(
        "report.html.j2",
        {
            **_words_for_templates(),
            **_sections(report),
            "policy": policy(style, script),
            "icon": icon(report.scorecard.grade),
            "style": Finished(style),
            "script": Finished(script),
        },
    )


def _sections(report: Report) -> dict[str, object]:
    card = report.scorecard
    rows = _by_points(report.findings)
    ends = ends_of(report)
    missing, shares = _page.shares(card)
    causes = change_words.largest(report.change) if report.change else ()
    found: dict[str, object] = {
        "report": report,
        "as_of": report.as_of,
        "card": card,
        "bands": tuple(_scale.bands()),
        "halving": round(HALVING_MINUTES * card.size),
        "doubts": _page.doubts(report),
        "worst": grade(card.low),
        "promise": standing.promise(card),
        "best": tuple(_page.fixes(card.best, rows)),
        "missing": missing,
        "shares": shares,
        "most_lost": max((share.score_lost for share in card.groups), default=0) or 1,
        "causes_of_change": causes[:MAX_CAUSES],
        "more_causes": len(causes) - MAX_CAUSES,
        "fresh": _fresh(report.findings),
        "ends": ends,
        "line": _page.time_line(ends, report.as_of),
        **_hotspots(report),
        "past": _history_chart.draw(report),
        "course_height": _history_chart.HEIGHT,
        "newest_rows": _history_chart.NEWEST,
        "rows": rows,
        "more_findings": len(report.findings) - len(rows),
        "groups": sorted({row.finding.group for row in rows}),
        "causes": remedies.causes(report.skipped),
        "worlds": _page.worlds(report.inventory.dependencies),
        "pages": _page.rule_pages(report),
    }
    return {**found, "sections": tuple(_navigation(found, report))}


def _navigation(found: dict[str, object], report: Report) -> Iterator[tuple[str, str]]:
    places = (
        ("best", "Best fixes", found["best"]),
        ("change", "Change", found["causes_of_change"]),
        ("groups", "Groups", True),
        ("ends", "Ends", found["ends"]),
        ("history", "History", found["past"]),
        ("hotspots", "Hotspots", found["map"] or report.hotspots),
        ("findings", "Findings", True),
        ("paths", "Paths", report.scorecard.paths),
        ("skipped", "Not judged", True),
        ("ignored", "Accepted", report.ignored),
        ("tables", "Tables", report.tables),
        ("inventory", "Inventory", True),
        ("rules", "Rules", found["pages"]),
    )
    return ((place, title) for place, title, there in places if there)


def _by_points(findings: Sequence[Charged]) -> tuple[Charged, ...]:
    """Return the findings that the page lists; the sort is stable, so equals keep the report's order."""
    return tuple(sorted(findings, key=lambda row: -row.points)[: _page.MAX_FINDINGS])


def _fresh(findings: Sequence[Charged]) -> int | None:
    if all(row.new is None for row in findings):
        return None
    return sum(row.new is True for row in findings)


def _hotspots(report: Report) -> dict[str, object]:
    history = report.inventory.history
    return _hotspot_section.values(
        functions=report.hotspots,
        files=ranked(report.files),
        all_files=report.files,
        couplings=history.couplings if history else (),
        more_couplings=history.more_couplings if history else 0,
        folders=history.folders if history else (),
        history=counted(history) if history else None,
        step=_FIRST_HOTSPOTS,
        most=_HOTSPOTS,
    )


def _words_for_templates() -> dict[str, object]:
    return {
        "work": wording.work,
        "score": wording.score,
        "change": wording.change,
        "years": wording.years,
        "count": wording.count,
        "name": wording.name,
        "prose": wording.prose,
        "is_stale": _page.is_stale,
        "headline": change_words.headline,
        "sentence": change_words.sentence,
        "signed": change_words.signed,
        "points": change_words.points,
    }


RENDERER = Renderer(name="html", title="One self-contained HTML page", suffix=".html", render=render)
