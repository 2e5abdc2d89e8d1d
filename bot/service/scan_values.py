"""What a scan takes and what comes of it: frozen values, none of which holds a token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

from analyzers.settings import Inherited
from bot.service import settings
from bot.service.child import messages
from bot.service.child.messages import Ending, Usage
from bot.service.model import Phase
from bot.store.model import Entry, Past

_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one child may take: seconds by the clock, bytes of address space; `jobs` are its measuring processes.

    It sees nothing of the folders that are `hidden`, where it has walls.
    """

    seconds: float
    memory: int
    jobs: int = 1
    hidden: tuple[Path, ...] = ()

    @classmethod
    def of(cls, file: settings.Limits, *hidden: Path) -> Limits:
        """Return those of the configuration; ``hidden`` are the service's own folders, of data and of secrets."""
        return cls(seconds=file.scan_minutes * 60.0, memory=file.scan_memory * _MIB, hidden=hidden)

    @property
    def bounds(self) -> messages.Bounds:
        """What the child is bound by."""
        # Several threads may use several processors.
        return messages.Bounds(memory=self.memory, processor=int(self.seconds * 2) + 1, file=4 * 1024 * _MIB)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An inventory (`analyzers.inventory_json`) that was read from the same commit before, and its edition."""

    inventory: bytes = field(repr=False)
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A commit of a repository's default branch, and what is known of both.

    `repository` is GitHub's id, `name` OWNER/REPO. `as_of` is the day that it is judged as on, `now` is written into
    reports. `past` is the history, None where none is kept: its entries are compared with, nothing is written to it.
    `inherited` is the organisation's configuration. With `anew`, no answer of before is taken without asking whether it
    is still so.
    """

    repository: int
    name: str
    branch: str
    commit: str
    private: bool
    as_of: date
    now: datetime
    known: Stored | None = None
    past: Past | None = None
    inherited: Inherited | None = None
    anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """All that is stored of a scan. `document` is the JSON report, `hotspots` that of ``debtscan hotspots``.

    `inventory` and `edition` make the next `Stored`. `facts` are those that it was judged on, as
    `analyzers.facts_json.facts_to_json` writes them; the entry has their digest. `configured` is the path of the
    repository's own configuration, "" without one, `upgrades` whether it wants any. `notes` are sentences on what of
    the history could not be read. `timings` are seconds a stage. `plan_digest` is another where acting could come to
    something else. Not `judged`, its score means nothing.
    """

    document: bytes = field(repr=False)
    hotspots: bytes = field(repr=False)
    inventory: bytes = field(repr=False)
    edition: str
    facts: bytes = field(repr=False)
    entry: Entry
    usages: tuple[Usage, ...] = field(repr=False)
    ends: tuple[Ending, ...] = field(repr=False)
    skipped: int
    configured: str
    upgrades: bool
    notes: tuple[str, ...]
    timings: Mapping[str, float]
    plan_digest: str
    judged: bool

    @property
    def config_digest(self) -> str:
        """The digest of the configuration that it was judged by."""
        return self.entry.config

    @property
    def stored(self) -> Stored:
        """What the next scan of the same commit need not read."""
        return Stored(inventory=self.inventory, edition=self.edition)

    @property
    def findings(self) -> int:
        """How many findings count."""
        return sum(self.entry.findings.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What came of acting. `upgrades` are the lines of `bot.posts.model.UpgradeLine`, as JSON.

    `done`, `withheld` and `failed` are sentences. `again_at` is the earliest moment at which something may be due that
    waits now; with `limited` it is when GitHub's limit begins anew, after which the rest is to be done.
    """

    upgrades: bytes = field(repr=False)
    done: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    again_at: datetime | None = None
    limited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """How far a repository is once it was asked; `pull` is the number of the question, 0 where none was ever asked.

    `done` and `left` are sentences.
    """

    standing: Phase
    pull: int = 0
    done: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Half a sentence on `why` a repository is asked, and the `page` that shows its scorecard ("" for none).

    With `again`, one that declined is asked once more.
    """

    why: str = ""
    page: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came of telling a pull request what it does. `conclusion` is that of the check run.

    `state` is the pull request's: of one that is not ``open`` nothing is told. `again_at` and `limited` are as in
    `Acted`.
    """

    state: str
    conclusion: str = ""
    done: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    fresh: int = 0
    mended: int = 0
    score_won: float = 0
    again_at: datetime | None = None
    limited: bool = False
