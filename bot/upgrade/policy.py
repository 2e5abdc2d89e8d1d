"""What may be upgraded at all: allow, deny, ignore, and what people said by closing a pull request. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from analyzers.config import UpgradeIgnore, Upgrades
from bot.name_patterns import matches, matches_any
from bot.upgrade.model import Existing, LeftOut, LeftOutReason, Move
from bot.upgrade.names import line_key, line_of
from bot.upgrade.releases import is_young

# How long what was merged and is found again counts as put back on purpose.
_PUT_BACK: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one repository at one moment. `asked` are ids and names that people want now."""

    settings: Upgrades
    existing: Sequence[Existing]
    now: datetime
    asked: Collection[str] = ()

    def left_out(self, move: Move) -> LeftOut | None:
        """Return why a move becomes no upgrade; None where nothing forbids it."""
        return self._by_name(move) or self._ignored(move) or self._closed(move) or self._merged(move)

    def _by_name(self, move: Move) -> LeftOut | None:
        names = names_of(move)
        denied = next((one for one in self.settings.deny if any(matches(name, one) for name in names)), None)
        if denied:
            return _out(move, "denied", f"[upgrades] deny names it: {denied}")
        if self.settings.allow and not any(matches_any(name, self.settings.allow) for name in names):
            return _out(move, "not-allowed", "[upgrades] allow does not name it")
        return None

    def _ignored(self, move: Move) -> LeftOut | None:
        found = next((one for one in self.settings.ignore if self._holds(one, move)), None)
        if found is None:
            return None
        return _out(move, "ignored", detail_of(found), until=found.until)

    def _holds(self, ignore: UpgradeIgnore, move: Move) -> bool:
        kind = move.step or move.kind
        return (
            not self._is_over(ignore.until)
            and (ignore.ecosystem is None or ignore.ecosystem == move.key.ecosystem)
            and (not ignore.kinds or kind in ignore.kinds)
            and any(matches(name, ignore.name) for name in names_of(move))
        )

    def _is_over(self, until: date | None) -> bool:
        return until is not None and until < self.now.date()

    def _closed(self, move: Move) -> LeftOut | None:
        """Return the word of a person, which holds for the release line that it was said of.

        A vulnerability is news: what was closed without one, or at another version, was no answer to it.
        """
        if any(one.state == "open" and target_in(one, move) == move.target for one in self.existing):
            return None
        for one in self.existing:
            said = target_in(one, move)
            if one.state != "closed" or not one.closed_by_person or said is None or self._is_over(one.until):
                continue
            is_same = said == move.target
            if move.security and not (one.security and is_same):
                continue
            if is_same or not _is_next_line(move, said):
                return _out(move, "closed", _closed_by(one), until=one.until, number=one.number)
        return None

    def _merged(self, move: Move) -> LeftOut | None:
        for one in self.existing:
            if one.state != "merged" or target_in(one, move) != move.target:
                continue
            again = (one.closed or one.opened) + _PUT_BACK
            if again > self.now:
                detail = (
                    f"#{one.number} was merged and it is found again, so somebody put it back; "
                    f"proposed anew from {again.date().isoformat()} on"
                )
                return _out(move, "merged", detail, until=again.date(), number=one.number)
        return None

    def is_too_young(self, together: Sequence[Move]) -> bool:
        """Return whether moves that cannot be parted have to wait for the age of one of them."""
        return not any(move.security for move in together) and any(self.is_young(move) for move in together)

    def is_asked_for(self, moves: Iterable[Move], *ids: str) -> bool:
        """Return whether people want one of these moves now, by its name or by one of the ids of what it is in."""
        wanted = {one.lower() for one in self.asked}
        return any(one.lower() in wanted for one in (*ids, *(known for move in moves for known in names_of(move))))

    def is_young(self, move: Move) -> bool:
        """Return whether its release has to wait; nothing that is open already does, nor what mends a flaw."""
        if move.security or not is_young(move.published, self.now.date(), self.settings):
            return False
        return not any(one.state == "open" and target_in(one, move) == move.target for one in self.existing)

    def needs_approval(self, unit: Sequence[Move], name: str) -> bool:
        """Return whether moves that cannot be parted, ``name`` being their id, wait for somebody to approve of them.

        What is open already does not, nor what mends a flaw.
        """
        settings = self.settings
        kinds = {move.step or move.kind for move in unit}
        if any(move.security for move in unit) or kinds.isdisjoint(settings.approval_kinds):
            return False
        known = {name, *(known for move in unit for known in names_of(move))}
        if any(matches_any(one, settings.approved) for one in known):
            return False
        return not any(self._is_under_way(move) for move in unit)

    def _is_under_way(self, move: Move) -> bool:
        """Whether an open pull request takes it to the same line."""
        told = (target_in(one, move) for one in self.existing if one.state == "open")
        return any(said is not None and not _is_next_line(move, said) for said in told)

    def old_enough(self, moves: Iterable[Move]) -> date:
        """Return the first day on which none of the moves is too young."""
        days = timedelta(days=self.settings.minimum_release_age_days)
        return max((move.published or date.min) for move in moves) + days


def detail_of(ignore: UpgradeIgnore) -> str:
    """Return what is said of what an ignore leaves out."""
    return f"{ignore.reason}{f' (until {ignore.until.isoformat()})' if ignore.until else ''}"


def names_of(move: Move) -> tuple[str, ...]:
    """Return the names under which people know it: as written, and as its registry spells it."""
    return tuple(dict.fromkeys((move.name, move.key.name)))


def target_in(pull: Existing, move: Move) -> str | None:
    """Return what a pull request moves the same thing to; None where it does not."""
    told = pull.targets.get(move.mark)
    if told is None or move.target in told.split(", "):
        return told and move.target
    return told.split(", ")[-1]


def _is_next_line(move: Move, said: str) -> bool:
    before, after = line_key(line_of(said, move.key.ecosystem)), line_key(move.line)
    return bool(after) and after > before


def _closed_by(one: Existing) -> str:
    if not one.asked_by:
        return f"#{one.number} was closed by a person; reopen it to undo that"
    until = f" until {one.until.isoformat()}" if one.until else ""
    why = f" ({one.why})" if one.why else ""
    return f"#{one.number} was closed for {one.asked_by}{until}{why}; reopen it to undo that"


def _out(move: Move, reason: LeftOutReason, detail: str, *, until: date | None = None, number: int = 0) -> LeftOut:
    return LeftOut(
        name=move.name,
        target=move.target,
        reason=reason,
        detail=detail,
        findings=move.findings,
        until=until,
        number=number,
    )
