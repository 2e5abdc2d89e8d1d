"""What a report can claim at all, and the figures that several formats show alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from analyzers.model.finding import Group
from analyzers.model.inventory import Repository
from analyzers.model.skipped import Skipped
from bot import score, wording
from bot.scorecard import GroupShare, Report, Scorecard
from bot.store.model import Entry, GroupEntry

Standing = Literal["empty", "unjudged", "clean", "debt"]

NOT_JUDGED = "not judged"
_TENTHS = 10
STALE_DAYS = 180
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def standing(report: Report) -> Standing:
    """Say whether there was anything to read, whether anything of it was judged, and whether debt was found.

    A score without a judgement behind it is 100 and means nothing, so reports show no grade then.
    """
    if report.findings or report.ignored:
        return "debt"
    inventory = report.inventory
    if not (inventory.dependencies or inventory.functions or inventory.observations or report.skipped):
        return "empty"
    subjects = {(entry.ecosystem, entry.name) for entry in inventory.dependencies if entry.skip_reason is None}
    judged = len(subjects) - report.scorecard.unknown
    return "clean" if judged > 0 or inventory.functions or inventory.observations else "unjudged"


def is_judged(report: Report) -> bool:
    """Whether its score means anything: there was something to read, and something of it was judged."""
    return standing(report) in {"clean", "debt"}


def graded(report: Report) -> str:
    """Return ``B 84.2``; without a judgement there is no grade."""
    if not is_judged(report):
        return NOT_JUDGED
    return f"{report.scorecard.grade} {wording.score(report.scorecard.score)}"


def claim(report: Report) -> str:
    """Return the sentence for a report without findings; empty for one with findings."""
    match standing(report):
        case "empty":
            return "There is nothing here that debtscan reads: no manifest, no Dockerfile, no workflow, no Python code."
        case "unjudged":
            return "Nothing could be judged, so there is no grade. What was skipped, and why, stands below."
        case "clean":
            doubt = " in what could be judged" if report.scorecard.unknown else ""
            return f"No debt was found{doubt}."
        case "debt":
            return ""


def group_losses(card: Scorecard | Entry) -> Mapping[Group, str]:
    """Return each group's loss as shown: the figures sum to what the shown score lacks to 100."""
    whole = 100 * _TENTHS - int(card.score * _TENTHS + 1e-6)
    shares: Sequence[GroupShare | GroupEntry] = card.groups
    parts = score.split(whole, [round(share.score_lost * score.UNIT) for share in shares])
    shown = zip(shares, parts, strict=True)
    return {share.group: _lost(part, share.score_lost) for share, part in shown}


def lost(value: float) -> str:
    """Return a loss of score with its sign: ``−1.8``, ``< 0.1``."""
    shown = wording.change(value)
    return shown if shown.startswith("<") else f"−{shown}"


def won(value: float) -> str:
    """Return a gain of score with its sign: ``+1.8``, ``< 0.1``."""
    shown = wording.change(value)
    return shown if shown.startswith("<") else f"+{shown}"


def _lost(tenths: int, exact: float) -> str:
    return "< 0.1" if exact > 0 and not tenths else f"−{tenths / _TENTHS:.1f}"


def not_judged(report: Report) -> tuple[Skipped, ...]:
    """Return everything that was seen and not judged: what was skipped, and dependencies that no rule can judge."""
    unfit = (
        Skipped(
            what="dependency",
            path=entry.place.path,
            source=entry.ecosystem,
            reason=entry.skip_reason,
            detail=entry.name,
        )
        for entry in report.inventory.dependencies
        if entry.skip_reason is not None
    )
    return (*report.skipped, *unfit)


def accepted(report: Report) -> str:
    """Return what people set aside: ``4 h accepted in 1 finding, the first until 2027-01-31``; empty for nothing."""
    card = report.scorecard
    if card.accepted_until is None:
        return ""
    count = wording.count(sum(not entry.false_positive for entry in report.ignored), "finding")
    return f"{wording.work(card.accepted_minutes)} accepted in {count}, the first until {card.accepted_until}"


def commit_of(report: Report) -> str:
    """Return branch and commit of what was scanned."""
    return place_of(report.repository)


def place_of(repository: Repository) -> str:
    """Return branch and commit: ``main @ 0123456, with uncommitted changes``."""
    place = " @ ".join(filter(None, (wording.name(repository.branch), (repository.commit or "")[:7])))
    place = place or "no commit"
    return f"{place}, with uncommitted changes" if repository.dirty else place


def stale_tables(report: Report) -> tuple[str, ...]:
    """Return a warning for each bundled table that is too old to rely on."""
    return tuple(
        f"The table {table.name} ({table.source}) is of {table.dated}, {wording.count(table.days, 'day')} old."
        " Update debtscan, or scan online."
        for table in report.tables
        if table.days > STALE_DAYS
    )


def promise(scorecard: Scorecard) -> str:
    """Return how far the best fixes lead, in one sentence; empty without any."""
    best = scorecard.best
    if not best:
        return ""
    # The fewest steps that reach the best grade on the way.
    last = next(index for index, fix in enumerate(best) if fix.grade_after == best[-1].grade_after)
    if best[last].grade_after == scorecard.grade:
        first = "This one raises" if len(best) == 1 else f"These {_number(len(best))} raise"
        return f"{first} the score from {wording.score(scorecard.score)} to {wording.score(best[-1].score_after)}."
    first = "The first one takes" if last == 0 and len(best) > 1 else "This one takes"
    if last > 0:
        first = f"{'These' if last == len(best) - 1 else 'The first'} {_number(last + 1)} take"
    return f"{first} you from {scorecard.grade} to {best[last].grade_after}."


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)
