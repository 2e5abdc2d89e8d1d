"""How old a release has to be for the repository's own package managers, which refuse a younger one.

A pull request with a release that npm will not install helps nobody, so their word goes before a shorter one of ours.
"""

from __future__ import annotations

from typing import Final

import msgspec

from analyzers.config import Upgrades
from analyzers.model.inventory import RELEASE_AGE, Inventory

_MOST_DAYS: Final = 3650


def aged(settings: Upgrades, inventory: Inventory) -> Upgrades:
    """Return the settings with the greatest age in days that anything of the repository asks for."""
    asked = [int(seen.text) for seen in inventory.observations if seen.kind == RELEASE_AGE and seen.text.isdecimal()]
    days = min(max([settings.minimum_release_age_days, *asked]), _MOST_DAYS)
    return msgspec.structs.replace(settings, minimum_release_age_days=days)
