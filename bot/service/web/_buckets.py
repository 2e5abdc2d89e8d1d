"""How much one client may ask, counted in this process alone and within a bound of memory."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

MOST: Final = 20_000
"""So many clients are remembered; the one that has been quiet longest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many requests at once, and so many a second in the long run."""

    name: str
    burst: float
    rate: float


@dataclass(slots=True)
class ClientBuckets:
    """Token buckets, one for each allowance and client. `clock` counts seconds."""

    clock: Callable[[], float]
    _held: OrderedDict[tuple[str, str], tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, allowance: Allowance, client: str) -> int:
        """Take one request; return 0, or the whole seconds after which the next one is allowed."""
        key, now = (allowance.name, client), self.clock()
        with self._lock:
            tokens, since = self._held.pop(key, (allowance.burst, now))
            tokens = min(allowance.burst, tokens + (now - since) * allowance.rate)
            is_allowed = tokens >= 1
            self._held[key] = (tokens - is_allowed, now)
            while len(self._held) > MOST:
                self._held.popitem(last=False)
        return 0 if is_allowed else max(1, math.ceil((1 - tokens) / allowance.rate))
