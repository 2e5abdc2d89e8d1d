"""Upgrades as files, with what they win: made once, though weighed before the plan stands and published then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.upgrade.model import LeftOut, Upgrade, Written
from bot.upgrade.preview import Preview


@dataclass(frozen=True)
class Maker:
    """Writes upgrades and previews what they win: each once, though it is weighed first and published then."""

    write: Callable[[Upgrade], Written]
    preview: Callable[[Written], Preview]
    _kept: dict[str, tuple[Upgrade, Written, Preview | None]] = field(default_factory=dict)

    def weigh(self, upgrade: Upgrade) -> Preview | None:
        """Return what merging changes; None where it cannot be told, since nothing, or not every lock, was made."""
        written, seen = self.take(upgrade)
        self._kept[upgrade.id] = upgrade, written, seen
        return None if written.problems else seen

    def take(self, upgrade: Upgrade) -> tuple[Written, Preview | None]:
        """Return an upgrade as files, and what they change; None without files."""
        known = self._kept.pop(upgrade.id, None)
        if known and known[0] == upgrade:
            return known[1:]
        written = self.write(upgrade)
        return written, self.preview(written) if written.files else None


def unmade(written: Written) -> tuple[LeftOut, ...]:
    """Return why nothing of an upgrade could be written: its lockfiles could not be made, or its edits were refused."""
    if not written.problems:
        return written.refused
    why = "; ".join(dict.fromkeys(f"{entry.lock}: {entry.detail}" for entry in written.problems))
    return tuple(
        LeftOut(name=one.name, target=one.target, reason="no-lock", detail=why, findings=one.findings)
        for one in written.upgrade.moves
    )
