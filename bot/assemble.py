"""One scan's result to the Report that every renderer draws: prices, shares, fingerprints, owners, best fixes. Pure."""

from __future__ import annotations

import functools
import hashlib
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from analyzers.model.finding import GROUPS, Finding, Scalar
from analyzers.model.inventory import Function, Inventory
from analyzers.model.subject import SubjectKey
from analyzers.repository.paths import owners_of
from analyzers.scan import ScanResult
from analyzers.set_aside import Ignored
from bot import VERSION, score
from bot.file_sizes import file_sizes
from bot.fixes import best_fixes
from bot.ruleset import RULESET, grade
from bot.scorecard import Accepted, Charged, GroupShare, Hotspot, Report, Scorecard
from bot.shares import OwnersOf, path_shares
from bot.tables import table_ages

HOTSPOT_RULE = "complexity-hotspot"


def build(
    result: ScanResult,
    *,
    scanned_at: datetime,
    baseline: Container[str] | None = None,
) -> Report:
    """Return the Report of a scan. ``baseline`` holds the fingerprints known before; the others are new."""
    rules = result.inventory.owners
    owners = functools.cache(lambda path: owners_of(path, rules))
    charged = _charge(result.findings, score.size(result.inventory.sources), owners, baseline)
    return Report(
        version=VERSION,
        ruleset=RULESET,
        scanned_at=scanned_at,
        as_of=result.as_of,
        offline=result.offline,
        repository=result.inventory.repository,
        inventory=result.inventory,
        findings=tuple(sorted(charged, key=_worst_first)),
        ignored=_accept(result.ignored, owners, baseline),
        hotspots=_hotspots(charged, result.inventory),
        files=file_sizes(charged, result.inventory),
        scorecard=_scorecard(result, charged, owners),
        skipped=result.skipped,
        tables=table_ages(result.as_of),
        timings=dict(result.timings),
    )


def fingerprints(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return what names each finding across scans: rule, path and identity, and which one of its like it is.

    Lines take no part, so a finding keeps its name when it moves within its file.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    made: list[str] = []
    for finding in findings:
        like = (finding.rule, finding.path, finding.identity)
        text = "\0".join((*like, str(seen[like])))
        seen[like] += 1
        # A file name that is no UTF-8 holds half a surrogate pair.
        made.append(hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:20])
    return tuple(made)


def _charge(
    findings: Sequence[Finding], size: float, owners: OwnersOf, baseline: Container[str] | None
) -> tuple[Charged, ...]:
    priced = score.price(findings)
    lost = score.losses([price.points for price in priced], [finding.group for finding in findings], size)
    return tuple(
        Charged(
            finding=finding,
            points=price.points,
            score_lost=loss,
            fingerprint=fingerprint,
            owners=owners(finding.path),
            new=None if baseline is None else fingerprint not in baseline,
        )
        for finding, price, loss, fingerprint in zip(findings, priced, lost, fingerprints(findings), strict=True)
    )


def _accept(ignored: Sequence[Ignored], owners: OwnersOf, baseline: Container[str] | None) -> tuple[Accepted, ...]:
    charged = _charge([entry.finding for entry in ignored], 1.0, owners, baseline)
    return tuple(
        Accepted(
            # Set aside, it takes nothing from the score.
            charged=replace(price, score_lost=0.0),
            reason=entry.reason,
            until=entry.until,
            false_positive=entry.false_positive,
        )
        for entry, price in zip(ignored, charged, strict=True)
    )


def _worst_first(charged: Charged) -> tuple[int, str, int, int, str, str]:
    finding = charged.finding
    return (-charged.points, finding.path, finding.line, finding.column, finding.rule, charged.fingerprint)


def _scorecard(result: ScanResult, charged: Sequence[Charged], owners: OwnersOf) -> Scorecard:
    findings, unknown = result.findings, score.unknown_subjects(result.skipped)
    size = score.size(result.inventory.sources)
    points = sum(entry.points for entry in charged)
    value = score.score(points, size)
    accepted = [entry.finding for entry in result.ignored if not entry.false_positive]
    return Scorecard(
        score=value,
        # The size at the quarter's start is not known from one scan, so the lower bound does without it.
        low=score.score(score.low_points(findings, unknown), 1.0),
        high=score.score(score.high_points(findings), size),
        grade=grade(value),
        points=points,
        effort_minutes=sum(price.effort for price in score.price(findings)),
        libyears=_libyears(findings),
        size=round(size, 4),
        groups=_groups(charged),
        accepted_minutes=score.total_points(accepted),
        accepted_until=min((entry.until for entry in result.ignored if not entry.false_positive), default=None),
        best=best_fixes(findings, [entry.fingerprint for entry in charged], size),
        paths=path_shares(charged, result.inventory, owners),
        unknown=len(unknown),
    )


def _groups(charged: Sequence[Charged]) -> tuple[GroupShare, ...]:
    """Return one share a group, in the order of the contract; groups without findings take nothing."""
    effort = score.price([entry.finding for entry in charged])
    return tuple(
        GroupShare(
            group=group,
            score_lost=score.summed(entry.score_lost for entry in charged if entry.finding.group == group),
            findings=sum(entry.finding.group == group for entry in charged),
            points=sum(entry.points for entry in charged if entry.finding.group == group),
            effort_minutes=sum(
                price.effort for entry, price in zip(charged, effort, strict=True) if entry.finding.group == group
            ),
        )
        for group in GROUPS
    )


def _libyears(findings: Iterable[Finding]) -> float:
    """Return the years behind of all subjects; one that stands in several files counts once, where it is worst."""
    behind: dict[SubjectKey, float] = defaultdict(float)
    for finding in findings:
        years = finding.details.get("libyears")
        if isinstance(years, (int, float)):
            behind[finding.key] = max(behind[finding.key], years)
    return round(sum(behind[key] for key in sorted(behind)), 2)


def _hotspots(charged: Iterable[Charged], inventory: Inventory) -> tuple[Hotspot, ...]:
    # A file may have several functions of one name: the line tells them apart.
    functions = {(function.path, function.name, function.line): function for function in inventory.functions}
    growth = {(trend.path, trend.name, trend.line): trend.months for trend in inventory.trends}
    found = []
    for entry in charged:
        place = (entry.finding.path, _function_of(entry.finding), entry.finding.line)
        if entry.finding.rule == HOTSPOT_RULE and place in functions:
            spot = _hotspot(entry, functions[place], growth.get(place, ()))
            found.append((_rank(entry.finding, spot), spot))
    return tuple(spot for _rank, spot in sorted(found, key=lambda pair: pair[0]))


def _rank(finding: Finding, spot: Hotspot) -> tuple[float, int, str, int]:
    # Not by points: many of the worst have as many as a subject can, whatever lies behind them.
    return (-finding.minutes * finding.exposure, -spot.complexity * spot.revisions, spot.path, spot.line)


def _function_of(finding: Finding) -> str:
    return finding.key.name.removeprefix(f"{finding.path}::")


def _hotspot(charged: Charged, function: Function, complexities: tuple[int | None, ...]) -> Hotspot:
    """Return the row of one finding; its own figures say whose changes were counted, the function's or its file's."""
    details = charged.finding.details
    reasons = details.get("reasons")
    return Hotspot(
        path=function.path,
        function=function.name,
        line=function.line,
        complexity=function.complexity,
        revisions=_number(details.get("revisions")),
        authors=_number(details.get("authors")),
        lines=function.lines,
        points=charged.points,
        reasons=tuple(reasons.split("; ")) if isinstance(reasons, str) else (charged.finding.message,),
        trend=tuple(int(month) for month in str(details.get("months") or "").split(",") if month.isdecimal()),
        complexities=complexities,
        end_line=function.end_line,
        language=function.language,
        nesting=function.nesting,
        parameters=function.parameters,
        fixes=_number(details.get("fixes")),
        effort_minutes=charged.finding.minutes,
        followed=details.get("scope") == "function",
    )


def _number(value: Scalar) -> int:
    return value if isinstance(value, int) else 0
