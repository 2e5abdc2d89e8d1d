"""``debtscan`` without the pauses that GitHub asks for: for tests, also as a process of its own (``python -m``)."""

from __future__ import annotations

import socket
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from analyzers.http.cache import Cache
from bot.cli import main
from bot.commands import _hosted
from bot.github.rate import Bounds
from bot.github.session import Settings, read_settings
from tests.support import loopback

if TYPE_CHECKING:
    import pytest  # A process of its own has no use for it, and would load it hundreds of times.

BOUNDS = Bounds(spacing=0, first_delay=0.01, too_much_delay=0.01)


def settings(environ: Mapping[str, str], cache: Cache | None = None) -> Settings:
    """Return what the environment says, with bounds that wait for nothing."""
    return replace(read_settings(environ, cache), bounds=BOUNDS)


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands of this process not wait."""
    monkeypatch.setattr(_hosted, "read_settings", settings)


def run_here(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Carry out a command in the process of the tests, which has loaded already what a new one would load anew."""
    hurry(monkeypatch)
    return main(list(arguments))


if __name__ == "__main__":
    vars(_hosted)["read_settings"] = settings
    # As in the process of the tests: nothing beyond loopback.
    socket.getaddrinfo = loopback.getaddrinfo
    sys.exit(main(sys.argv[1:]))
