"""What pages need of a stored report, in the shapes of docs/schemas: all else in it is passed over unread."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeAlias

from bot.posts.model import UpgradeLine
from bot.report import _document as document
from bot.report._hotspot_part import CountedPart, CouplingPart, FilePart, FolderPart, HotspotPart
from bot.report._parts import Part
from bot.report._scorecard_part import ScorecardPart


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

    hotspots: tuple[HotspotPart, ...]
    hotspot_files: tuple[FilePart, ...]
    couplings: tuple[CouplingPart, ...]
    more_couplings: int
    folders: tuple[FolderPart, ...]
    history: CountedPart | None


Upgrades: TypeAlias = tuple[UpgradeLine, ...]
"""How each upgrade stood after the last round."""
