"""Who writes commits: telling people apart, and programs from people."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable

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


def persons(authors: Iterable[bytes], commits: Iterable[int]) -> list[int]:
    """Return for each author (``Ada <ada@example.org>``) the number of the first one who is the same person.

    One e-mail address is one person, and so is one full name. An author without ``commits`` joins nobody.
    """
    same: list[int] = []
    seen: dict[str, int] = {}
    for number, (author, count) in enumerate(zip(authors, commits, strict=True)):
        same.append(number)
        for key in _keys(author) if count else ():
            _join(same, number, seen.setdefault(key, number))
    return [_first(same, number) for number in range(len(same))]


def _keys(author: bytes) -> Iterable[str]:
    name, email = name_and_email(author)
    yield f"<{email.casefold()}"
    # A single word ("root", "dev") is no full name, so it does not make two people one.
    if " " in name:
        yield name.casefold()


def _join(same: list[int], one: int, other: int) -> None:
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
