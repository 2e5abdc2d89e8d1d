"""What people asked of this run of the upgrades, by boxes and comments. Who may ask is known by then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from analyzers.config import UpgradeIgnore

BOX: Final = "box"
"""Who asks by a box has no comment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is wanted beside the configuration.

    `open` holds ids of upgrades and names of packages, images and actions: they are opened now, whatever they wait
    for, but for a permission. `rebase` holds the ids of upgrades whose branches are made anew on the head of the
    default branch, `recreate` maps those for which commits of people may be thrown away to who asks: the comment's
    number, or `BOX`. What could not be made is tried again for the ids of `retry`. `everything` makes all that is open
    anew. `ignores` count like ``[[upgrades.ignore]]``.
    """

    open: frozenset[str] = frozenset()
    rebase: frozenset[str] = frozenset()
    recreate: Mapping[str, str] = field(default_factory=dict)
    retry: frozenset[str] = frozenset()
    everything: bool = False
    ignores: tuple[UpgradeIgnore, ...] = ()

    def remakes(self, upgrade: str) -> bool:
        """Whether somebody wants the branch of an upgrade made anew on the head of the default branch."""
        return self.everything or upgrade in self.rebase or upgrade in self.recreate


NONE: Final = Wishes()
