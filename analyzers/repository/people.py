"""Who writes commits: telling people apart, and programs from people."""

from __future__ import annotations

import fnmatch
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

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
    "*+copilot@users.noreply.github.com",
    "noreply@anthropic.com",
    "cursoragent@cursor.com",
    "bot@renovateapp.com",
    "support@dependabot.com",
    "noreply@weblate.org",
)
_MOST_SINGLY = 300
"""More new authors are told apart together with the others: each one alone takes a look at all of these."""


def persons(authors: Sequence[bytes], commits: Sequence[int]) -> list[int]:
    """Return for each author (``Ada <ada@example.org>``) the number of the first one who is the same person.

    One e-mail address is one person, and so is one full name. An author without ``commits`` joins nobody.
    """
    same = list(range(len(authors)))
    seen: dict[str, int] = {}
    for number, (author, count) in enumerate(zip(_folded(authors).split("\0"), commits, strict=False)):
        for key in _keys(author) if count else ():
            _join(same, number, seen.setdefault(key, number))
    return [_first(same, number) for number in same]


def more_persons(known: Sequence[int], authors: Sequence[bytes], commits: Sequence[int]) -> list[int]:
    """Return the same, where the ``known`` ones are of the first authors, and nobody of those came or went."""
    if len(authors) - len(known) > _MOST_SINGLY:
        return persons(authors, commits)
    same = [*known, *range(len(known), len(authors))]
    text = f"\0{_folded(authors)}\0"
    ends = list(accumulate(len(author) + 1 for author in text[1:-1].split("\0")))
    for number in range(len(known), len(authors)):
        for key in _keys(_folded(authors[number : number + 1])) if commits[number] else ():
            _join(same, number, _first_with(key, text, ends, commits))
    # Two who were known already may be one by now.
    joined = {one: _first(same, one) for one in set(known) if same[one] != one}
    old = [joined.get(one, one) for one in known] if joined else known
    return [*old, *(_first(same, number) for number in range(len(known), len(same)))]


def main_spellings(persons: Sequence[int], authors: Sequence[bytes], commits: Sequence[int]) -> Mapping[int, int]:
    """Return, for each person that several authors are, the one of them with most commits."""
    main: dict[int, int] = {}
    for author, person in enumerate(persons):
        if author != person:
            # Of two with as many, not the one that was seen first: that depends on what an earlier run has kept.
            one = main.get(person, person)
            main[person] = min(one, author, key=lambda number: (-commits[number], authors[number]))
    return main


def _folded(authors: Sequence[bytes]) -> str:
    # All at once: there may be tens of thousands.
    return b"\0".join(authors).decode(errors="replace").casefold()


def _keys(author: str) -> tuple[str, ...]:
    """Return what is the same text, between the bounds of authors, for the same person."""
    name, _, email = author.rpartition(" <")
    # Imports from other systems have nobody's address, and all of them are not one person.
    address = (f" <{email}\0",) if email != ">" else ()
    # A single word ("root", "dev") is no full name, so it does not make two people one.
    return (*address, f"\0{name} <") if " " in name else address


def _first_with(key: str, text: str, ends: Sequence[int], commits: Sequence[int]) -> int:
    """Return the first author with commits whose text holds the key; there is one. ``ends`` are those texts' ends."""
    found = text.index(key)
    while not commits[number := bisect_right(ends, found)] or not _is_whole(key, text, found):
        found = text.index(key, found + 1)
    return number


def _is_whole(key: str, text: str, found: int) -> bool:
    """Whether that is the whole name (no honest one holds a bracket) or address of an author."""
    end = found + len(key)
    return key.endswith("\0") or " <" not in text[end : text.index("\0", end)]


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


def names(authors: Sequence[bytes]) -> list[str]:
    """Return the names alone."""
    if not authors:
        return []
    return [author.rpartition(" <")[0] for author in b"\0".join(authors).decode(errors="replace").split("\0")]


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
