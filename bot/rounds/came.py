"""What came of a round for those who asked for something in it: why something is so, and whether a wish came true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from analyzers.scan import rules
from bot.github.objects import Pull
from bot.markup import Raw, markdown_code, markdown_text
from bot.name_patterns import matches
from bot.posts import answers
from bot.posts.boxes import Wish
from bot.posts.obey import Part
from bot.rounds.reasons import WHY
from bot.upgrade import marker
from bot.upgrade.branches import lost_to
from bot.upgrade.existing import is_closed_by_person
from bot.upgrade.model import LeftOut, Upgrade
from bot.upgrade.policy import detail_of, names_of
from bot.upgrade.publish import Outcome
from bot.upgrade.rounds import Round

__all__ = ["closed_of", "detail_of", "explained", "is_fulfilled", "not_ignored", "opened", "remade"]

_MOST: Final = 10
_LATER: Final = Part(standing="later")


def explained(name: str, outcome: Round) -> Part:
    """Return a rule's page, or why something is or is not upgraded."""
    known = rules()
    if name.lower() in known:
        return Part(standing="done", text=answers.page(known[name.lower()]))
    said = [*_sentences(name, outcome)]
    if not said:
        return Part(standing="refused", text=_unknown(name))
    return Part(standing="done", text=_list(said))


def opened(name: str, outcome: Round) -> Part:
    """Return what came of an upgrade that somebody wants now: why it is not there, where it is not."""
    if _is_unfinished(outcome):
        return _LATER
    there = {one.id for one in outcome.outcomes if one.pull}
    planned = [one for one in outcome.plan.open if _means(name, one)]
    if planned and all(one.id in there for one in planned):
        return Part(standing="done")
    if any(_failed(one, outcome) for one in planned):
        return _LATER
    return Part(standing="refused", text=_list([*_sentences(name, outcome)]) or _unknown(name))


def remade(upgrade: str, pull: Pull, who: str, outcome: Round) -> Part:
    """Return what came of a branch that somebody wants made anew; ``who`` may have commits of people thrown away."""
    if _is_unfinished(outcome):
        return _LATER
    came = next((one for one in outcome.outcomes if one.id == upgrade), None)
    if came is None and any(one.id == upgrade and _failed(one, outcome) for one in outcome.plan.open):
        return _LATER
    lost = (came.lost if came else "") or _lost(pull, who)
    if lost:
        return Part(standing="done", text=_made_anew(lost, pull.branch))
    if came is None:
        said = [*_sentences(upgrade, outcome)]
        return Part(standing="refused", text=_list(said) or Raw("Nothing is to be made there any more."))
    if came.kept:
        return Part(standing="refused", text=_kept(came, who))
    return Part(standing="done")


def not_ignored(name: str, outcome: Round) -> Part:
    """Return why there is nothing to take back: the configuration says it, or nobody does."""
    if _is_unfinished(outcome):
        return _LATER
    said = [_left_out(one) for one in _all_left_out(outcome) if _is_called(name, one)]
    nothing = Raw(f"Nobody ignores {markdown_code(name)}, neither here nor by a closed pull request.")
    return Part(standing="refused", text=_list(said) or nothing)


def closed_of(name: str, pulls: Iterable[Pull], login: str) -> Iterator[Pull]:
    """Yield the pull requests that a person closed, or had closed, and that a name means."""
    for pull in pulls:
        said = marker.parse(pull.body)
        names = [mark.partition(":")[2] for mark in said.targets] if said else []
        is_meant = bool(said) and any(one.lower() == name.lower() for one in (said.id if said else "", *names))
        if is_meant and is_closed_by_person(pull, login):
            yield pull


def is_fulfilled(wish: Wish, outcome: Round) -> bool:
    """Whether what a box asks for was done, or tried: one that is not stays ticked."""
    if _is_unfinished(outcome):
        return False
    came = next((one for one in outcome.outcomes if one.id == wish.id), None)
    if any(one.id == wish.id and _failed(one, outcome) for one in outcome.plan.open):
        return False
    match wish.action:
        case "open":
            return not any(entry.upgrade.id == wish.id for entry in outcome.plan.waiting)
        case "rebase" | "recreate":
            return came is None or not came.kept
        case _:
            return True


def _is_unfinished(outcome: Round) -> bool:
    lacking = any(entry.permission in {"Contents", "Pull requests"} for entry in outcome.missing)
    return outcome.limited is not None or lacking


def _failed(upgrade: Upgrade, outcome: Round) -> bool:
    return any(sentence.startswith(f"{upgrade.title}: ") for sentence in outcome.failed)


def _lost(pull: Pull, who: str) -> str:
    said = marker.parse(pull.body)
    return lost_to(said, who) if said and who else ""


def _sentences(name: str, outcome: Round) -> Iterator[Raw]:
    """Yield what the plan says of all that a name means."""
    pulls = {one.id: one.pull for one in outcome.outcomes if one.pull}
    for upgrade in outcome.plan.open:
        if _means(name, upgrade):
            pull = pulls.get(upgrade.id)
            where = Raw(f"in #{pull.number}") if pull and pull.number > 0 else Raw("planned")
            why = markdown_text("; ".join((*upgrade.reasons, *upgrade.worth.reasons)))
            yield Raw(f"{markdown_text(upgrade.title)}: {where}. {why}")
    for entry in outcome.plan.waiting:
        if _means(name, entry.upgrade):
            until = f" (until {entry.until:%Y-%m-%d})" if entry.until else ""
            yield Raw(f"{markdown_text(entry.upgrade.title)} waits: {markdown_text(entry.detail)}{until}.")
    for left_out in _all_left_out(outcome):
        if _is_called(name, left_out):
            yield _left_out(left_out)


def _left_out(entry: LeftOut) -> Raw:
    what = markdown_text(f"{entry.name} {entry.target or ''}".rstrip())
    undo = ""
    if entry.reason == "closed":
        undo = f" <code>@debtscan unignore</code> {markdown_code(entry.name)} does so."
    return Raw(f"{what} is left out: {markdown_text(WHY[entry.reason])}: {markdown_text(entry.detail)}.{undo}")


def _all_left_out(outcome: Round) -> Iterator[LeftOut]:
    yield from outcome.left_out
    yield from outcome.plan.left_out


def _means(name: str, upgrade: Upgrade) -> bool:
    names = (known for move in upgrade.moves for known in names_of(move))
    return any(one.lower() == name.lower() for one in (upgrade.id, *names))


def _is_called(name: str, entry: LeftOut) -> bool:
    return matches(entry.name, name)


def _unknown(name: str) -> Raw:
    return Raw(f"Neither a rule nor anything that could be upgraded is called {markdown_code(name)}.")


def _list(said: list[Raw]) -> Raw:
    rows = list(dict.fromkeys(said))
    more = f"\n- … and {len(rows) - _MOST} more" if len(rows) > _MOST else ""
    return Raw("\n".join(f"- {row}" for row in rows[:_MOST]) + more)


def _kept(came: Outcome, who: str) -> Raw:
    hint = "" if who else " <code>@debtscan recreate</code> makes it anew without them."
    return Raw(f"Left as it is: {markdown_text(came.kept)}.{hint if 'commits' in came.kept else ''}")


def _made_anew(lost: str, branch: str) -> Raw:
    command = markdown_code(f"git fetch origin {lost}")
    return Raw(
        f"Made anew, without what people had added to {markdown_code(branch)}. It was at {markdown_code(lost)} before:"
        f" {command} gets that back."
    )
