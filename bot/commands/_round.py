"""What came of a repository's round, for a person: what was done first, then what was not, grouped by the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from bot import wording
from bot.commands._voice import Voice
from bot.rounds.reasons import WHY
from bot.upgrade.model import LeftOut, LeftOutReason
from bot.upgrade.publish import Outcome
from bot.upgrade.rounds import Round

_MOST_NAMES: Final = 8
_MOST_ROWS: Final = 20
# What people have to see with its own reason each, told once for all that it is the reason of; the rest is summed up.
_SINGLE: Final[tuple[LeftOutReason, ...]] = (
    "breaks-checks",
    "closed",
    "merged",
    "ignored",
    "refused",
    "no-lock",
)


def tell(outcome: Round, voice: Voice, *, dry_run: bool) -> None:
    """Tell all of it but what permissions are missing. On a dry run the writes were told one by one already."""
    if not dry_run:
        _tell_done(outcome, voice)
    if not outcome.is_idle:
        _tell_as_it_was(outcome, voice, dry_run=dry_run)
    _tell_not_done(outcome, voice)
    _tell_waiting(outcome, voice)
    _tell_left_out((*outcome.left_out, *outcome.plan.left_out), voice)


def _tell_done(outcome: Round, voice: Voice) -> None:
    for one in outcome.outcomes:
        if one.pull and one.done:
            draft = " as a draft, its text says why" if one.opened and one.pull.draft else ""
            what = f"{'opened' if one.opened else 'updated'} #{one.pull.number}{draft}"
            voice.tell(f"{what}: {one.pull.title}", indent=2)
    for sentence in (*outcome.merged, *outcome.tidied):
        voice.tell(sentence, indent=2)


def _tell_as_it_was(outcome: Round, voice: Voice, *, dry_run: bool) -> None:
    same = sum(not one.done and not one.kept for one in outcome.outcomes)
    if same:
        voice.tell(f"{wording.count(same, 'pull request')} as {'it' if same == 1 else 'they'} should be", indent=2)
    elif not outcome.merged and not outcome.tidied and not any(one.done for one in outcome.outcomes):
        # Where something waits or was left out, that follows.
        changed = "nothing would be changed" if dry_run else "nothing was changed"
        voice.tell(changed if _is_more_to_tell(outcome) else "nothing to do", indent=2)


def _is_more_to_tell(outcome: Round) -> bool:
    plan = outcome.plan
    return any((plan.waiting, plan.left_out, outcome.left_out, outcome.failed, outcome.missing, outcome.limited))


def _tell_not_done(outcome: Round, voice: Voice) -> None:
    for one in outcome.outcomes:
        if one.kept:
            voice.tell(f"left as it is, {_called(one)}: {one.kept}", indent=2)
    refused = sorted({name for one in outcome.outcomes for name in one.refused})
    if refused:
        where = wording.listed([_called(one) for one in outcome.outcomes if one.refused])
        voice.tell(f"GitHub did not take as assignee or reviewer of {where}: {', '.join(refused)}", indent=2)
    for sentence in outcome.unmerged:
        voice.tell(f"not merged by itself, {sentence}", indent=2)
    for sentence in outcome.notes:
        voice.tell(sentence, indent=2)
    for sentence in outcome.withheld:
        voice.tell(f"withheld: {sentence}", indent=2)
    for sentence in outcome.failed:
        voice.tell(f"failed: {sentence}", indent=2)


def _called(outcome: Outcome) -> str:
    return f"#{outcome.pull.number}" if outcome.pull else outcome.id


def _tell_waiting(outcome: Round, voice: Voice) -> None:
    found: dict[str, list[str]] = defaultdict(list)
    waiting = [entry for entry in outcome.plan.waiting if entry.reason != "withheld"]
    for entry in waiting:
        until = f" (until {entry.until:%Y-%m-%d %H:%M})" if entry.until and entry.reason != "too-young" else ""
        found[f"{entry.detail}{until}"].append(entry.upgrade.title)
    if found:
        voice.tell(f"waiting: {wording.count(len(waiting), 'upgrade')}", indent=2)
    _tell_groups(found, voice)


def _tell_left_out(left_out: Iterable[LeftOut], voice: Voice) -> None:
    grouped: dict[LeftOutReason, list[LeftOut]] = defaultdict(list)
    for entry in left_out:
        grouped[entry.reason].append(entry)
    count = sum(len(entries) for entries in grouped.values())
    if count:
        voice.tell(f"left out: {wording.count(count, 'update')}", indent=2)
    for reason in sorted(grouped, key=lambda one: (one not in _SINGLE, one)):
        entries = grouped[reason]
        details = dict.fromkeys(entry.detail for entry in entries)
        if reason not in _SINGLE or len(details) > _MOST_ROWS:
            _tell_groups({WHY[reason]: [_named(entry) for entry in entries]}, voice)
            continue
        for detail in details:
            names = _some([_named(entry) for entry in entries if entry.detail == detail])
            voice.tell(f"{WHY[reason]}: {names}: {detail}", indent=4)


def _named(entry: LeftOut) -> str:
    return f"{entry.name} {entry.target}" if entry.target else entry.name


def _tell_groups(found: Mapping[str, list[str]], voice: Voice) -> None:
    for why in sorted(found, key=lambda one: (-len(found[one]), one)):
        voice.tell(f"{why}: {_some(found[why])}", indent=4)


def _some(names: Iterable[str]) -> str:
    """Return names, the first of many and how many more there are."""
    known = sorted(dict.fromkeys(wording.name(name, 80) for name in names))
    more = f" and {len(known) - _MOST_NAMES:,} more" if len(known) > _MOST_NAMES else ""
    return ", ".join(known[:_MOST_NAMES]) + more
