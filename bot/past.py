"""Past scorecards made ready to be shown: what changed from one to the next, and what took the score. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot import standing, wording
from bot.score import UNIT
from bot.store.model import Entry


@dataclass(frozen=True, slots=True)
class PastRow:
    """One entry. `change` is the shown difference to the one before, "" for the first; `losses` as shown, worst first.

    `note` says what makes it hard to compare with the one before.
    """

    entry: Entry
    change: str
    losses: tuple[tuple[str, str], ...]
    note: str = ""

    @property
    def lost(self) -> str:
        """Return the groups that take from the score: ``dependencies −20.1, docker −3.2``."""
        return ", ".join(f"{group} {shown}" for group, shown in self.losses)


def past_rows(entries: Sequence[Entry]) -> tuple[PastRow, ...]:
    """Return a row an entry, in the order given, which is oldest first."""
    before = (None, *entries)[: len(entries)]
    return tuple(_row(entry, earlier) for entry, earlier in zip(entries, before, strict=True))


def _row(entry: Entry, earlier: Entry | None) -> PastRow:
    note = f"ruleset {entry.ruleset}" if earlier and earlier.ruleset != entry.ruleset else ""
    shown = standing.group_losses(entry)
    shares = sorted((share for share in entry.groups if share.score_lost), key=lambda share: -share.score_lost)
    return PastRow(
        entry,
        change(earlier, entry) if earlier else "",
        tuple((share.group, shown[share.group]) for share in shares),
        note,
    )


def change(before: Entry, after: Entry) -> str:
    """Return the difference of two scores: ``+1.8``, ``−0.3``, ``0``. It is that of the scores as they are shown."""
    return difference(before.score, after.score)


def difference(before: float, after: float) -> str:
    """Return the difference of two scores as they are shown, in the same words."""
    if round(before * UNIT) == round(after * UNIT):
        return "0"
    tenths = wording.tenths(after) - wording.tenths(before)
    if not tenths:
        return "+< 0.1" if after > before else "−< 0.1"
    return f"{'+' if tenths > 0 else '−'}{abs(tenths) / 10:.1f}"
