"""The words in which a check run, a comment and a job's page tell of a scan or of a change. Pure.

Names, paths and messages come from strangers: everything goes through the Markdown environment of `bot.markup`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from bot import VERSION, standing, wording
from bot.comparison import Comparison
from bot.markup import Raw, insist, markdown_code, markdown_text, render
from bot.posts.template_values import ChangeValues, FindingRow, Place, Skip
from bot.remedies import causes
from bot.scorecard import Charged, Report
from bot.template_words import More, Shortened, Words, given

# Sections that are not there leave their blank lines behind.
_BLANK: Final = re.compile(r"\n{3,}")
# Rows of each list and letters of each name, tried from the top until the text fits.
_LEVELS: Final = ((200, 80), (100, 80), (50, 80), (25, 80), (15, 80), (10, 60), (5, 40), (2, 20))
_SHORT: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where what is told of lies: `url` is the repository's page, "" for none; `base` the branch that it goes into.

    `note` is one sentence that stands before everything else.
    """

    url: str = ""
    base: str = ""
    note: str = ""


def drawn(template: str, values: Callable[[int, int], Words], most: int, *, most_rows: int = _LEVELS[0][0]) -> str:
    """Return a template's text in at most ``most`` bytes; ``values`` gives them for so many rows and letters."""
    text = ""
    for rows, letters in (level for level in _LEVELS if level[0] <= most_rows):
        text = _BLANK.sub("\n\n", render(template, given(values(rows, letters)))).strip() + "\n"
        if len(text.encode()) <= most:
            break
    insist(template, len(text.encode()), most)
    return text


def change_values(change: Comparison, setting: Setting, rows: int, letters: int) -> ChangeValues:
    """Return what ``change.md.j2`` shows."""
    old, new = (Place(setting.url, letters, report.repository.commit) for report in (change.before, change.after))
    return ChangeValues(
        rows=rows,
        name=Shortened(letters),
        example=Skip(letters),
        more=More(rows),
        change=change,
        note=setting.note,
        headline=f"{standing.graded(change.before)} → {standing.graded(change.after)}{_moved(change)}.",
        counts=counts(change),
        added=list(_added(change, new)),
        causes=causes(change.unjudged),
        removed=list(_removed(change, old)),
        place=new,
        foot=_foot(change, setting),
    )


def counts(change: Comparison) -> str:
    """Return how many findings are new and mended: ``2 new findings, 1 mended``."""
    fresh, mended = len(change.fresh), len(change.mended)
    parts = [
        wording.count(fresh, "new finding") if fresh else "",
        f"{mended:,} mended" if mended else "",
        f"{len(change.worse):,} worse" if change.worse else "",
        f"{len(change.better):,} better" if change.better else "",
        f"{len(change.accepted):,} set aside" if change.accepted else "",
        f"{len(change.unjudged):,} not judged" if change.unjudged else "",
    ]
    told = ", ".join(filter(None, parts))
    return f"{told}." if told else "Nothing new and nothing mended."


def _moved(change: Comparison) -> str:
    """Return the change of the score as the two shown scores give it; empty where they are the same."""
    tenths = wording.tenths(change.after.scorecard.score) - wording.tenths(change.before.scorecard.score)
    if tenths:
        return f" ({'+' if tenths > 0 else '−'}{abs(tenths) / 10:.1f})"
    won = change.score_won
    return f" ({standing.won(won) if won > 0 else standing.lost(-won)})" if won else ""


def _added(change: Comparison, place: Callable[[Charged], Raw]) -> Iterator[FindingRow]:
    for charged in change.fresh:
        yield FindingRow(finding=charged.finding, points=_points(charged.points), place=place(charged))
    for shift in change.worse:
        yield FindingRow(finding=shift.after.finding, points=_points(shift.points, "more"), place=place(shift.after))


def _removed(change: Comparison, place: Callable[[Charged], Raw]) -> Iterator[FindingRow]:
    for charged in change.mended:
        yield FindingRow(finding=charged.finding, points=_points(-charged.points), place=place(charged))
    for shift in change.better:
        yield FindingRow(finding=shift.before.finding, points=_points(shift.points, "less"), place=place(shift.before))


def _points(points: int, word: str = "") -> Raw:
    return Raw(f"{points:+,}{'&nbsp;' if word else ''}{word}".replace("-", "\u2212"))


def _foot(change: Comparison, setting: Setting) -> Raw:
    """Return how it was found; hashes in pieces that are too short to be linked on their own."""
    commit = (change.before.repository.commit or "")[:_SHORT]
    where = f"where it left {wording.name(setting.base)}" if setting.base else "where it left its base"
    said = markdown_code(commit)
    return Raw(
        f"Compared with {said}, {markdown_text(where)}, under the configuration of the default branch."
        f" Both are judged by what was known on {change.after.as_of}. {made_by(change.after)}"
    )


def made_by(report: Report) -> Raw:
    """Return what told this."""
    return Raw(f"debtscan {VERSION}, ruleset {report.ruleset}. A rule's page: <code>debtscan explain RULE</code>.")
