"""What stands beside functions in the terminal's report of hotspots: files, couplings, folders."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from rich.console import RenderableType
from rich.table import Column
from rich.text import Text

from analyzers.model.history import Coupling, FolderKnowledge
from bot import hotspot_words, wording
from bot.hotspots import HotspotReport, Row, fewest_first, part
from bot.report._terminal_parts import grid, heading, more, number, words
from bot.scorecard import FileSize

_AUTHOR = 24
_ROOMY = 100
_WIDE = 110


def files(report: HotspotReport, width: int) -> Iterator[RenderableType]:
    """Yield all files in their order."""
    if report.files:
        yield heading("Files, the most debt first")
        yield _files(report.rows(report.files), width)
        yield from more(len(report.files) - len(report.rows(report.files)))


def elsewhere(report: HotspotReport, width: int) -> Iterator[RenderableType]:
    """Yield the files of which no function was measured."""
    found = report.elsewhere
    if not found:
        return
    shown = report.rows(found) if report.is_mostly_unmeasured else _part(report, found)
    yield heading(hotspot_words.ELSEWHERE)
    yield _files(shown, width)
    yield from more(len(found) - len(shown))


def _files(shown: Sequence[FileSize], width: int) -> RenderableType:
    columns = [words("file", 1), number("lines"), number("changes"), number("people"), number("fixes")]
    if any(size.added is not None for size in shown):
        columns.append(number("lines ±"))
    if width >= _ROOMY and any(size.months for size in shown):
        columns.append(Column("over time", no_wrap=True))
    if width >= _WIDE and any(size.main_author for size in shown):
        columns.append(words("main author"))
    return grid(*columns, rows=(tuple(_file(size, {str(one.header) for one in columns})) for size in shown))


def _file(size: FileSize, columns: Collection[str]) -> Iterator[Text]:
    yield Text(wording.name(size.path))
    yield Text(f"{size.lines:,}")
    yield Text(f"{size.revisions:,}")
    yield Text(f"{size.authors:,}")
    yield Text(f"{size.fixes:,}")
    if "lines ±" in columns:
        yield Text(f"+{size.added or 0:,} −{size.deleted or 0:,}")
    if "over time" in columns:
        yield Text(hotspot_words.commits_over_time(size.months), style="cyan")
    if "main author" in columns:
        yield Text(_author(size), style="dim")


def _author(size: FileSize) -> str:
    if size.main_author is None:
        return ""
    gone = "" if size.present_author == size.main_author else ", gone"
    return f"{wording.name(size.main_author, _AUTHOR)}, {hotspot_words.percent(size.main_share or 0)}{gone}"


def couplings(report: HotspotReport) -> Iterator[RenderableType]:
    """Yield files of different folders that change together, the most often first."""
    shown = _part(report, report.couplings)
    if shown:
        yield heading("Change together, across folders")
        yield grid(number(), words("", 1), rows=(_coupling(coupling) for coupling in shown))
        yield from more(len(report.couplings) + report.more_couplings - len(shown))


def _coupling(coupling: Coupling) -> Sequence[Text]:
    both = Text()
    for path, revisions in ((coupling.one, coupling.one_revisions), (coupling.other, coupling.other_revisions)):
        share = hotspot_words.percent(coupling.together / revisions) if revisions else "0 %"
        both.append("\n" if both.plain else "").append(wording.name(path))
        both.append(f"  {share} of its {wording.count(revisions, 'commit')}", style="dim")
    return Text(f"{coupling.together:,} ×", style="bold"), both


def folders(report: HotspotReport) -> Iterator[RenderableType]:
    """Yield who knows which folder, the whole first, then where fewest people do."""
    ordered = fewest_first(report.folders)
    shown = _part(report, ordered)
    if shown:
        yield heading("Who knows what")
        columns = (words("folder", 1), number("files"), number("authors"), number("gone"), number("bus factor"))
        yield grid(*columns, rows=(_folder(folder) for folder in shown))
        yield from more(len(ordered) - len(shown))


def _folder(folder: FolderKnowledge) -> Sequence[Text]:
    figures = (folder.files, folder.authors, folder.gone, folder.bus_factor)
    return Text(wording.name(folder.path) or "everything"), *(Text(f"{figure:,}") for figure in figures)


def _part(report: HotspotReport, found: tuple[Row, ...]) -> tuple[Row, ...]:
    return found[: part(report.top) or None]
