from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.renovate import compiling, measured


def test_what_is_measured_is_compiled_once_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "measured.py").write_text("")
    measured((sys.executable, "-c", "import measured"), tmp_path / "output", compiling(tmp_path), str(tmp_path))
    assert list((tmp_path / "bytecode").rglob("measured.*.pyc"))
