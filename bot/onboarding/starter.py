"""The configuration that a repository is offered: what it could say, all of it commented out. Pure.

So merging it changes nothing that the organisation, or debtscan itself, says otherwise one day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from analyzers.settings import Settings

PATH: Final = ".github/debtscan.toml"
# In the order in which people ask.
_OFFERED: Final = (
    ("upgrades.enabled", "false: no pull requests"),
    ("upgrades.open-limit", "pull requests that are open at once"),
    ("upgrades.weekly-limit", "new ones in any seven days"),
    ("upgrades.schedule", 'when new ones are opened: ["mon-fri 06:00-18:00"]; always, where it is empty'),
    ("posts.dashboard", "one issue with the score, what to mend first, and the upgrades"),
    ("posts.check-run", "the score as a check of each commit and pull request"),
    ("posts.comment", "one comment on a pull request that adds or mends something"),
    ("history.enabled", "past scorecards, on a branch of their own"),
    ("gate.fail-under", "the score or grade from which on the check passes; not set"),
)
_UNSET: Final = '"C"'


def starter(settings: Settings) -> bytes:
    """Return the file for a repository that has none; ``settings`` are what counts without it."""
    return ("\n".join(_lines(settings)) + "\n").encode()


def _lines(settings: Settings) -> Iterator[str]:
    yield "# debtscan. What may stand here: debtscan config schema, or docs/configuration.md of debtscan."
    ground = f"as {settings.inherited.path} says, else debtscan's default" if settings.inherited else "as by default"
    yield f"# Each line shows what counts now, {ground}. Take away the # to say otherwise."
    values: dict[str, Any] = msgspec.to_builtins(settings.config)
    table = ""
    for key, meaning in _OFFERED:
        if settings.is_locked(key):
            continue
        above, _dot, name = key.partition(".")
        if above != table:
            table = above
            yield from ("", f"[{table}]")
        value = values[above][name]
        shown = _UNSET if value is None else msgspec.json.encode(value).decode()
        yield f"# {name} = {shown}  # {meaning}"
    if settings.locked:
        yield from ("", f"# The organisation locks: {', '.join(sorted(settings.locked))}")
