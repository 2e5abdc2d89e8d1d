"""Lists as people ask for them: filtered, sorted, and a page at a time. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeAlias, TypeVar

from bot.report._document import FindingPart
from bot.service.model import Phase
from bot.service.reading.repositories import Listed, State

Row = TypeVar("Row")
Sort: TypeAlias = Literal["name", "score", "findings", "work", "scanned"]
Letter: TypeAlias = Literal["A", "B", "C", "D", "E", "F", "-"]
"""A grade, or ``-`` for those that have none."""

PAGE: Final = 50
_RANKS: Final[Mapping[str, int]] = {"critical": 3, "high": 2, "medium": 1, "low": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which repositories are asked for, and in which order. ``""`` and None let everything through."""

    text: str = ""
    grade: Letter | None = None
    state: State | None = None
    phase: Phase | None = None
    sort: Sort = "score"
    falling: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which findings are asked for. `severity` lets that one and worse ones through."""

    text: str = ""
    group: str = ""
    severity: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row]):
    """Some rows of a list. `number` counts from 1, `total` are the rows of all `pages`; there is always one page."""

    rows: tuple[Row, ...]
    number: int
    pages: int
    total: int

    @property
    def first(self) -> int:
        """The place of the first row in the whole list, from 1; 0 without rows."""
        return (self.number - 1) * PAGE + 1 if self.rows else 0


def page(rows: Sequence[Row], number: int, size: int = PAGE) -> Page[Row]:
    """Return one page; a number beyond the last gives the last, one below the first gives the first."""
    pages = max(1, -(-len(rows) // size))
    number = min(max(1, number), pages)
    return Page(rows=tuple(rows[(number - 1) * size : number * size]), number=number, pages=pages, total=len(rows))


def sifted(repositories: Sequence[Listed], wanted: Wanted) -> tuple[Listed, ...]:
    """Return the repositories that are asked for, those without a figure last in either direction."""
    found = sorted((one for one in repositories if _is_wanted(one, wanted)), key=lambda one: one.name.lower())
    if wanted.sort == "name":
        return tuple(reversed(found)) if wanted.falling else tuple(found)
    figure = _FIGURES[wanted.sort]
    known = sorted(
        (one for one in found if figure(one) is not None), key=lambda one: figure(one) or 0.0, reverse=wanted.falling
    )
    return (*known, *(one for one in found if figure(one) is None))


def sought(findings: Sequence[FindingPart], by: Sought) -> tuple[FindingPart, ...]:
    """Return the findings that are asked for, in the order of the report: those with the most points first."""
    words = by.text.lower().split()
    least = _RANKS.get(by.severity, 0)
    return tuple(
        one
        for one in findings
        if by.group in {"", one.group}
        and by.rule in {"", one.rule}
        and _RANKS[one.severity.name.lower()] >= least
        and _holds(one, words)
    )


def _is_wanted(one: Listed, wanted: Wanted) -> bool:
    return (
        all(word in one.name.lower() for word in wanted.text.lower().split())
        and wanted.grade in {None, (one.grade if one.is_judged else None) or "-"}
        and wanted.state in {None, one.state}
        and wanted.phase in {None, one.phase}
    )


def _holds(finding: FindingPart, words: Sequence[str]) -> bool:
    if not words:
        return True
    said = " ".join(
        (finding.title, finding.message, finding.path, finding.rule, finding.subject.name, *finding.owners)
    ).lower()
    return all(word in said for word in words)


def _scanned(one: Listed) -> float | None:
    return one.scanned_at.timestamp() if one.scanned_at else None


_FIGURES: Final[Mapping[str, Callable[[Listed], float | None]]] = {
    "score": lambda one: one.score if one.is_judged else None,
    "findings": lambda one: one.findings if one.is_judged else None,
    "work": lambda one: one.minutes if one.is_judged else None,
    "scanned": _scanned,
}
