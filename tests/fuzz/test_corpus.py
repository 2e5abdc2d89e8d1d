"""Replays what fuzzing found (``python -m benchmarks.fuzz``), and fuzzes each reader for a moment."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from analyzers.model.ecosystem import Ecosystem, Format
from tests.support.formats import Case, cases, worlds
from tests.support.mutations import minimised, mutated
from tests.support.pace import allowed
from tests.support.promises import outcome, together

CORPUS = Path(__file__).parent / "fixtures"
FORMATS = {(world.name, form.name): (world, form) for _folder, world in worlds() for form in world.formats}
TOGETHER = "together"
ALL = sorted(path for path in CORPUS.rglob("*") if path.is_file())
FILES = [path for path in ALL if path.relative_to(CORPUS).parts[1] != TOGETHER]
REPOSITORIES = sorted(
    {CORPUS.joinpath(*path.relative_to(CORPUS).parts[:3]) for path in ALL}
    - {CORPUS.joinpath(*path.relative_to(CORPUS).parts[:3]) for path in FILES}
)
WORLDS = {world.name: world for _folder, world in worlds()}
CASES = {(case.world.name, case.form.name): case for case in sorted(cases(), key=lambda case: -len(case.content))}
SECONDS = 3
ROUNDS = 60


def of(file: Path) -> tuple[Ecosystem, Format, str]:
    world, form, _digest, *path = file.relative_to(CORPUS).parts
    return (*FORMATS[world, form], "/".join(path))


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.relative_to(CORPUS).parts[:3]))
def test_what_was_once_found_stays_mended(file: Path) -> None:
    world, form, path = of(file)
    assert outcome(world, form, path, file.read_bytes(), seconds=allowed(SECONDS), again=True).complaint is None


def test_what_was_once_found_of_several_files_stays_mended() -> None:
    # A loop: nothing may have been found yet, and a test without cases would count as skipped.
    for folder in REPOSITORIES:
        files = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
        world = WORLDS[folder.relative_to(CORPUS).parts[0]]
        assert together(world, files, seconds=allowed(SECONDS)).complaint is None, folder


@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case.id)
def test_mutated_fixtures_break_no_promise(case: Case) -> None:
    dice = random.Random(case.id)  # noqa: S311 - repeatable on purpose
    content = case.content[:8000]
    for _ in range(ROUNDS):
        changed = mutated(dice, content, [content])
        came = outcome(case.world, case.form, case.path, changed, seconds=allowed(SECONDS), again=True)
        assert came.complaint is None, changed


def test_minimising_leaves_what_matters() -> None:
    assert minimised(b"x" * 1000 + b"needle" + b"y" * 1000, lambda content: b"needle" in content) == b"needle"
