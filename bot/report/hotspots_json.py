"""Hotspots as JSON, byte for byte the same for the same facts."""

from __future__ import annotations

from bot.hotspots import HotspotReport
from bot.report import _document as document
from bot.report import _hotspot_document as hotspots
from bot.report._encoded import encoded, same, schema_of
from bot.report.renderer import HotspotRenderer, Options


def render(report: HotspotReport, options: Options) -> str:
    """Return the document of ``debtscan hotspots``."""
    del options
    rows = report.rows
    return encoded(
        hotspots.HotspotDocument(
            schema_version=document.SCHEMA_VERSION,
            tool=document.Tool(name="debtscan", version=report.version, ruleset=report.ruleset),
            scanned_at=report.scanned_at,
            as_of=report.as_of,
            repository=same(report.repository, document.RepositoryPart),
            top=report.top,
            accepted=report.accepted,
            history=hotspots.counted(report.history),
            hotspots=hotspots.functions(rows(report.functions)),
            hotspot_files=hotspots.files(rows(report.files)),
            couplings=hotspots.couplings(rows(report.couplings)),
            more_couplings=report.more_couplings,
            folders=hotspots.folders(report.folders),
            targets=tuple(hotspots.targets(report)),
            skipped=tuple(document.skipped(entry) for entry in report.skipped),
            timings=document.timings(report.timings),
        )
    )


def schema() -> str:
    """Return the JSON Schema of the document, as docs/schemas/hotspots-1.json holds it."""
    return schema_of(hotspots.HotspotDocument, "debtscan hotspots")


HOTSPOTS = HotspotRenderer(name="json", title="JSON, everything for programs", suffix=".json", render=render)
