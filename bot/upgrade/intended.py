"""What would be opened in a repository where debtscan did nothing so far. It asks, and writes nothing."""

from __future__ import annotations

from typing import Final

from bot.github.host import Host
from bot.upgrade.ages import aged
from bot.upgrade.due import Means, Scanned
from bot.upgrade.further import further
from bot.upgrade.model import Plan
from bot.upgrade.moves import moves
from bot.upgrade.plan import plan

_WORKFLOWS: Final = ".github/workflows/"


def intended(host: Host, scanned: Scanned, means: Means) -> Plan:
    """Return the plan as if nothing was there. Lockfiles are not tried, and what is planned is not judged merged.

    Raises HostError.
    """
    settings = aged(scanned.settings.config.upgrades, scanned.result.inventory)
    found, left_out = moves(further(scanned.result, means.ask), means.worlds)
    lacks = any(entry.permission == "Workflows" for entry in host.missing(("workflows",)))
    withheld = {_WORKFLOWS: "the permission Workflows is missing"} if lacks else {}
    return plan(found, left_out, settings, (), means.now, withheld)
