"""What the world is asked."""

from __future__ import annotations

from typing import NamedTuple


class Question(NamedTuple):
    """One thing to ask: `source` is a registry's name, `name` what it is asked about.

    `address` is set where a file or the user's settings name another index than the source's own.
    """

    source: str
    name: str
    address: str = ""
