"""The files that a repository starts with: the weekly workflow, and a configuration. Pure: answers in, texts out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.markup import render

ACTION: Final = "debtscan/debtscan"
"""The repository whose ``action.yml`` the workflow calls."""

WORKFLOW: Final = ".github/workflows/debtscan-weekly.yml"
CONFIG: Final = "debtscan.toml"

_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_TAG: Final = re.compile(r"v?[0-9][0-9A-Za-z.-]{0,40}")
# Nobody is waiting then, in most of the world; the hour and the minute differ from repository to repository.
_FIRST_HOUR: Final = 3
_HOURS: Final = 4
_MINUTES: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """The version of the action that is called: its `commit`, and the `tag` that names it ("" where none does)."""

    commit: str
    tag: str = ""

    def __post_init__(self) -> None:
        """Refuse what a workflow could not hold. Raises ValueError."""
        if not _COMMIT.fullmatch(self.commit):
            raise ValueError(f"{self.commit[:100]!r} is no commit; give all 40 digits of its hash")
        if self.tag and not _TAG.fullmatch(self.tag):
            raise ValueError(f"{self.tag[:100]!r} is no tag of a version")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was asked: whether `pull_requests` are looked at, and whether `upgrades` are offered."""

    pull_requests: bool = True
    upgrades: bool = True


def files(name: str, answers: Answers, pin: Pin, *, configured: bool) -> Mapping[str, str]:
    """Return path → text for the repository ``name``, which decides when it runs. With ``configured``, no config."""
    made = {WORKFLOW: _workflow(name, answers, pin)}
    if not configured:
        made[CONFIG] = _config(answers)
    return made


def _workflow(name: str, answers: Answers, pin: Pin) -> str:
    # Whole hours are when everybody's schedules start, and GitHub is late then.
    chosen = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])
    hour, minute = divmod(chosen % (_HOURS * _MINUTES), _MINUTES)
    values = {
        "hour": _FIRST_HOUR + hour,
        "minute": minute or 1,
        "action": ACTION,
        "commit": pin.commit,
        "tag": pin.tag,
        "pull_requests": answers.pull_requests,
        "upgrades": answers.upgrades,
    }
    return render("debtscan-weekly.yml.j2", values).rstrip("\n") + "\n"


def _config(answers: Answers) -> str:
    """Return a configuration that says what is not the default, and where the rest is explained."""
    lines = ["# What may stand here: debtscan config schema, or docs/configuration.md of debtscan."]
    if answers.upgrades:
        lines += [
            "",
            "[upgrades]",
            "open-limit = 5    # pull requests that are open at once",
            "weekly-limit = 3  # new ones in any seven days",
        ]
    else:
        lines += ["", "[upgrades]", "enabled = false"]
    return "\n".join(lines) + "\n"
