"""Which repositories of an organisation are posted to: by topic, by list, by wave. Pure.

A new organisation is silent: its repositories are scanned, and nothing is written there. What its file says
(`analyzers.organization.Organization`) enables them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from analyzers.organization import Organization, Wave
from bot.name_patterns import matches

Wish: TypeAlias = Literal["silent", "posting-wanted"]

_PARTS: Final = 10_000
_PERCENT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A repository: GitHub's `id`, its `name` (``OWNER/REPO``), its `topics`. `is_enabled` says that it was before."""

    id: int
    name: str
    topics: Collection[str] = ()
    is_enabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an organisation wants for a repository, and `why`, as half a sentence ("it bears the topic debtscan")."""

    wish: Wish
    why: str


def phase(repository: Candidate, organization: Organization, today: date) -> Wish:
    """Return what the organisation wants for a repository on a day."""
    return decide(repository, organization, today).wish


def decide(repository: Candidate, organization: Organization, today: date) -> Decision:
    """Return what the organisation wants for a repository on a day, and why.

    What was enabled is not switched off by a smaller share or a later day: only where the file enables nothing but
    topics and lists any more, and neither names it.
    """
    why = _named(repository, organization) or _shared(repository, organization, today)
    if why:
        return Decision(wish="posting-wanted", why=why)
    if repository.is_enabled and organization.wave:
        return Decision(wish="posting-wanted", why="it was enabled before, and waves only grow")
    return Decision(wish="silent", why=_silence(repository, organization, today))


def asks_again(before: Collection[str], after: Collection[str], organization: Organization) -> bool:
    """Whether somebody gave a repository one of the organisation's topics that it had not: a declined one is asked."""
    return bool(set(organization.topics) & (set(after) - set(before)))


def place(repository: int) -> float:
    """Return where a repository stands among all: it is in every share above that, in percent. The same for ever."""
    digest = hashlib.sha256(f"debtscan wave {repository}".encode()).digest()
    return int.from_bytes(digest[:8]) % _PARTS / _PARTS * _PERCENT


def _named(repository: Candidate, organization: Organization) -> str:
    borne = sorted(set(organization.topics) & set(repository.topics))
    if borne:
        return f"it bears the topic {borne[0]}"
    short = repository.name.rpartition("/")[2]
    fitting = next((pattern for pattern in organization.repositories if matches(short, pattern)), "")
    return f"it is listed as {fitting}" if fitting else ""


def _shared(repository: Candidate, organization: Organization, today: date) -> str:
    if organization.enable == "all":
        return "all repositories are enabled"
    at = place(repository.id)
    waves = [wave for wave in organization.wave if wave.after <= today and at < wave.share]
    first = min(waves, key=lambda wave: wave.after, default=None)
    return f"it is in the wave of {first.after} ({first.share} percent)" if first else ""


def _silence(repository: Candidate, organization: Organization, today: date) -> str:
    """Return why nothing is posted, and from when on something will be, where that is known."""
    at = place(repository.id)
    coming = [wave for wave in organization.wave if wave.after > today and at < wave.share]
    first: Wave | None = min(coming, key=lambda wave: wave.after, default=None)
    return f"its wave begins on {first.after}" if first else "no topic, list or wave enables it"
