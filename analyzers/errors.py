"""Every error that debtscan raises on purpose.

    DebtscanError
    ├── UsageError              the command line or the configuration is wrong (exit code 2)
    │   └── ConfigError         a configuration file is wrong: names file, line and remedy
    ├── SnapshotError           the repository as a whole cannot be read (exit code 2)
    ├── UnreadableError         one file cannot be read: becomes Skipped, the scan goes on
    │   ├── TooLargeError       over the size limit
    │   ├── TooDeepError        nested deeper than any honest file
    │   └── InvalidSyntaxError  not what its name promises
    │       └── UnsupportedSyntaxError  newer than what reads it here
    ├── FetchError              one request got no usable answer: becomes Unknown, the scan goes on
    └── EditRefusedError        an edit would change more, or other, than what was asked

A message names what went wrong, where, and what the reader can do about it.
"""

from __future__ import annotations


class DebtscanError(Exception):
    """Base of everything raised on purpose."""


class UsageError(DebtscanError):
    """The command line or the configuration is wrong."""


class ConfigError(UsageError):
    """A configuration file is wrong; the message starts with ``path:line:`` where that is known."""


class SnapshotError(DebtscanError):
    """The repository as a whole cannot be read."""


class UnreadableError(DebtscanError):
    """One file cannot be read; ``reason`` is a member of `analyzers.model.skipped.SkipReason`."""

    reason = "unreadable"

    def __init__(self, detail: str, *, line: int | None = None) -> None:
        """Keep ``detail`` (a sentence for people) and the 1-based ``line`` where reading stopped."""
        super().__init__(detail)
        self.detail = detail
        self.line = line


class TooLargeError(UnreadableError):
    """The file is over the size limit."""

    reason = "too-large"


class TooDeepError(UnreadableError):
    """The file nests deeper than any honest file does."""

    reason = "too-deep"


class InvalidSyntaxError(UnreadableError):
    """The file is not what its name promises."""

    reason = "invalid-syntax"


class UnsupportedSyntaxError(InvalidSyntaxError):
    """The file uses syntax that is newer than what reads it here."""

    reason = "unsupported-syntax"


class FetchError(DebtscanError):
    """One request got no usable answer; ``reason`` is a member of `analyzers.model.facts.UnknownReason`."""

    def __init__(self, reason: str, detail: str) -> None:
        """Keep the machine-readable ``reason`` and a ``detail`` without secrets."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class EditRefusedError(DebtscanError):
    """An edit would change more, or other, than what was asked; ``reason`` is a RefusalReason of `model.edit`."""

    def __init__(self, reason: str, detail: str) -> None:
        """Keep the machine-readable ``reason`` and a ``detail`` for people."""
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
