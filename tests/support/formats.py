"""Every format of every ecosystem with the fixtures that it reads: what the contract tests walk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analyzers.model.discovery import modules
from analyzers.model.ecosystem import Ecosystem, Format
from analyzers.model.inventory import Repository
from analyzers.repository.contents import LaidOver
from analyzers.repository.paths import PathKinds
from analyzers.repository.snapshot import FileSnapshot

ROOT = Path(__file__).parents[1] / "analyzers" / "ecosystems"
LIMIT = 20 * 1024 * 1024


@dataclass(frozen=True)
class Case:
    """One fixture as one format reads it: under `path`, the longest end of its own path that the format takes."""

    world: Ecosystem
    form: Format
    path: str
    file: Path

    @property
    def content(self) -> bytes:
        return self.file.read_bytes()

    @property
    def id(self) -> str:
        return f"{self.form.name}-{self.file.relative_to(ROOT).as_posix()}"


def snapshot(files: Mapping[str, bytes]) -> FileSnapshot:
    """Return a snapshot that lies in memory."""
    return FileSnapshot(Repository("demo"), (), tuple(sorted(files)), LaidOver(None, files), PathKinds(), LIMIT)


@cache
def worlds() -> tuple[tuple[str, Ecosystem], ...]:
    """Return every ecosystem of the project with the name of its folder."""
    found = modules("analyzers.ecosystems", states="ECOSYSTEM")
    return tuple((module.__name__.split(".")[2], module.ECOSYSTEM) for module in found)


@cache
def cases() -> tuple[Case, ...]:
    """Return every fixture with each format that reads it."""
    return tuple(case for folder, world in worlds() for case in _of_world(folder, world))


def _of_world(folder: str, world: Ecosystem) -> Iterator[Case]:
    root = ROOT / folder / "fixtures"
    for file in sorted(found for found in root.rglob("*") if found.is_file()):
        parts = file.relative_to(root).parts
        ends = ["/".join(parts[start:]) for start in range(len(parts))]
        for form in world.formats:
            path = next((end for end in ends if form.matches(end)), None)
            if path and (form.sniff is None or form.sniff(file.read_bytes())):
                yield Case(world, form, path, file)


def missing() -> tuple[str, ...]:
    """Return the formats without a fixture."""
    covered = {(case.world.name, case.form.name) for case in cases()}
    return tuple(
        f"{form.name} of {world.name}: put a nasty file at tests/analyzers/ecosystems/{folder}/fixtures/nasty/"
        f"{form.examples[0]}"
        for folder, world in worlds()
        for form in world.formats
        if (world.name, form.name) not in covered
    )
