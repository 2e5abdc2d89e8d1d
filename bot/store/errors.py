"""What goes wrong with a history. Each message names the file or table, and what to do; nothing is overwritten.

HistoryError
├── DamagedHistoryError  what is stored cannot be read
├── NewerHistoryError    a newer debtscan wrote it
└── ForeignBranchError   the branch holds something else: debtscan did not make it
"""

from __future__ import annotations

from analyzers.errors import DebtscanError


class HistoryError(DebtscanError):
    """The history cannot be read or written."""


class DamagedHistoryError(HistoryError):
    """What is stored cannot be read."""


class NewerHistoryError(HistoryError):
    """A newer debtscan wrote it."""


class ForeignBranchError(HistoryError):
    """The branch is not a history of debtscan's."""
