"""What the template of a pull request is given. Frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from bot import VERSION, wording
from bot.markup import Raw, markdown_text
from bot.template_words import More, Say, Shortened, Words
from bot.upgrade._said import Advised, Breaking, Noted
from bot.upgrade.model import Move, OtherMove, Upgrade, Written
from bot.upgrade.preview import Preview
from bot.upgrade.spelling import versions
from bot.upgrade.usage import Usage
from bot.weighed import Weighed


@dataclass(frozen=True, slots=True)
class Age:
    """Return the day of a release and how long ago that is, on a line of its own in a table's cell."""

    as_of: date

    def __call__(self, published: date | None) -> Raw:
        """See the class."""
        if published is None:
            return Raw("")
        days = (self.as_of - published).days
        since = f" · {wording.span(days)} old" if days > 0 else ""
        # Neither a date nor a span breaks where the screen is narrow.
        return Raw(f"<br>{published}{since}".replace("-", "&#8209;").replace(" years", "&nbsp;years"))


def points(change: Weighed) -> Raw:
    """Return how many points a finding counts fewer or more, and why."""
    words = "mended" if not change.after else "new" if not change.before else "less" if change.won > 0 else "more"
    return Raw(f"{-change.won:+,}&nbsp;{words}".replace("-", "\u2212"))


def step(move: Move) -> Raw:
    """Return how big a step is, on a line of its own in a table's cell."""
    words = markdown_text(move.step or move.kind)
    return Raw(f"<br>{words}, for development" if move.development else f"<br>{words}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequestValues(Words):
    """One upgrade as it is written into its branch, and what is known of it."""

    written: Annotated[Written, "the upgrade with its files; `problems` are locks that could not be made anew"]
    upgrade: Annotated[Upgrade, "what was planned, with its reasons"]
    moves: Annotated[Sequence[Move], "what moves, without what had to be left out"]
    most_moves: Annotated[int, "how many of them are listed; falls with the length"]
    rows: Annotated[int, "how many rows every other list has; falls with the length"]
    preview: Annotated[Preview | None, "the score before and after merging; none where it was not computed"]
    trial: Annotated[Sequence[str], "sentences about checks that failed, and what is done about it"]
    problems: Annotated[Sequence[Raw], "why it cannot be merged as it is; empty for what can"]
    headline: Annotated[str, "grade and score before and after: `C 61.2 → B 75.4`"]
    gain: Annotated[str, "what merging wins, in a sentence or two"]
    advisories: Annotated[Sequence[Advised], "known vulnerabilities that go, the worst first"]
    usages: Annotated[Sequence[Usage], "where the code uses what moves"]
    notes: Annotated[Sequence[Noted], "release notes; shortened first"]
    breaking: Annotated[Sequence[Breaking], "sentences of the notes that announce something breaking"]
    others: Annotated[Sequence[OtherMove], "what else moved in lockfiles"]
    checked: Annotated[Sequence[Raw], "what was looked at"]
    unchecked: Annotated[Sequence[Raw], "what nobody looked at, or could tell"]
    as_of: Annotated[date, "the day on which it was judged"]
    age: Annotated[Age, ""]
    name: Annotated[Shortened, ""]
    prose: Annotated[Shortened, ""]
    more: Annotated[More, ""]
    shortened: Annotated[bool, "whether something was left out so that GitHub takes the text"]
    points: Say = points
    step: Say = step
    versions: Say = versions
    version: Annotated[str, "debtscan's own"] = VERSION
