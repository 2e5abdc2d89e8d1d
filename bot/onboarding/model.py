"""What an invitation says, and what came of it. Frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from analyzers.settings import Settings
from bot.github.objects import Pull
from bot.scorecard import Report
from bot.upgrade.model import Plan

Standing: TypeAlias = Literal["silent", "invited", "posting", "declined"]
"""How far a repository is: not asked yet, asked, accepted (or in no need of being asked), asked and refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What would happen in a repository under `settings`, which include what its branch of onboarding proposes.

    `plan` is made as if nothing was there. `why` is half a sentence on why it is asked ("it bears the topic debtscan"),
    `page` the address of the page that shows its scorecard, "" for none. `problem` says that what the branch proposes
    cannot be read, "" where it can; `is_edited` that people wrote it.
    """

    report: Report
    settings: Settings
    plan: Plan
    why: str = ""
    page: str = ""
    problem: str = ""
    is_edited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What came of it: how far the repository is now, what was done and what was left, both in sentences."""

    standing: Standing
    pull: Pull | None = None
    done: tuple[str, ...] = ()
    left: tuple[str, ...] = field(default=())
