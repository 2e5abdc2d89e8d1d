"""A note that debtscan leaves for itself in a text: an HTML comment of one line that holds JSON.

Nothing else in such a text can look like it: whatever comes from elsewhere is escaped, so that it holds no ``<``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

_LONGEST: Final = 60_000
# What could end a comment, begin another, or be taken for markup of any kind.
_UNSAFE: Final = "-<>&@#`"


@dataclass(frozen=True)
class HiddenNote:
    """The notes of one `name`, which begins the comment."""

    name: str

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(rf"{re.escape(self._begin)}(\{{[^<>]{{0,{_LONGEST}}}\}}) -->")

    @property
    def _begin(self) -> str:
        return f"<!-- {self.name}: "

    def draw(self, stored: Mapping[str, object]) -> str:
        """Return the comment."""
        text = json.dumps(stored, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
        # Within JSON these characters stand in strings alone.
        for char in _UNSAFE:
            text = text.replace(char, f"\\u{ord(char):04x}")
        return f"{self._begin}{text} -->"

    def found(self, body: str) -> str | None:
        """Return the JSON of a text's note; None where there is none, or where there are several."""
        if body.count(self._begin) != 1:
            return None
        note = self._pattern.search(body)
        return note[1] if note else None

    def replaced(self, body: str, note: str) -> str:
        """Return the text with ``note`` in the place of the one that it has."""
        return self._pattern.sub(lambda _: note, body)
