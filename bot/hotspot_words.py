"""Hotspots in words, as the terminal's and the Markdown report say them. Pure; names in them are shown safely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from analyzers.model.history import Coupling
from analyzers.model.target import Target
from bot import wording
from bot.hotspots import Counted, HotspotReport
from bot.scorecard import FileSize, Hotspot

ELSEWHERE: Final = "By file, where no function was measured"
Month = TypeVar("Month")

_NAME: Final = 60
# Small columns in a line; of longer windows each holds several months.
_COLUMNS: Final = 24
_PARTNERS: Final = 3
_BRANCHES: Final = 4
_TESTS: Final = 3
# What each filter of the history leaves out, as one commit and as several.
_FILTERS: Final[Mapping[str, tuple[str, str]]] = {
    "merge": ("merge", "merges"),
    "bot": ("by a bot", "by bots"),
    "bulk": ("of too many files at once", "of too many files at once"),
    "rename": ("of renames alone", "of renames alone"),
    "formatting": ("of formatting alone", "of formatting alone"),
    "tests": ("of tests alone", "of tests alone"),
    "generated": ("of generated files", "of generated files"),
    "vendored": ("of vendored files", "of vendored files"),
    "shallow": ("where the clone ends", "where the clone ends"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A file that changes with another: in `together` of the `revisions` of that one."""

    path: str
    together: int
    revisions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that is known of a function, beside why it is a hotspot: a word or two, and lines of text."""

    label: str
    lines: tuple[str, ...]


def facts(report: HotspotReport, spot: Hotspot) -> tuple[Fact, ...]:
    """Return what is known of a function: what it costs, who knows it, what changes with it, what to take out."""
    size = next((size for size in report.map if size.path == spot.path), None)
    target = report.target_of(spot)
    known = {
        "cost": (cost(spot),),
        "size": (size_of(spot),),
        "churn": (lines(size),),
        "known by": (known_by(size),),
        "goes with": changes_with(spot.path, report.couplings),
        "take out": (take_out(target),),
        "tests": (tests(target),),
    }
    return tuple(Fact(label=label, lines=lines) for label, lines in known.items() if any(lines))


def sentence(spot: Hotspot) -> str:
    """Return why a function is a hotspot, in one sentence."""
    return wording.sentence(wording.prose(", ".join(spot.reasons)))


def commits(history: Counted) -> str:
    """Return which commits count and what was left out: ``812 commits from … to … count; left out: 210 merges``."""
    said = f"{wording.count(history.commits, 'commit')} from {history.since} to {history.until} count"
    said = said.removesuffix("count") + ("counts" if history.commits == 1 else "count")
    left = [_left_out(name, number) for name, number in sorted(history.left_out, key=lambda one: (-one[1], one[0]))]
    said += f"; left out: {wording.listed(left)}" if left else ""
    return said if history.complete else f"{said}. The clone ends there, so all counts are lower bounds"


def _left_out(name: str, number: int) -> str:
    one, many = _FILTERS.get(name, (name, name))
    return f"{number:,} {one if number == 1 else many}"


def lines(size: FileSize | None) -> str:
    """Return how many lines of a file the window moved; empty where nobody counted them."""
    if size is None or size.added is None or size.deleted is None:
        return ""
    return f"{wording.count(size.added, 'line')} added to its file, {size.deleted:,} deleted"


def known_by(size: FileSize | None) -> str:
    """Return who knows a file, of those who are still here, and who did; empty where that is not known."""
    if size is None or size.main_author is None or size.main_share is None:
        return ""
    main = f"{wording.name(size.main_author, _NAME)}, {percent(size.main_share)}"
    ever, gone = size.authors_ever or 0, size.authors_gone or 0
    if size.present_author is None:
        return f"nobody who is still here; {main} of its commits, is gone for a year" + _as_are(ever - 1)
    if size.present_author == size.main_author:
        others = (
            f"{gone:,} of {wording.count(ever, 'author')} gone for a year" if gone else "none of its authors is gone"
        )
        return f"{main} of its commits; {others if ever > 1 else 'nobody else'}"
    present = f"{wording.name(size.present_author, _NAME)}, {percent(size.present_share or 0)} of its commits"
    return f"{present}; {main}, is gone for a year" + _as_are(gone - 1, f" of {ever:,}")


def _as_are(others: int, of: str = "") -> str:
    return f", as {'is' if others == 1 else 'are'} {wording.count(others, 'other')}{of}" if others > 0 else ""


def partners(path: str, couplings: Sequence[Coupling]) -> tuple[Partner, ...]:
    """Return the files that change with one, in the order of the couplings."""
    return tuple(_partners(path, couplings))


def _partners(path: str, couplings: Sequence[Coupling]) -> Iterator[Partner]:
    for coupling in couplings:
        if coupling.one == path:
            yield Partner(path=coupling.other, together=coupling.together, revisions=coupling.one_revisions)
        elif coupling.other == path:
            yield Partner(path=coupling.one, together=coupling.together, revisions=coupling.other_revisions)


def changes_with(path: str, couplings: Sequence[Coupling]) -> tuple[str, ...]:
    """Return what changes with a file, one phrase each; the last counts those beyond the first."""
    found = partners(path, couplings)
    said = [
        f"{wording.name(one.path)}, in {one.together:,} of {wording.count(one.revisions, 'commit')}"
        for one in found[:_PARTNERS]
    ]
    left = len(found) - _PARTNERS
    return (*said, f"and {left:,} more") if left > 0 else tuple(said)


def growth(spot: Hotspot) -> str:
    """Return how the complexity changed over the window: ``21 → 41``; empty where that is not known or it did not."""
    known = [value for value in spot.complexities if value is not None]
    return f"{known[0]} → {known[-1]}" if known and known[0] != known[-1] else ""


def commits_over_time(months: Sequence[int]) -> str:
    """Return commits a month as a line of small columns, oldest first; where they are many, of several months each."""
    return wording.steps([sum(column) for column in _columns(months)])


def complexity_over_time(months: Sequence[int | None]) -> str:
    """Return the complexity at the end of each month as such a line; a blank where it is not known."""
    return wording.steps(
        [next((one for one in reversed(column) if one is not None), None) for column in _columns(months)]
    )


def months_a_column(months: Sequence[object]) -> int:
    """Return how many months one of these columns holds."""
    return max(1, -(-len(months) // _COLUMNS))


def _columns(months: Sequence[Month]) -> Iterator[Sequence[Month]]:
    # The newest column is a whole one.
    each = months_a_column(months)
    yield from (
        months[max(0, end - each) : end]
        for end in range(len(months) - (len(months) - 1) // each * each, len(months) + 1, each)
    )


def take_out(target: Target | None) -> str:
    """Return the parts to take out of a function; empty where nothing is known of them."""
    if target is None:
        return ""
    if not target.branches:
        return wording.prose(target.reason)
    shown = target.branches[:_BRANCHES]
    said = [f"{_lines(one.line, one.end_line)} ({one.kind}, complexity {one.complexity})" for one in shown[:1]]
    said += [f"{_lines(one.line, one.end_line)} ({one.kind}, {one.complexity})" for one in shown[1:]]
    left = len(target.branches) - _BRANCHES
    return f"lines {wording.listed([*said, f'{left:,} more'] if left > 0 else said)}"


def _lines(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def tests(target: Target | None) -> str:
    """Return the tests that mention a function; empty where nobody looked for them."""
    if target is None:
        return ""
    said = [wording.name(path) for path in target.tests[:_TESTS]]
    left = target.tests_seen - len(said)
    seen = wording.listed([*said, f"{left:,} more"] if left > 0 else said) or "none was seen"
    return seen if target.tests_complete else f"{seen}; not every test was looked at"


def size_of(spot: Hotspot) -> str:
    """Return how large a function is: ``82 lines of code, 6 levels deep, 9 parameters``."""
    return ", ".join(
        (
            f"{wording.count(spot.lines, 'line')} of code",
            f"{wording.count(spot.nesting, 'level')} deep",
            wording.count(spot.parameters, "parameter"),
        )
    )


def cost(spot: Hotspot) -> str:
    """Return what it takes to split a function, and what it costs the score."""
    return f"{wording.work(spot.effort_minutes)} of work, {wording.count(spot.points, 'point')} of debt"


def percent(share: float) -> str:
    """Return a share as a percentage."""
    return f"{share * 100:.0f} %"


def caveat(report: HotspotReport) -> str:
    """Return what to think of before the functions: most of the code may not be among them. Empty for nothing."""
    if not report.functions or not report.is_mostly_unmeasured:
        return ""
    return "Most of the code that changed here is in files in which no function was measured: look at those first."


def nothing(report: HotspotReport) -> str:
    """Return the sentence for a report without functions; empty for one with some."""
    if report.functions:
        return ""
    if not report.map:
        return "There is no code here that debtscan reads."
    if report.history is None:
        return "Nothing is known of changes here, so nothing is a hotspot. Why, stands below."
    if report.files and not any(size.complexity for size in report.files):
        return "No function was measured in the languages of this repository: files are ranked as a whole."
    aside = f" {wording.count(report.accepted, 'hotspot')} set aside." if report.accepted else ""
    return f"No hotspot: no function is both complicated and often changed.{aside}"
