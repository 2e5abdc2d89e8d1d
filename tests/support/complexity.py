"""What languages measure beside what lizard counts."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import NamedTuple

import lizard

from analyzers.metrics.measure import languages
from analyzers.model.inventory import Function
from analyzers.model.language import Measured

FIXTURES = Path(__file__).parent.parent / "fixtures" / "metrics"


class Counted(NamedTuple):
    """A function by where it begins."""

    line: int
    complexity: int


def measure(language: str, source: str, path: str = "a") -> Measured:
    """Measure a source, its indentation taken away."""
    return languages()[language].measure(path, textwrap.dedent(source).encode())


def function(language: str, source: str, path: str = "a") -> Function:
    """Measure a source that holds one function."""
    (found,) = measure(language, source, path).functions
    return found


def complexities(language: str, source: str, path: str = "a") -> list[tuple[str, int]]:
    """Return name and complexity of each function."""
    return [(found.name, found.complexity) for found in measure(language, source, path).functions]


def ours(language: str, file: str) -> set[Counted]:
    """Return the functions of a fixture as debtscan counts them."""
    measured = languages()[language].measure(file, (FIXTURES / file).read_bytes())
    assert measured.doubt is None
    return {Counted(found.line, found.complexity) for found in measured.functions}


def lizards(file: str) -> set[Counted]:
    """Return the functions of a fixture as lizard counts them."""
    read = lizard.analyze_file(str(FIXTURES / file)).function_list
    return {Counted(found.start_line, found.cyclomatic_complexity) for found in read}
