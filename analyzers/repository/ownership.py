"""Ownership: who changed a file since it exists, and who of them is still there."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date

from analyzers.model.history import Ownership
from analyzers.repository.counted import Lifetime
from analyzers.repository.days import months_before

GONE_MONTHS = 12
_LONGEST_NAME = 100
_SHARE_PLACES = 4
_EMAIL = re.compile(r"<?([^\s<>@]*)@[^\s<>]*>?")


def ownership(lifetime: Lifetime, as_of: date, code: Collection[str]) -> tuple[Ownership, ...]:
    """Return who changed each file among ``code``, sorted by path. A file whose every commit is left out has nobody."""
    gone = gone_authors(lifetime, as_of)
    return tuple(_ownership(lifetime, path, gone) for path in sorted(lifetime.by_path) if path in code)


def gone_authors(lifetime: Lifetime, as_of: date) -> frozenset[int]:
    """Return those who made no commit anywhere in the repository in the year up to ``as_of``."""
    last = months_before(as_of, GONE_MONTHS)
    return frozenset(author for author, day in enumerate(lifetime.last_days) if day <= last)


def shown_name(name: str) -> str:
    """Return an author's name for reports: no e-mail address, on one line, not longer than a name is."""
    plain = " ".join(_EMAIL.sub(r"\1", name[: 3 * _LONGEST_NAME]).split())
    return plain[:_LONGEST_NAME] or "unknown"


def _ownership(lifetime: Lifetime, path: str, gone: frozenset[int]) -> Ownership:
    commits = lifetime.by_path[path]
    revisions = sum(commits.values())
    main = _most(commits, lifetime)
    here = {author: count for author, count in commits.items() if author not in gone}
    present = _most(here, lifetime) if here else None
    return Ownership(
        path=path,
        main_author=shown_name(lifetime.authors[main]),
        main_share=_share(commits[main], revisions),
        authors=len(commits),
        gone=len(commits) - len(here),
        revisions=revisions,
        present_author=None if present is None else shown_name(lifetime.authors[present]),
        present_share=0.0 if present is None else _share(commits[present], revisions),
    )


def _most(commits: Mapping[int, int], lifetime: Lifetime) -> int:
    """Return the author of most commits, of which there are some."""
    most = max(commits.values())
    # Of two with as many commits, the name decides: the numbers depend on who was read first.
    return min(
        (author for author, count in commits.items() if count == most),
        key=lambda author: (lifetime.authors[author], author),
    )


def _share(commits: int, revisions: int) -> float:
    return round(commits / revisions, _SHARE_PLACES)
