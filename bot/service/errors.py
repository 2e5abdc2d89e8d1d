"""What ends a scan.

DebtscanError
└── ScanFailedError     the repository's fault, or its scan's: told on its page, and no other scan suffers
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from analyzers.errors import DebtscanError

FailureReason: TypeAlias = Literal[
    "repository", "configuration", "copy", "too-large", "memory", "time", "ended", "protocol", "internal"
]
"""`repository`: something else of it. `ended`: its process was. `protocol`: its process said what it must not."""


class ScanFailedError(DebtscanError):
    """A scan came to nothing. The message is a sentence for people."""

    def __init__(self, reason: FailureReason, message: str, log: str = "") -> None:
        """Keep the ``reason`` for those who count, and what the process said last, for those who look into it."""
        super().__init__(message)
        self.reason = reason
        self.log = log
