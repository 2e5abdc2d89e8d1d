"""The code that opens ``/setup``: printed where the service was started, so that nobody else can register it."""

from __future__ import annotations

import hmac
import threading
from dataclasses import dataclass, field
from secrets import choice
from typing import Final

_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that are taken for one another: 5 bits each."""
_GROUPS: Final = 4
_IN_A_GROUP: Final = 5
MOST: Final = 20
"""So many wrong codes close the setup until the service is started again."""


def new_setup_code() -> str:
    """Return a new code, in groups, of 100 bits."""
    return "-".join("".join(choice(_LETTERS) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS))


@dataclass(slots=True)
class Attempts:
    """Counts wrong codes, of all clients together."""

    wrong: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_right(self, given: str, code: str) -> bool:
        """Whether a code is the right one; never where none was printed, or too many were wrong."""
        with self._lock:
            if not code or self.wrong >= MOST:
                return False
            is_right = hmac.compare_digest(_plain(given).encode(), _plain(code).encode())
            self.wrong += not is_right
            return is_right

    @property
    def are_over(self) -> bool:
        """Whether no code is taken any more."""
        return self.wrong >= MOST


def _plain(code: str) -> str:
    return "".join(code.upper().split()).replace("-", "")
