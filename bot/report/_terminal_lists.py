"""The lists of the terminal's report: ends, hotspots, what was not judged, every finding, the inventory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Column
from rich.text import Text

from analyzers.model.finding import Confidence
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import Skipped
from bot import remedies, standing, wording
from bot.ends import End, ends_of
from bot.remedies import Cause
from bot.report._terminal_parts import (
    INDENT,
    SEVERITY_STYLES,
    grid,
    heading,
    indented,
    more,
    number,
    spark,
    styled,
    words,
)
from bot.scorecard import Accepted, Charged, Hotspot, Report

_ROOMY = 72
_ENDS = 8
_HOTSPOTS = 5
_NEW = 5
_EXAMPLES = 2
# Left out on purpose: named, but not explained each time.
_DELIBERATE = frozenset({"vendored", "generated", "ignored", "submodule", "local-path"})


def new(report: Report) -> Iterator[RenderableType]:
    """Yield what the baseline lacks, the dearest first."""
    found = [charged for charged in report.findings if charged.new]
    if not found:
        return
    yield heading("New since the baseline")
    yield grid(words(), rows=([_finding_line(charged)] for charged in found[:_NEW]))
    yield from more(len(found) - _NEW)


def ends(report: Report, width: int) -> Iterator[RenderableType]:
    """Yield what has ended or will end, by date."""
    found = ends_of(report)
    if not found:
        return
    yield heading("Ends of life")
    rows = ([Text(str(end.day), style=_age(end)), *_end(end, roomy=width >= _ROOMY)] for end in found[:_ENDS])
    columns = [Column(no_wrap=True), words(), words()] if width >= _ROOMY else [Column(no_wrap=True), words()]
    yield grid(*columns, rows=rows)
    yield from more(len(found) - _ENDS)


def _end(end: End, *, roomy: bool) -> Iterator[Text]:
    what = styled(wording.name(end.title), _age(end) if end.days < 0 else "")
    what.append(f"  {end.when}", style="dim")
    first = end.places[0].finding
    where = styled(f"{wording.name(first.path)}:{first.line}", "dim")
    others = len(end.places) - 1 + max(0, end.more)
    if others:
        where.append(f" and {wording.count(others, 'other place')}", style="dim")
    if roomy:
        yield what
        yield where
    else:
        yield what.append("\n").append(where)


def _age(end: End) -> str:
    return "red" if end.days < 0 else "yellow"


def hotspots(report: Report, width: int) -> Iterator[RenderableType]:
    """Yield the worst hotspots."""
    if not report.hotspots:
        return
    yield heading("Hotspots: complex and often changed")
    shown = report.hotspots[:_HOTSPOTS]
    if width >= _ROOMY:
        columns = [words("function"), words("where"), number("complexity"), number("changes"), number("authors")]
        if width >= _ROOMY + 24 and any(spot.trend for spot in shown):
            columns.append(Column("by month", no_wrap=True))
        yield grid(*columns, rows=(list(_hotspot(spot))[: len(columns)] for spot in shown))
    else:
        rows = ([Text(wording.name(spot.function)).append("\n").append(_short(spot))] for spot in shown)
        yield grid(words(), rows=rows)
    yield from more(len(report.hotspots) - _HOTSPOTS, "debtscan hotspots")


def _hotspot(spot: Hotspot) -> Iterator[Text]:
    yield Text(wording.name(spot.function, 60))
    yield Text(f"{wording.name(spot.path)}:{spot.line}", style="dim")
    yield Text(str(spot.complexity))
    yield Text(str(spot.revisions))
    yield Text(str(spot.authors))
    yield spark(spot.trend)


def _short(spot: Hotspot) -> Text:
    figures = f"complexity {spot.complexity}, {wording.count(spot.revisions, 'change')}"
    return Text(f"{wording.name(spot.path)}:{spot.line}\n{figures}", style="dim")


def skipped(found: Iterable[Skipped], *, details: bool) -> Iterator[RenderableType]:
    """Yield what was not judged, by reason: how often, where for example, and how to mend it."""
    causes = remedies.causes(found)
    if not causes:
        return
    yield heading("Not judged")
    rows: list[Sequence[Text]] = []
    for cause in causes:
        if cause.reason in _DELIBERATE and not details:
            continue
        rows.append((Text(f"{cause.count:,}", style="yellow"), _cause(cause, len(cause.entries) if details else None)))
    deliberate = [cause for cause in causes if cause.reason in _DELIBERATE]
    if deliberate and not details:
        total = sum(cause.count for cause in deliberate)
        named = ", ".join(f"{wording.count(cause.count, cause.reason, cause.reason)}" for cause in deliberate)
        rows.append((Text(f"{total:,}", style="dim"), Text(f"left out on purpose: {named}", style="dim")))
    yield grid(number(), words(), rows=rows)


def _cause(cause: Cause, examples: int | None) -> Text:
    line = styled(cause.reason, "bold")
    line.append(f": {cause.remedy.meaning}")
    shown = _EXAMPLES if examples is None else examples
    for entry in cause.entries[:shown]:
        line.append(f"\n{_example(entry)}", style="dim")
    if cause.count > shown:
        line.append(f"\nand {cause.count - shown:,} more", style="dim")
    line.append(f"\n→ {cause.remedy.mend}")
    return line


def _example(entry: Skipped) -> str:
    subject = entry.subject.name if entry.subject and entry.subject.ecosystem != "file" else ""
    where = ", ".join(filter(None, (wording.name(subject), wording.name(entry.path), wording.name(entry.source))))
    return f"{where}: {wording.prose(entry.detail)}" if entry.detail else where


def accepted(report: Report) -> Iterator[RenderableType]:
    """Yield what people set aside, until when and why."""
    if not report.ignored:
        return
    yield heading("Accepted")
    rows = (
        [
            Text("false positive" if entry.false_positive else wording.work(entry.charged.points)),
            _accepted_line(entry),
        ]
        for entry in sorted(report.ignored, key=lambda entry: (entry.false_positive, entry.until))
    )
    yield grid(number(), words(), rows=rows)


def _accepted_line(entry: Accepted) -> Text:
    finding = entry.charged.finding
    line = Text(wording.name(finding.title))
    line.append(f"  {wording.name(finding.path)}:{finding.line}", style="dim")
    return line.append(f"\nuntil {entry.until}: {wording.prose(entry.reason)}", style="dim")


def findings(report: Report) -> Iterator[RenderableType]:
    """Yield every finding, by file; the file with most debt first."""
    if not report.findings:
        return
    by_file: dict[str, list[Charged]] = defaultdict(list)
    for charged in report.findings:
        by_file[charged.finding.path].append(charged)
    worst_first = sorted(by_file.items(), key=lambda pair: (-sum(charged.points for charged in pair[1]), pair[0]))
    yield heading("Findings by file")
    for path, members in worst_first:
        owners = " ".join(wording.name(owner, 60) for owner in members[0].owners)
        yield indented(styled(wording.name(path), "bold").append(f"  {owners}" if owners else "", style="dim"))
        members.sort(key=lambda charged: (charged.finding.line, charged.finding.column, charged.fingerprint))
        # Not a grid: that measures every row twice, which is felt with thousands of findings.
        for charged in members:
            yield Padding(_first_line(charged), (0, 0, 0, 2 * INDENT))
            yield Padding(_rest(charged), (0, 0, 0, 4 * INDENT))
        yield Text()


def _first_line(charged: Charged) -> Text:
    finding = charged.finding
    line = styled(f"{finding.line}: ", "dim")
    if charged.new:
        line.append("new ", style="bold green")
    line.append(finding.severity.value, style=SEVERITY_STYLES[finding.severity])
    return line.append(f" {wording.name(finding.title)}", style="bold")


def _rest(charged: Charged) -> Text:
    finding = charged.finding
    price = f"{wording.work(finding.minutes)}, {standing.lost(charged.score_lost)} of the score"
    doubt = "" if finding.confidence == Confidence.HIGH else f" · {finding.confidence} confidence"
    return Text(wording.prose(finding.message)).append(f"\n{finding.rule} · {price}{doubt}", style="dim")


def _finding_line(charged: Charged) -> Text:
    finding = charged.finding
    line = styled(finding.severity.value, SEVERITY_STYLES[finding.severity])
    line.append(f" {wording.name(finding.title)}")
    return line.append(f"  {wording.name(finding.path)}:{finding.line}", style="dim")


def inventory(report: Report, width: int) -> Iterator[RenderableType]:
    """Yield every dependency that was read, by file."""
    listed = report.inventory.dependencies
    if not listed:
        yield Text("Nothing was read: no manifest that debtscan knows.")
    for path, members in groupby(sorted(listed, key=lambda entry: entry.place), key=lambda entry: entry.place.path):
        yield Text(wording.name(path), style="bold")
        yield grid(number(), *_columns(width), rows=(_dependency(entry, width) for entry in members))
    if listed:
        files = len({entry.place.path for entry in listed})
        unfit = sum(entry.skip_reason is not None for entry in listed)
        total = f"{wording.count(len(listed), 'dependency', 'dependencies')} in {wording.count(files, 'file')}"
        yield Text(f"\n{total}" + (f", {unfit:,} of them cannot be judged" if unfit else ""))


def _columns(width: int) -> Iterable[Column]:
    return (words(), words(), words(), words()) if width >= _ROOMY else (words(),)


def _dependency(entry: Dependency, width: int) -> Sequence[Text]:
    cells = [
        Text(wording.name(entry.name)),
        Text(wording.name(entry.value), style="cyan"),
        Text(f"locked {wording.name(entry.locked_version)}" if entry.locked_version else ""),
        Text(entry.skip_reason or entry.kind, style="yellow" if entry.skip_reason else "dim"),
    ]
    line = Text(str(entry.place.line), style="dim")
    return (line, *cells) if width >= _ROOMY else (line, Text("  ").join(cell for cell in cells if cell.plain))
