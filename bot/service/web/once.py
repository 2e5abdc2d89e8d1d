"""What counts once: the state of a way through GitHub and back."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

_MOST: Final = 10_000


@dataclass(slots=True)
class Once:
    """Remembers in this process which names were taken; the oldest are forgotten first.

    That is enough across processes as well: the code that comes with a state is good once by GitHub's own rule.
    """

    _taken: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, name: str) -> bool:
        """Take a name; False where it was taken before."""
        with self._lock:
            if name in self._taken:
                return False
            self._taken[name] = None
            while len(self._taken) > _MOST:
                self._taken.popitem(last=False)
            return True
