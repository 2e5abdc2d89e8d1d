"""Reads and pairs the Python ecosystem's fixtures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from analyzers.ecosystems.python.ecosystem import ECOSYSTEM
from analyzers.manifests import read_manifests
from analyzers.model.ecosystem import Format, Reading
from analyzers.model.inventory import Dependency
from analyzers.syntax.text import SourceText
from tests.support.formats import snapshot

FIXTURES = Path(__file__).parents[1] / "analyzers/ecosystems/python/fixtures"


def format_of(path: str) -> Format:
    """Return the one format that reads ``path``."""
    (form,) = (form for form in ECOSYSTEM.formats if form.matches(path))
    return form


def read(path: str, content: str | bytes) -> Reading:
    """Read one file as the scan does."""
    form = format_of(path)
    raw = content.encode() if isinstance(content, str) else content
    return form.read(SourceText.decode(path, raw, declared=form.declares_encoding))


def pair(files: Mapping[str, str]) -> Mapping[str, Reading]:
    """Read and pair files given as text, includes followed."""
    return _readings({path: content.encode() for path, content in files.items()})


def read_fixture(name: str) -> Mapping[str, Reading]:
    """Read and pair a folder of fixtures, includes followed."""
    root = FIXTURES / name
    paths = sorted(found for found in root.rglob("*") if found.is_file())
    return _readings({found.relative_to(root).as_posix(): found.read_bytes() for found in paths})


def _readings(files: Mapping[str, bytes]) -> Mapping[str, Reading]:
    return read_manifests(snapshot(files), (ECOSYSTEM,)).readings


def row(reading: Reading, name: str) -> Dependency:
    """Return the one row of that name."""
    (found,) = (entry for entry in reading.dependencies if entry.name == name)
    return found
