"""What the template of the Markdown report is given. Frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from analyzers.model.finding import Finding, Group
from bot import change_words, standing, wording
from bot.change_items import Item
from bot.ends import End
from bot.markup import Raw
from bot.remedies import Cause
from bot.scorecard import Charged, GroupShare, Hotspot, PathShare, Report, Scorecard
from bot.template_words import Example, More, Say, Shortened, Words

_BAR = 10


@dataclass(frozen=True, slots=True)
class Spot:
    """Return path and line of a finding or a hotspot: `src/app.py:12`."""

    letters: int

    def __call__(self, spot: Finding | Hotspot) -> str:
        """See the class."""
        return f"{wording.name(spot.path, self.letters)}:{spot.line}"


@dataclass(frozen=True, slots=True)
class Bar:
    """Return a bar as long as a group's share of the loss."""

    most: float

    def __call__(self, share: GroupShare) -> str:
        """See the class."""
        return "█" * max(1, round(share.score_lost / self.most * _BAR)) if self.most else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportValues(Words):
    """One scan."""

    report: Annotated[Report, "everything that was found"]
    card: Annotated[Scorecard, "its scorecard"]
    rows: Annotated[int, "how many rows each list has; falls with the length"]
    headline: Annotated[str, "grade and score: `grade B, 84.2 of 100`"]
    moved: Annotated[str, "what changed the score since the last scan; empty where that is not known"]
    causes_of_change: Annotated[Sequence[Item], "the same, item by item"]
    commit: Annotated[str, "branch and commit"]
    claim: Annotated[str, "the sentence for what has no findings; empty where it has some"]
    accepted: Annotated[str, "what people set aside, in a few words; empty for nothing"]
    promise: Annotated[str, "how far the best fixes lead, in one sentence"]
    groups: Annotated[Sequence[GroupShare], "what each group takes from the score, the largest share first"]
    losses: Annotated[Mapping[Group, str], "the same as it is shown: the figures sum to what the shown score lacks"]
    projects: Annotated[Sequence[PathShare], "the projects of a repository with several"]
    ends: Annotated[Sequence[End], "days on which support ends"]
    findings: Annotated[Sequence[Charged], "all findings, the new ones first"]
    findings_title: Annotated[str, "how many there are"]
    open: Annotated[Raw, "the attribute of an element `details` that is to be unfolded; empty else"]
    causes: Annotated[Sequence[Cause], "what was not judged, by reason"]
    skipped: Annotated[str, "how many entries that are"]
    warnings: Annotated[Sequence[str], "warnings of bundled tables that are too old"]
    name: Annotated[Shortened, ""]
    place: Annotated[Spot, ""]
    bar: Annotated[Bar, ""]
    example: Annotated[Example, ""]
    more: Annotated[More, ""]
    years: Say = wording.years
    lost: Say = standing.lost
    signed: Say = change_words.signed
    points: Say = change_words.points
    sentence: Say = change_words.sentence
