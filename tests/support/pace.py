"""How long a bounded thing may take: measuring coverage slows our own code several times.

A test that asks for `allowed` itself is not measured (`tests.conftest`); one whose helper asks for it is. Tests of our
own code count the process's own time (``time.process_time``): a busy machine is nobody's fault.
"""

from __future__ import annotations

import sys


def allowed(seconds: float) -> float:
    """Return the bound to hold a duration to: ``seconds``, or five times that while coverage is measured."""
    return seconds * 5 if sys.gettrace() is not None else seconds
