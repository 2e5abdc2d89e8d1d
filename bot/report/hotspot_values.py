"""What the template of the hotspots in Markdown is given. Frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from analyzers.model.history import Coupling, FolderKnowledge
from bot import hotspot_words
from bot.hotspot_words import Fact
from bot.hotspots import HotspotReport
from bot.remedies import Cause
from bot.report.template_values import Spot
from bot.scorecard import FileSize, Hotspot
from bot.template_words import Example, More, Say, Shortened, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotValues(Words):
    """The hotspots of one repository."""

    report: Annotated[HotspotReport, "everything that was found"]
    rows: Annotated[int, "how many rows each list has; falls with the length"]
    few: Annotated[int, "how many rows each list beside the functions has: a part of that"]
    commit: Annotated[str, "branch and commit"]
    commits: Annotated[str, "which commits count, and how many each filter left out; empty without history"]
    claim: Annotated[str, "the sentence for what has no hotspots, or not those of most of the code; else empty"]
    first: Annotated[Hotspot | None, "the function to split first"]
    facts: Annotated[Sequence[Fact], "what is known of it"]
    functions: Annotated[Sequence[Hotspot], "all functions that are hotspots, the worst first"]
    files: Annotated[
        Sequence[FileSize], "files, the worst first: all that changed often, or with functions only others"
    ]
    files_title: Annotated[str, "which files those are"]
    couplings: Annotated[Sequence[Coupling], "files of different folders that change together"]
    folders: Annotated[Sequence[FolderKnowledge], "who knows which folder: the whole, then where fewest people do"]
    causes: Annotated[Sequence[Cause], "what was not judged, by reason"]
    skipped: Annotated[str, "how many entries that are"]
    name: Annotated[Shortened, ""]
    place: Annotated[Spot, ""]
    example: Annotated[Example, ""]
    more: Annotated[More, ""]
    sentence: Say = hotspot_words.sentence
    growth: Say = hotspot_words.growth
    commits_over_time: Say = hotspot_words.commits_over_time
    complexity_over_time: Say = hotspot_words.complexity_over_time
    percent: Say = hotspot_words.percent
