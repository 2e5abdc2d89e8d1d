"""What one pull request adds and mends: its merge base and its head, judged alike."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analyzers import settings as configuration
from analyzers.config import Config
from analyzers.errors import ConfigError, DebtscanError
from analyzers.model.snapshot import Snapshot
from analyzers.repository.snapshot import merge_base, open_snapshot
from analyzers.scan import rules
from bot.comparison import Comparison, compare
from bot.rounds.repository import Opened
from bot.rounds.scanning import Scanner


@dataclass(frozen=True, slots=True)
class Sides:
    """The default branch, whose configuration counts, and the pull request's merge base and head under it."""

    opened: Opened
    base: Snapshot
    head: Snapshot


def sides(opened: Opened, *, head: str, base: str, branch: str) -> Sides:
    """Open the two sides of a pull request: ``head`` and ``base`` are revisions, ``branch`` is the base's name.

    Raises DebtscanError where they share nothing.
    """
    config = opened.settings.config

    def at(commit: str) -> Snapshot:
        return open_snapshot(opened.folder, config, commit=commit, bring=opened.bring)

    theirs = at(head)
    commit = merge_base(theirs, base)
    if commit is None:
        raise DebtscanError(f"it shares no commit with {branch}, so there is nothing to compare it with")
    return Sides(opened, at(commit), theirs)


def compared(sides: Sides, scanner: Scanner) -> Comparison:
    """Judge the merge base and the head: the same configuration, the same Facts, the same date."""
    before = scanner.scan(replace(sides.opened, snapshot=sides.base))
    after = scanner.scan(replace(sides.opened, snapshot=sides.head), before.facts)
    return compare(before, after, scanned_at=scanner.clock.now)


def note(sides: Sides, branch: str) -> str:
    """Say where the pull request changes debtscan's configuration, that this counts once it is in ``branch``."""
    if sides.opened.settings.path not in {None, *configuration.IN_REPOSITORY, "pyproject.toml"}:
        # The host's own file counts, whatever the repository holds.
        return ""
    inherited = sides.opened.settings.inherited
    if _configured(sides.base, inherited) == _configured(sides.head, inherited):
        return ""
    return f"This pull request changes the configuration of debtscan: that counts once it is merged into {branch}."


def _configured(snapshot: Snapshot, inherited: configuration.Inherited | None) -> Config | None:
    """Return the configuration that lies there; None for one that is wrong."""
    try:
        return configuration.load(snapshot, explicit=None, rules=rules(), inherited=inherited).config
    except ConfigError:
        return None
