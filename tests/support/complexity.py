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


def branches(language: str, source: str) -> list[tuple[int, int, str, int, int]]:
    """Return lines, kind, complexity and nesting of the parts of the first function of a source."""
    content = textwrap.dedent(source).encode()
    stated = languages()[language]
    first = stated.measure("a", content).functions[0]
    assert stated.branches is not None
    found = stated.branches(content, first.line, first.end_line)
    outermost = sum(branch.complexity for branch in found if not branch.nesting)
    assert outermost == first.complexity - 1
    return [(part.line, part.end_line, part.kind, part.complexity, part.nesting) for part in found]


def ours(language: str, file: str) -> set[Counted]:
    """Return the functions of a fixture as debtscan counts them."""
    measured = languages()[language].measure(file, (FIXTURES / file).read_bytes())
    assert measured.doubt is None
    return {Counted(found.line, found.complexity) for found in measured.functions}


def lizards(file: str) -> set[Counted]:
    """Return the functions of a fixture as lizard counts them."""
    read = lizard.analyze_file(str(FIXTURES / file)).function_list
    return {Counted(found.start_line, found.cyclomatic_complexity) for found in read}
