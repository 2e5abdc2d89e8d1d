"""Keeps the memory and the environment of this process from others of the same user, as its own children are."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_DUMPABLE: Final = 4


def be_unseen() -> None:
    """Let no other process of this user read this one, and no crash write it to a file. Linux alone knows how.

    What this process starts is seen again, so secrets belong into no environment that it hands on for long.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DUMPABLE, 0, 0, 0, 0)
