"""What the Markdown templates of the roll-up and of the history are given. Frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot import wording
from bot.markup import Raw, markdown_code
from bot.past import PastRow
from bot.report import _rollup_words as words
from bot.rollup import Moved, RollUp, Undone
from bot.scorecard import Grade
from bot.template_words import Say, Shortened, Words

_BAR = 20


@dataclass(frozen=True, slots=True)
class CountBar:
    """Return a bar as long as a number of repositories, beside the largest of these numbers."""

    largest: int

    def __call__(self, number: int) -> str:
        """See the class."""
        return "█" * max(1, round(number / self.largest * _BAR)) if number else ""


@dataclass(frozen=True, slots=True)
class MoreThan:
    """Return a line that counts what a list has beyond the entries that are shown; empty where there are none."""

    rows: int

    def __call__(self, number: int, shown: int | None = None) -> Raw:
        """See the class."""
        left = number - (self.rows if shown is None else shown)
        return Raw(f"\nand {left:,} more\n") if left > 0 else Raw("")


@dataclass(frozen=True, slots=True)
class Codes:
    """Return names as inline code, as many as there is room for, and how many more there are."""

    named: int
    letters: int

    def __call__(self, of: Sequence[str]) -> Raw:
        """See the class."""
        drawn = " ".join(markdown_code(wording.name(one, self.letters)) for one in of[: self.named])
        return Raw(f"{drawn} and {len(of) - self.named:,} more") if len(of) > self.named else Raw(drawn)


@dataclass(frozen=True, slots=True)
class WithoutOwner:
    """Return the name of a repository without its owner, where all have the same one."""

    owner: str

    def __call__(self, name: str) -> str:
        """See the class."""
        return words.short(name, self.owner)


@dataclass(frozen=True, slots=True)
class Repositories:
    """Return names of repositories as inline code, without the owner where all have the same one."""

    codes: Codes
    short: WithoutOwner

    def __call__(self, of: Sequence[str]) -> Raw:
        """See the class."""
        return self.codes([self.short(one) for one in of])


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUpValues(Words):
    """Many repositories in one page."""

    rolled: Annotated[RollUp, "everything that is known of them together"]
    title: Annotated[str, "whose they are, or how many"]
    counts: Annotated[str, "how many were scanned and how many were not, in a few words"]
    middle: Annotated[Grade | None, "the grade of the median score; None where none was judged"]
    moves: Annotated[
        Sequence[tuple[str, Sequence[Moved]]], "the most improved and the most fallen, each with its heading"
    ]
    undone: Annotated[Sequence[Undone], "what could not be done in repositories that were scanned"]
    rows: Annotated[int, "how many rows each list has; falls with the length"]
    few: Annotated[int, "how many rows a short list has"]
    bar: Annotated[CountBar, ""]
    more: Annotated[MoreThan, ""]
    codes: Annotated[Codes, ""]
    names: Annotated[Repositories, ""]
    name: Annotated[Shortened, ""]
    short: Annotated[WithoutOwner, ""]
    difference: Say = words.difference
    years: Say = wording.years


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryValues(Words):
    """Past scorecards of one repository."""

    repository: Annotated[str, "its name"]
    rows: Annotated[Sequence[PastRow], "the scorecards, the newest first"]
    name: Annotated[Shortened, ""]
