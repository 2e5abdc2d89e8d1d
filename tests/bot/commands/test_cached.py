"""What one run worked out serves the next, and nobody can tell from the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analyzers.metrics import measure
from analyzers.metrics.files import FileResult
from analyzers.model.language import Language
from bot.cli import main
from tests.support.repository import RepositoryBuilder

Document = Callable[[], tuple[dict[str, Any], list[str]]]
CODE = "def f(a):\n    return a if a else 0\n"


@pytest.fixture(params=["scan", "hotspots"])
def document(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> Document:
    """Return what makes a report of one repository, and what was said meanwhile."""
    monkeypatch.setenv("DEBTSCAN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    path = RepositoryBuilder(tmp_path / "project").write("a.py", CODE).write("b.py", "x = 1\n").commit().path
    more = ["--offline"] if request.param == "scan" else []

    def made() -> tuple[dict[str, Any], list[str]]:
        assert main([request.param, str(path), "--format", "json", "--jobs", "1", *more]) == 0
        printed = capsys.readouterr()
        found: dict[str, Any] = json.loads(printed.out)
        del found["timings"]
        return found, printed.err.splitlines()

    return made


def test_a_second_run_measures_nothing_and_says_the_same(
    document: Document, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _ = document()
    assert main(["cache", "info"]) == 0
    assert "results  0\n" not in capsys.readouterr().out

    def measured(path: str, language: Language, content: bytes) -> FileResult:
        raise AssertionError(f"{path}, {language.name}, {len(content)} bytes: measured again")

    monkeypatch.setattr(measure, "measure_file", measured)
    assert document()[0] == first


def test_a_damaged_file_is_said_once_and_changes_nothing(document: Document, tmp_path: Path) -> None:
    first, _ = document()
    path = tmp_path / "cache" / "kept.sqlite3"
    path.write_bytes(b"no database" * 1000)
    again, said = document()
    assert again == first
    (sentence,) = [line for line in said if "kept.sqlite3" in line]
    assert sentence.startswith(f"debtscan: the cache {path} is not used: ")
