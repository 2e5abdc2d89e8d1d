"""Who writes commits: telling people apart, and programs from people."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Sequence

BOTS = (
    "*[[]bot]*",
    "dependabot*",
    "renovate*",
    "github-actions*",
    "pre-commit-ci*",
    "pyup*bot*",
    "greenkeeper*",
    "snyk*bot*",
    "mergify*",
    "allcontributors*",
    "imgbot*",
    "codecov*",
    "weblate*",
    "transifex*",
    "semantic-release*",
    "scala-steward*",
    "depfu*",
    "restyled*",
    "copybara*",
    "azure-pipelines*",
    "*-bot",
    "*[[]bot]@users.noreply.github.com",
    "bot@renovateapp.com",
    "support@dependabot.com",
    "noreply@weblate.org",
)


def persons(authors: Sequence[bytes], commits: Iterable[int]) -> list[int]:
    """Return for each author (``Ada <ada@example.org>``) the number of the first one who is the same person.

    One e-mail address is one person, and so is one full name. An author without ``commits`` joins nobody.
    """
    same = list(range(len(authors)))
    seen: dict[str, int] = {}
    # All at once: there may be tens of thousands.
    folded = b"\0".join(authors).decode(errors="replace").casefold().split("\0")
    for number, (author, count) in enumerate(zip(folded, commits, strict=False)):
        if count:
            name, _, email = author.rpartition(" <")
            _join(same, number, seen.setdefault(email, number))
            # A single word ("root", "dev") is no full name, so it does not make two people one.
            if " " in name:
                _join(same, number, seen.setdefault(f"{name}<", number))
    return [_first(same, number) for number in same]


def _join(same: list[int], one: int, other: int) -> None:
    if one != other:
        one, other = _first(same, one), _first(same, other)
        same[max(one, other)] = min(one, other)


def _first(same: list[int], number: int) -> int:
    while same[number] != number:
        same[number] = same[same[number]]
        number = same[number]
    return number


def name_and_email(author: bytes) -> tuple[str, str]:
    """Return both parts of ``Ada <ada@example.org>``."""
    name, _, email = author.decode(errors="replace").rpartition(" <")
    return name, email.removesuffix(">")


class Bots:
    """Tells programs from people by name and e-mail address. Patterns know ``*`` and ``?``, case does not count."""

    def __init__(self, more: Iterable[str]) -> None:
        """Use the bundled patterns and ``more``."""
        patterns = (*BOTS, *(pattern.casefold() for pattern in more))
        self._match = re.compile("|".join(map(fnmatch.translate, patterns))).match
        self._known: dict[tuple[str, str], bool] = {}

    def is_bot(self, name: str, email: str) -> bool:
        """Whether that author is a program."""
        author = (name, email)
        known = self._known.get(author)
        if known is None:
            known = self._known[author] = any(self._match(text.casefold()[:200]) is not None for text in author)
        return known
