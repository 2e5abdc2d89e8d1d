"""Wait for something that another thread or process brings about, within a bound that only a failure reaches."""

from __future__ import annotations

import time
from collections.abc import Callable

_PAUSE = 0.02


def wait_for(condition: Callable[[], object], what: str, seconds: float = 30.0) -> None:
    """Return as soon as the condition holds; fail with `what` was waited for after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain: {what}"
        time.sleep(_PAUSE)
