"""Which tests mention a function: seen in their text, which does not say that they run it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from analyzers.errors import UnreadableError
from analyzers.model.inventory import Function, SourceFile
from analyzers.model.snapshot import Snapshot
from analyzers.reach import FAMILIES, READERS
from analyzers.repository.paths import is_test, is_test_data

_MOST_FILES = 5_000
_MOST_BYTES = 64 * 1024 * 1024
"""Of all tests together: a second or two of reading."""
_MOST_FILE_BYTES = 1024 * 1024
_BETWEEN = re.compile(r"\.|::")
_WORD = re.compile(r"\w+")
_PACKAGES = frozenset({"go", "java"})
"""Languages in which a test reaches its whole package: a method's name alone says too little there."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """The test files that mention one function, those that do so most often first.

    `complete` is False where not every test was looked at, or none because the language's imports are not known.
    """

    paths: tuple[str, ...] = ()
    complete: bool = True


def mentions(snapshot: Snapshot, functions: Sequence[Function], sources: Sequence[SourceFile]) -> tuple[Mentions, ...]:
    """Return the tests of each function, in the order of ``functions``; each test file is read once.

    A test counts that reaches the function's file and holds the bare name of the function, or of the class or function
    around it, as a word.
    """
    searches = {family: _Search() for family in dict.fromkeys(map(_family, functions)) if family}
    for function in functions:
        if family := _family(function):
            searches[family].add(function)
    paths = frozenset(snapshot.paths())
    left = _Left(_MOST_FILES, _MOST_BYTES)
    for path, family in _tests(sources, searches):
        searches[family].look_into(path, left.read(snapshot, path), family, paths)
    return tuple(
        searches[family].found(function) if (family := _family(function)) else Mentions(complete=False)
        for function in functions
    )


def _family(function: Function | SourceFile) -> str:
    return FAMILIES.get(function.language, "")


def _tests(sources: Sequence[SourceFile], wanted: Collection[str]) -> Iterator[tuple[str, str]]:
    for source in sources:
        family = _family(source)
        if family in wanted and is_test(source.path) and not is_test_data(source.path):
            yield source.path, family


def _is_of(test: str, path: str) -> bool:
    """Whether a test is called after the file ``path``: ``cart_test.go``, ``CartTest.java``."""
    test_name, name = (PurePosixPath(one).stem.replace("_", "") for one in (test, path))
    return test_name.lower().removesuffix("s").removesuffix("test") == name.lower()


@dataclass(slots=True)
class _Left:
    """What may still be read."""

    files: int
    size: int

    def read(self, snapshot: Snapshot, path: str) -> bytes | None:
        """Return the content of a test; None where it cannot be read, or too much was read already."""
        try:
            size = snapshot.size(path)
            if not self.files or size > min(self.size, _MOST_FILE_BYTES):
                return None
            self.files -= 1
            self.size -= size
            return snapshot.read(path)
        except UnreadableError:
            return None


@dataclass(frozen=True, slots=True)
class _Sought:
    """A function's own name, and the names of what stands around it."""

    own: str
    around: tuple[str, ...]

    @classmethod
    def of(cls, function: Function) -> _Sought:
        # What is no word stands for a function without a name, which belongs to the one around it.
        *around, own = [name for name in _BETWEEN.split(function.name) if _WORD.fullmatch(name)] or [""]
        # A test that says `__init__` speaks of its own classes.
        return cls("" if own.startswith("__") else own, tuple(around))

    @property
    def names(self) -> tuple[str, ...]:
        return (*filter(None, [self.own]), *self.around)


@dataclass(slots=True)
class _Search:
    """The functions of languages that reach each other, and the tests seen for each."""

    sought: dict[Function, _Sought] = field(default_factory=dict)
    names: dict[str, bytes] = field(default_factory=dict)
    seen: dict[Function, list[tuple[int, int, str]]] = field(default_factory=lambda: defaultdict(list))
    complete: bool = True

    def add(self, function: Function) -> None:
        """Look for a function as well."""
        self.sought[function] = sought = _Sought.of(function)
        self.names |= {name: name.encode() for name in sought.names}

    def look_into(self, path: str, content: bytes | None, family: str, paths: Collection[str]) -> None:
        """Note which functions a test mentions."""
        if content is None:
            self.complete = False
            return
        present = [name for name, encoded in self.names.items() if encoded in content]
        if not present:
            return
        text = content.decode(errors="replace")
        counts = Counter(re.findall(rf"\b(?:{'|'.join(sorted(present))})\b", text))
        reach = READERS[family](path, text, paths)
        for function, sought in self.sought.items():
            own, around = counts[sought.own], sum(counts[name] for name in sought.around)
            if own and sought.around and family in _PACKAGES and not _is_of(path, function.path):
                own = 0
            if (own or around) and function.path != path and reach(function.path, sought.names):
                self.seen[function].append((-own, -around, path))

    def found(self, function: Function) -> Mentions:
        return Mentions(tuple(path for _own, _around, path in sorted(self.seen.get(function, ()))), self.complete)
