"""What pages need of a stored report, in the shapes of docs/schemas: all else in it is passed over unread."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeAlias

from analyzers.model.history import Coupling, FolderKnowledge
from bot.hotspots import Counted
from bot.posts.model import UpgradeLine
from bot.report import _document as document
from bot.report._hotspot_part import CountedPart
from bot.report._parts import Part
from bot.report._scorecard_part import ScorecardPart
from bot.scorecard import FileSize, Hotspot


class Scanned(Part, frozen=True, kw_only=True):
    """A report without its inventory, of which pages show what is in use by another table."""

    tool: document.Tool
    scanned_at: datetime
    as_of: date
    offline: bool
    repository: document.RepositoryPart
    findings: tuple[document.FindingPart, ...]
    ignored: tuple[document.IgnoredPart, ...]
    scorecard: ScorecardPart
    skipped: tuple[document.SkippedPart, ...]
    tables: tuple[document.TablePart, ...]


class Found(Part, frozen=True, kw_only=True):
    """The findings of a report, and nothing else."""

    as_of: date
    findings: tuple[document.FindingPart, ...]


class Hot(Part, frozen=True, kw_only=True):
    """The document of ``debtscan hotspots``, as far as map and tables show it."""

    hotspots: tuple[Hotspot, ...]
    hotspot_files: tuple[FileSize, ...]
    couplings: tuple[Coupling, ...]
    more_couplings: int
    folders: tuple[FolderKnowledge, ...]
    history: CountedPart | None

    @property
    def counted(self) -> Counted | None:
        """Which commits the figures rest on."""
        if self.history is None:
            return None
        return Counted(
            since=self.history.since,
            until=self.history.until,
            commits=self.history.commits,
            left_out=tuple(sorted(self.history.left_out.items())),
            complete=self.history.complete,
        )


Upgrades: TypeAlias = tuple[UpgradeLine, ...]
"""How each upgrade stood after the last round."""
