from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from analyzers import reading_edition as editions
from analyzers.config import Config, Scan
from analyzers.reading_edition import reading_edition


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    _forget()
    yield
    _forget()


def _forget() -> None:
    editions._code.cache_clear()
    editions._packages.cache_clear()


def test_the_edition_is_the_same_for_the_same_configuration() -> None:
    assert re.fullmatch("[0-9a-f]{64}", reading_edition(Config()))
    assert reading_edition(Config()) == reading_edition(msgspec.json.decode(b"{}", type=Config))


def test_another_configuration_is_another_edition() -> None:
    assert reading_edition(Config()) != reading_edition(Config(scan=Scan(max_files=7)))


@pytest.mark.parametrize(("place", "changes"), [("syntax/toml.py", True), ("read.py", True), ("checks/x.py", False)])
def test_the_code_that_reads_is_part_of_it_and_the_code_that_judges_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, changes: bool
) -> None:
    monkeypatch.setattr(editions, "_HOME", tmp_path)
    written = tmp_path / place
    written.parent.mkdir(parents=True, exist_ok=True)
    written.write_text("one = 1\n")
    before = reading_edition(Config())
    written.write_text("one = 2\n")
    editions._code.cache_clear()
    assert (reading_edition(Config()) != before) is changes


def test_the_packages_that_read_are_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert any(entry.startswith("tree-sitter ") for entry in editions._packages())
    before = reading_edition(Config())
    monkeypatch.setattr(editions, "_version", lambda package: f"{package} of another year")
    editions._packages.cache_clear()
    assert reading_edition(Config()) != before
