"""What templates of the service's pages can call: figures and names in words, and addresses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, get_args

from bot import change_words, wording
from bot.github.organisation import SkipReason, explain_skip
from bot.service.model import Phase, Reason, ScanOutcome
from bot.service.reading.repositories import State
from bot.service.web import _links

PHASES: Final[Mapping[Phase, str]] = {
    "silent": "debtscan scans it and shows it here. It opens no pull request and posts nothing.",
    "invited": "A pull request shows what debtscan would do. Merging it has debtscan begin; closing it declines.",
    "posting": "debtscan opens upgrades as pull requests, and keeps its dashboard and its check up to date.",
    "declined": "The pull request that offered it was closed, so debtscan only scans it and posts nothing.",
}
"""What each phase means."""
STATES: Final[Mapping[State, str]] = {
    "scanned": "scanned",
    "unjudged": "not judged",
    "waiting": "not scanned yet",
    "failed": "failed",
    "skipped": "left alone",
}


OUTCOMES: Final[Mapping[ScanOutcome, str]] = {
    "running": "runs now",
    "done": "done",
    "unchanged": "done, nothing changed",
    "postponed": "put off",
    "failed": "failed",
    "left": "left alone",
}
REASONS: Final[Mapping[Reason, str]] = {
    "push": "a push",
    "asked": "somebody asked",
    "box": "a box was ticked",
    "comment": "a comment",
    "re-request": "a check was asked for again",
    "installed": "newly installed",
    "renamed": "renamed",
    "enabled": "enabled",
    "sweep": "the regular sweep",
    "missed": "a webhook was missed",
    "again": "it was asked for meanwhile",
}
"""Why a repository was scanned."""
_REASONS: Final = frozenset(get_args(SkipReason))


def why_skipped(skip: SkipReason | Literal[""]) -> str:
    """Return why a repository is left alone, as the end of a sentence; a reason of a later version as it is."""
    return explain_skip(skip) if skip and skip in _REASONS else skip


def moment(at: datetime | None) -> str:
    """Return a time in UTC, to the minute."""
    return at.strftime("%Y-%m-%d %H:%M UTC") if at else ""


WORDS: Final[Mapping[str, object]] = {
    "work": wording.work,
    "score": wording.score,
    "change": wording.change,
    "years": wording.years,
    "count": wording.count,
    "name": wording.name,
    "prose": wording.prose,
    "headline": change_words.headline,
    "sentence": change_words.sentence,
    "signed": change_words.signed,
    "points": change_words.points,
    "moment": moment,
    "why_skipped": why_skipped,
    "phases": PHASES,
    "states": STATES,
    "outcomes": OUTCOMES,
    "reasons": REASONS,
    "to_organisation": _links.to_organisation,
    "to_repository": _links.to_repository,
    "to_uses": _links.to_uses,
    "to_rule": _links.to_rule,
    "to_interface": _links.to_interface,
    "with_query": _links.with_query,
    "at_github": _links.at_github,
}
"""To be laid beneath every page's own values."""
