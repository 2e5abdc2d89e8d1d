from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.checked import Opening
from tests.support.hasty import hurry
from tests.support.packages import PythonIndex, python_index


@pytest.fixture
def index() -> Iterator[PythonIndex]:
    with python_index() as found:
        yield found


@pytest.fixture
def opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: PythonIndex) -> Iterator[Opening]:
    """Return what opens shops whose packages move in one group."""
    hurry(monkeypatch)
    with ExitStack() as stack:
        yield Opening(stack, tmp_path, monkeypatch, index)
