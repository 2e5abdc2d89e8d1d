"""What the templates of posts are given. Frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Generic, TypeVar
from urllib.parse import quote

from analyzers.model.finding import Finding, Group
from analyzers.model.skipped import Skipped
from bot import change_words, wording
from bot.change_items import Item
from bot.comparison import Comparison
from bot.markup import Raw, markdown_code, markdown_text
from bot.posts._upgrades import Section
from bot.posts.model import EndLine
from bot.remedies import Cause
from bot.scorecard import Charged, GroupShare, Report, Scorecard
from bot.template_words import Example, More, Say, Shortened, Words

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One line of a list: a finding, what it counts more or fewer, and where it stands; both finished Markdown."""

    finding: Finding
    points: Raw
    place: Raw


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """The rows of a list that are shown, and how many are not."""

    rows: Sequence[T]
    more: int


@dataclass(frozen=True, slots=True)
class Causes:
    """Why things were not judged, as many reasons as are shown, how many are not, and all of it in a few words."""

    rows: Sequence[Cause]
    more: int
    summary: str


@dataclass(frozen=True, slots=True)
class Place:
    """Return where a finding stands, with a link to its line where the repository has a page."""

    url: str
    letters: int
    commit: str | None

    def __call__(self, charged: Charged) -> Raw:
        """See the class."""
        finding = charged.finding
        shown = markdown_code(f"{wording.name(finding.path, self.letters)}:{finding.line}")
        try:
            path = quote(finding.path, safe="/")
        except UnicodeEncodeError:
            # A name that is no UTF-8 has no address.
            return shown
        if not self.url or not self.commit:
            return shown
        return Raw(f"[{shown}]({self.url}/blob/{self.commit}/{path}#L{finding.line})")


@dataclass(frozen=True, slots=True)
class Skip:
    """Return what names something that was not judged, as inline code."""

    letters: int

    def __call__(self, entry: Skipped) -> Raw:
        """See the class."""
        named = (entry.path, entry.source, entry.subject.name if entry.subject else "")
        return markdown_code(wording.name(" ".join(filter(None, named)), self.letters))


def more(left: int) -> Raw:
    """Return a line that counts the entries that are not shown; empty where there are none."""
    return Raw(f"\n… and {left:,} more, in the report.\n") if left > 0 else Raw("")


def nowrap(text: object) -> Raw:
    """Return a text that is not broken where the screen is narrow."""
    return Raw(markdown_text(str(text)).replace("-", "&#8209;").replace(" ", "&nbsp;"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _ListValues(Words):
    rows: Annotated[int, "how many rows each list has; falls with the length"]
    name: Annotated[Shortened, ""]
    example: Annotated[Skip, ""]
    more: Annotated[More, ""]
    headline: Annotated[str, "grade and score, on a pull request before and after it: `B 80 → B 84.2 (+4.2).`"]
    counts: Annotated[str, "how many findings are new and mended; of a branch, how many there are"]
    foot: Annotated[Raw, "how it was found, and by which debtscan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeValues(_ListValues):
    """What a pull request adds and mends."""

    change: Annotated[Comparison, "everything that lies between the two commits"]
    note: Annotated[str, "a sentence that stands before everything else; mostly empty"]
    added: Annotated[Sequence[FindingRow], "findings that are new or count more"]
    removed: Annotated[Sequence[FindingRow], "findings that are mended or count less"]
    causes: Annotated[Sequence[Cause], "what could not be judged after the change, by reason"]
    place: Annotated[Place, ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRunValues(_ListValues):
    """What a check run says: of a pull request what `change.md.j2` shows, of the default branch how it stands."""

    change: Annotated[Comparison | None, "everything that lies between the two commits; none on the default branch"] = (
        None
    )
    note: Annotated[str, "a sentence that stands before everything else; mostly empty"] = ""
    added: Annotated[Sequence[FindingRow], "findings that are new or count more"] = ()
    removed: Annotated[Sequence[FindingRow], "findings that are mended or count less"] = ()
    causes: Annotated[Sequence[Cause], "what could not be judged after the change, by reason"] = ()
    place: Annotated[Place, ""] = field(default_factory=lambda: Place("", 0, None))
    card: Annotated[Scorecard, "the scorecard of the commit"]
    promise: Annotated[str, "how far the best fixes of `card` lead, in one sentence"] = ""
    moved: Annotated[str, "what changed the score since the last scan"] = ""
    causes_of_change: Annotated[Sequence[Item], "the same, item by item"] = ()
    verdict: Annotated[Sequence[str], "what the team's gate says; empty where there is no gate"] = ()
    marked: Annotated[int, "how many new findings are marked at their lines"] = 0
    unmarked: Annotated[int, "how many new findings are not"] = 0
    points: Say = change_words.points
    sentence: Say = change_words.sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardValues(Words):
    """The default branch as it stands, and the upgrades with a box each."""

    report: Annotated[Report, "everything that was found"]
    card: Annotated[Scorecard, "its scorecard"]
    judged: Annotated[bool, "whether anything could be judged: there is no grade where nothing could"]
    claim: Annotated[str, "the sentence for what has no findings; empty where it has some"]
    accepted: Annotated[str, "what people set aside, in a few words; empty for nothing"]
    moved: Annotated[str, "what changed the score since the last scan; empty where that is not known"]
    items: Annotated[Part[Item] | None, "the same, item by item"]
    notes: Annotated[Part[str] | None, "sentences about what could not be done"]
    promise: Annotated[str, "how far the best fixes lead, in one sentence"]
    ends: Annotated[Part[EndLine] | None, "days on which support ends: those ahead, the nearest first, then the others"]
    groups: Annotated[Sequence[GroupShare], "what each group takes from the score, the largest share first"]
    losses: Annotated[Mapping[Group, str], "the same as it is shown: the figures sum to what the shown score lacks"]
    causes: Annotated[Causes | None, "what was not judged, by reason"]
    place: Annotated[str, "branch and commit"]
    as_of: Annotated[date, "the day on which it was judged"]
    shortened: Annotated[bool, "whether something was left out so that GitHub takes the text"]
    name: Annotated[Shortened, ""]
    prose: Annotated[Shortened, ""]
    example: Annotated[Example, ""]
    sections: Annotated[Sequence[Section], "the upgrades by state; `box` begins a line, and without it there is no box"]
    refresh: Annotated[Raw, "the box that has everything asked anew; it begins a line"]
    more: Say = more
    nowrap: Say = nowrap
    signed: Say = change_words.signed
    sentence: Say = change_words.sentence
    years: Say = wording.years
