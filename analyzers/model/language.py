"""What a programming language states, and what measuring one file of it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analyzers.errors import UnreadableError
from analyzers.model.inventory import Function


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One file, measured. `imports` are the top-level names it imports from elsewhere, sorted.

    `doubt` says of a file that was parsed in part where it was not, and what that leaves out; the rest is sound.
    """

    code_lines: int
    functions: tuple[Function, ...] = ()
    imports: tuple[str, ...] = ()
    doubt: UnreadableError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One part of a function that makes it complex: lines `line`–`end_line` (1-based, inclusive).

    `kind` is the language's word for it (``if``, ``for``, ``case``), `complexity` how much of the function's
    complexity lies in it, itself included, `nesting` how many other parts enclose it. One that `jumps` goes on with, or
    ends, a loop around it (``continue``, ``break``), which a function of its own could not; False where nobody looked.
    """

    line: int
    end_line: int
    kind: str
    complexity: int
    nesting: int
    jumps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A programming language. A file in ``metrics/`` states a tuple of these as ``LANGUAGES``.

    `name` is the lower-case name that reports carry, `suffixes` end its files' names (with the dot, lower-case),
    `interpreters` stand in a first line ``#!`` of files without a suffix. `measure` gets path and content; it may
    raise UnreadableError, and then `count` still gives the lines of code. `has_functions` with
    ``measures_functions=False`` makes reports say that their complexity is not known.

    `packages` are the distributions that read it: with another version of one, what was measured is measured anew.
    Of a path, `measure` may look at the suffix alone. `needs_process` says that the parser is not Python's own, so that
    a file may end the process: it is measured in another one even where that is not worth its start.

    `complexity_at` gets content, first and last line (1-based, inclusive) of a function in some version of a file and
    returns its complexity, None where no function stands there; `branches` gets the same and returns the parts that
    make the function complex, outer ones first. Both raise UnreadableError as `measure` does.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    measure: Callable[[str, bytes], Measured]
    count: Callable[[bytes], int]
    interpreters: tuple[str, ...] = ()
    measures_functions: bool = False
    has_functions: bool = True
    packages: tuple[str, ...] = ()
    needs_process: bool = False
    complexity_at: Callable[[bytes, int, int], int | None] | None = None
    branches: Callable[[bytes, int, int], tuple[Branch, ...]] | None = None
