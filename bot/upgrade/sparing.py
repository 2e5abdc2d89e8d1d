"""What would cost points and mend nothing that presses is not opened: the exact preview knows, the plan only guesses.

A plan counts what an upgrade mends. What it brings along, or within reach, is known once the merged tree has been
judged: a release with a known vulnerability of its own, packages that a newer runtime admits and that count as behind
then. So each upgrade that is to be opened is weighed, and the plan is made again without those that nobody would want.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

from bot import wording
from bot.upgrade.made import Maker
from bot.upgrade.model import Plan, Upgrade
from bot.upgrade.names import plain
from bot.upgrade.preview import Preview

# Each one that is found makes room for another one, which has to be written to be weighed.
_MOST: Final = 10
_NAMED: Final = 3


def sparing(plan: Callable[[Mapping[str, str]], Plan], maker: Maker, branches: Collection[str]) -> Plan:
    """Return the plan without new upgrades that cost points and mend nothing that presses: they wait.

    ``plan`` takes why upgrades are not wanted, by their ids. ``branches`` are those of open pull requests, which stay
    open.
    """
    costly: dict[str, str] = {}
    weighed: set[str] = set()
    made = plan(costly)
    while len(costly) < _MOST:
        new = [one for one in made.open if one.id not in weighed and one.branch not in branches and not _presses(one)]
        weighed.update(one.id for one in new)
        found = {one.id: why for one in new if (why := _cost(maker.weigh(one)))}
        if not found:
            break
        costly |= found
        made = plan(costly)
    return made


def _presses(upgrade: Upgrade) -> bool:
    """Whether it mends what is vulnerable, ended, about to end, or has to be replaced."""
    return (
        upgrade.security or upgrade.worth.days_left is not None or any(move.kind == "replace" for move in upgrade.moves)
    )


def _cost(preview: Preview | None) -> str:
    """Return what merging costs, and for what; "" where it costs nothing."""
    if preview is None or preview.won >= 0:
        return ""
    names = dict.fromkeys(plain(one.finding.title, 80) for one in preview.weighed if one.won < 0)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    points = wording.count(-preview.won, "point")
    return f"merging it adds {points} of debt and mends nothing that presses: {', '.join([*names][:_NAMED])}{more}"
