"""Results of comparing that are kept, and the code that they hold for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.repository import remembered as remembered_module
from analyzers.repository.remembered import _CODE, Remembered, key_of
from tests.support.keeping import InMemory

FOLDER = Path(remembered_module.__file__).parent
READS_ONLY = {"blobs", "remembered", "versions"}
"""What hands over contents and names, and decides nothing."""


def test_what_is_saved_is_known_in_the_next_run() -> None:
    kept = InMemory()
    first = Remembered(kept)
    first.put(key_of(b"a", b"1"), [1, 2])
    assert first.get(key_of(b"a", b"1")) == [1, 2]
    assert Remembered(kept).get(key_of(b"a", b"1")) is None
    first.save()
    assert Remembered(kept).get(key_of(b"a", b"1")) == [1, 2]
    assert Remembered(kept).get(key_of(b"a1")) is None


def test_all_code_that_decides_a_result_is_part_of_its_key() -> None:
    def imported(name: str) -> Iterator[str]:
        for node in ast.walk(ast.parse((FOLDER / f"{name}.py").read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("analyzers.repository."):
                yield node.module.rpartition(".")[2]

    assert {other for name in _CODE for other in imported(name)} <= {*_CODE, *READS_ONLY}


def test_code_that_cannot_be_told_apart_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = InMemory()
    for edition in (b"one", b"other", b""):
        monkeypatch.setattr(remembered_module, "_edition", lambda edition=edition: edition)
        results = Remembered(kept)
        assert results.get(key_of(b"a")) is None
        results.put(key_of(b"a"), [1])
        results.save()
    assert list(kept.entries.values()) == [b"\x91\x01"] * 2
