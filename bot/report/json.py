"""The JSON report of docs/contract.md, byte for byte the same for the same facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from analyzers.model.inventory import Dependency
from bot import VERSION
from bot.report import _document as document
from bot.report import _hotspot_document as hotspots
from bot.report import _scorecard_part as parts
from bot.report._change_part import ChangeItemPart, ChangePart
from bot.report._encoded import encoded, same, schema_of
from bot.report.renderer import Options, Renderer
from bot.ruleset import RULESET
from bot.store.model import Entry

if TYPE_CHECKING:
    from bot.change import Change
    from bot.listing import Listing
    from bot.scorecard import Accepted, Charged, Report


def render(report: Report, options: Options) -> str:
    """Return the whole document."""
    # An inventory has nothing of these.
    from bot.hotspots import counted, ranked

    del options
    history = report.inventory.history
    whole = document.Document(
        schema_version=document.SCHEMA_VERSION,
        tool=document.Tool(name="debtscan", version=report.version, ruleset=report.ruleset),
        scanned_at=report.scanned_at,
        as_of=report.as_of,
        offline=report.offline,
        repository=same(report.repository, document.RepositoryPart),
        inventory=tuple(_dependency(dependency) for dependency in report.inventory.dependencies),
        findings=tuple(_finding(charged) for charged in report.findings),
        ignored=tuple(_ignored(accepted) for accepted in report.ignored),
        hotspots=hotspots.functions(report.hotspots),
        hotspot_files=hotspots.files(ranked(report.files)),
        couplings=hotspots.couplings(history.couplings if history else ()),
        more_couplings=history.more_couplings if history else 0,
        folders=hotspots.folders(history.folders if history else ()),
        history=hotspots.counted(counted(history) if history else None),
        scorecard=_scorecard(report),
        skipped=tuple(document.skipped(entry) for entry in report.skipped),
        tables=tuple(same(table, document.TablePart) for table in report.tables),
        timings=document.timings(report.timings),
    )
    return encoded(whole)


def render_inventory(report: Report | Listing) -> str:
    """Return the document of ``debtscan inventory``: without findings, hotspots and scorecard."""
    return encoded(
        document.InventoryDocument(
            schema_version=document.SCHEMA_VERSION,
            tool=document.Tool(name="debtscan", version=report.version, ruleset=report.ruleset),
            scanned_at=report.scanned_at,
            as_of=report.as_of,
            offline=report.offline,
            repository=same(report.repository, document.RepositoryPart),
            inventory=tuple(_dependency(dependency) for dependency in report.inventory.dependencies),
            ignored=tuple(_ignored(accepted) for accepted in report.ignored),
            skipped=tuple(document.skipped(entry) for entry in report.skipped),
            tables=tuple(same(table, document.TablePart) for table in report.tables),
            timings=document.timings(report.timings),
        )
    )


def render_history(repository: str, entries: Iterable[Entry]) -> str:
    """Return the document of ``debtscan history``."""
    return encoded(
        document.HistoryDocument(
            schema_version=document.SCHEMA_VERSION,
            tool=document.Tool(name="debtscan", version=VERSION, ruleset=RULESET),
            repository=repository,
            history=_history(entries),
        )
    )


def schema() -> str:
    """Return the JSON Schema of the document, as docs/schemas/report-1.json holds it."""
    return schema_of(document.Document, "debtscan report")


def _dependency(dependency: Dependency) -> document.DependencyPart:
    return document.DependencyPart(
        ecosystem=dependency.ecosystem,
        name=dependency.name,
        path=dependency.place.path,
        line=dependency.place.line,
        column=dependency.place.column,
        value=dependency.value,
        version=dependency.version,
        locked_version=dependency.locked_version,
        digest=dependency.digest,
        kind=dependency.kind,
        direct=dependency.direct,
        dependency_group=dependency.dependency_group,
        purl=dependency.purl,
        skip_reason=dependency.skip_reason,
    )


def _finding(charged: Charged) -> document.FindingPart:
    finding = charged.finding
    return document.FindingPart(
        id=charged.fingerprint,
        rule=finding.rule,
        group=finding.group,
        severity=finding.severity,
        confidence=finding.confidence,
        title=finding.title,
        message=finding.message,
        path=finding.path,
        line=finding.line,
        column=finding.column,
        end_line=finding.end_line,
        subject=same(finding.subject, document.SubjectPart),
        effort_minutes=finding.minutes,
        points=charged.points,
        score_lost=charged.score_lost,
        fix=same(finding.fix, document.FixPart),
        fingerprint=charged.fingerprint,
        owners=charged.owners,
        new=charged.new,
        facts=dict(sorted(finding.details.items())),
        vulnerabilities=tuple(same(flaw, document.VulnerabilityPart) for flaw in finding.flaws),
    )


def _ignored(accepted: Accepted) -> document.IgnoredPart:
    return document.IgnoredPart(
        **msgspec.structs.asdict(_finding(accepted.charged)),
        reason=accepted.reason,
        until=accepted.until,
        false_positive=accepted.false_positive,
    )


def _scorecard(report: Report) -> parts.ScorecardPart:
    card, ignored = report.scorecard, report.ignored
    return parts.ScorecardPart(
        score=card.score,
        low=card.low,
        high=card.high,
        grade=card.grade,
        points=card.points,
        effort_minutes=card.effort_minutes,
        libyears=card.libyears,
        size=card.size,
        unknown=card.unknown,
        groups=tuple(same(share, parts.GroupPart) for share in card.groups),
        accepted=parts.AcceptedPart(
            points=card.accepted_minutes,
            findings=sum(not entry.false_positive for entry in ignored),
            until=card.accepted_until,
        ),
        best_fixes=tuple(
            parts.BestFixPart(
                title=fix.title,
                findings=fix.fingerprints,
                points=fix.points,
                effort_minutes=fix.minutes,
                score_won=fix.score_won,
                score_after=fix.score_after,
                grade_after=fix.grade_after,
            )
            for fix in card.best
        ),
        paths=tuple(same(share, parts.PathPart) for share in card.paths),
        change=_change(report.change) if report.change else None,
        budgets=(),
        history=_history(report.history),
    )


def _history(entries: Iterable[Entry]) -> tuple[parts.HistoryPart, ...]:
    return tuple(same(entry, parts.HistoryPart) for entry in entries)


def _change(change: Change) -> ChangePart:
    return ChangePart(
        since=change.since.as_of,
        commit=change.since.commit,
        ruleset=change.since.ruleset,
        score_before=change.score_before,
        score_after=change.score_after,
        grade_before=change.grade_before,
        grade_after=change.grade_after,
        points_before=change.points_before,
        points_after=change.points_after,
        own=change.own,
        world=change.world,
        rules=change.rules,
        own_points=change.own_points,
        world_points=change.world_points,
        rules_points=change.rules_points,
        items=tuple(same(item, ChangeItemPart) for item in change.items),
        unsplit=change.unsplit,
    )


RENDERER = Renderer(name="json", title="JSON, the whole report for programs", suffix=".json", render=render)
