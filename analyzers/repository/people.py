"""Who writes commits: telling people apart, and programs from people."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable

_BOTS = (
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


class People:
    """Tells people apart: one e-mail address is one person, and so is one full name."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._by_email: dict[str, int] = {}
        self._by_name: dict[str, int] = {}

    def number(self, name: str, email: str) -> int:
        """Return the number of that person, the same for every spelling seen so far."""
        email, name = email.casefold(), name.casefold()
        # A single word ("root", "dev") is no full name, so it does not make two people one.
        names = self._by_name if " " in name else {}
        number = self._by_email.get(email, names.get(name, len(self._by_email)))
        self._by_email.setdefault(email, number)
        names.setdefault(name, number)
        return number


class Bots:
    """Tells programs from people by name and e-mail address. Patterns know ``*`` and ``?``, case does not count."""

    def __init__(self, more: Iterable[str]) -> None:
        """Use the bundled patterns and ``more``."""
        patterns = (*_BOTS, *(pattern.casefold() for pattern in more))
        self._match = re.compile("|".join(map(fnmatch.translate, patterns))).match
        self._known: dict[tuple[str, str], bool] = {}

    def is_bot(self, name: str, email: str) -> bool:
        """Whether that author is a program."""
        author = (name, email)
        known = self._known.get(author)
        if known is None:
            known = self._known[author] = any(self._match(text.casefold()[:200]) is not None for text in author)
        return known
