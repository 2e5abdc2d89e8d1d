"""Why an update was left out, in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.upgrade.model import LeftOutReason

WHY: Final[Mapping[LeftOutReason, str]] = {
    "ignored": "ignored",
    "denied": "denied by [upgrades] deny",
    "not-allowed": "not named by [upgrades] allow",
    "closed": "closed by a person",
    "merged": "merged, and put back",
    "later": "later: another step of the same thing goes first",
    "no-edit": "no edit is known that mends it",
    "refused": "its edit was refused",
    "no-lock": "its lockfile cannot be made",
    "breaks-checks": "breaks the checks",
}
