"""The parts of functions: what goes to a measuring process, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from analyzers.errors import UnreadableError
from analyzers.metrics.measure import languages
from analyzers.metrics.processes import Child
from analyzers.model.language import Branch, Language

PartsTask: TypeAlias = tuple[str, bytes, list[tuple[int, int]]]
"""Language, content, and the first and last line of each function in it that is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of one function, outer ones first, or the `problem` because of which they are not known."""

    branches: tuple[Branch, ...] = ()
    problem: str = ""


_ENDED = Parts(problem="telling its parts apart ended the process or took too long")


@contextmanager
def telling(names: Iterable[str]) -> Iterator[Callable[[PartsTask], Sequence[Parts]]]:
    """Hand out what tells parts, for languages of these ``names``: in a process of its own where one needs that."""
    known = languages()
    if not any(known[name].needs_process for name in names):
        yield lambda task: tell(known[task[0]], task)
        return
    child = Child("analyzers.metrics.parts_child", list[list[Parts]])
    try:
        yield lambda task: (child.ask([task]) or [[_ENDED] * len(task[2])])[0]
    finally:
        child.stop()


def tell(language: Language, task: PartsTask) -> list[Parts]:
    """Return the parts of each function of a file. Never raises."""
    _, content, places = task
    return [_of_function(language, content, *place) for place in places]


def _of_function(language: Language, content: bytes, line: int, end_line: int) -> Parts:
    if language.branches is None:
        return Parts(problem=f"parts of functions are not told apart in {language.title}")
    try:
        return Parts(branches=language.branches(content, line, end_line))
    except UnreadableError as error:
        return Parts(problem=error.detail)
