"""How much of GitHub's rate limits is left: the least of all installations that this process works for."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.service import metrics

_MOST: Final = 2000


@dataclass(frozen=True, slots=True)
class _Seen:
    remaining: int
    limit: int
    resets_at: float


@dataclass(slots=True, eq=False)
class Rates(Collector):
    """What GitHub said last of each installation's limits. `clock` tells seconds since 1970."""

    clock: Callable[[], float] = time.time
    _seen: OrderedDict[tuple[int, str], _Seen] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def saw(self, installation: int, resource: str, *, remaining: int, limit: int, resets_at: float) -> None:
        """Keep what an answer's ``x-ratelimit-…`` said; ``resets_at`` in seconds since 1970. Safe in any thread."""
        key = (installation, resource)
        with self._lock:
            self._seen[key] = _Seen(remaining, limit, resets_at)
            self._seen.move_to_end(key)
            while len(self._seen) > _MOST:
                self._seen.popitem(last=False)

    def collect(self) -> Iterator[Metric]:
        """Yield the least that is left, and the least share, of each resource. A limit past its reset is whole."""
        left = GaugeMetricFamily(
            "debtscan_github_rate_remaining",
            "Requests that GitHub allows until the limit's reset: the least of all installations.",
            labels=["resource"],
        )
        share = GaugeMetricFamily(
            "debtscan_github_rate_remaining_ratio",
            "As debtscan_github_rate_remaining, as a share of the limit (0 to 1).",
            labels=["resource"],
        )
        for resource, seen in self._by_resource().items():
            left.add_metric([resource], min(remaining for remaining, _limit in seen))
            share.add_metric([resource], min(remaining / max(limit, 1) for remaining, limit in seen))
        yield left
        yield share

    def _by_resource(self) -> dict[str, list[tuple[int, int]]]:
        now = self.clock()
        with self._lock:
            seen = list(self._seen.items())
        found: dict[str, list[tuple[int, int]]] = {}
        for (_installation, resource), one in seen:
            remaining = one.remaining if one.resets_at > now else one.limit
            found.setdefault(resource, []).append((remaining, one.limit))
        return found


RATES: Final = Rates()
metrics.REGISTRY.register(RATES)
