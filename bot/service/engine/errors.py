"""What goes wrong when a worker is started.

EngineError
└── SecondProcessError  another process works on the same folder
"""

from __future__ import annotations

from analyzers.errors import DebtscanError


class EngineError(DebtscanError):
    """The engine cannot start."""


class SecondProcessError(EngineError):
    """Another process works on the same folder."""
