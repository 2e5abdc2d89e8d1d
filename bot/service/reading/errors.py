"""What can go wrong with what is stored: `DamagedError`, a DebtscanError."""

from __future__ import annotations

from analyzers.errors import DebtscanError


class DamagedError(DebtscanError):
    """What was stored is not what this version stores. The message names it and says what to do."""
