"""Which files of code a test can reach: by what it imports, or by the package that both belong to. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

_PYTHON_ROOTS = ("src", "lib", "python")
"""Folders that stand on Python's path by custom, and are no package themselves."""
_MOST_LINES = 500
"""Of one import over several lines."""
# No repetition gives back what it took: a file of dots or blanks is read in one go.
_FROM = re.compile(r"from\s++(\.*+)([\w.]*+)\s++import\b(.*)", re.DOTALL)
_OPEN = re.compile(r"from\s++[\w.]++\s++import\s*+\([^)]*+\Z")
_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"""\b(?:from|import|require)\s*+(?:\(\s*+)?["'](\.{1,2}(?:/[^"'\n]*)?)["']""")
_SCRIPT = re.compile(r"(?:\.d)?\.[cm]?[jt]sx?$|\.(?:vue|svelte)$")
_JAVA_ROOT = re.compile(r"^(?:.*/)?(?:java|kotlin|scala|groovy)/(?=.)")
_JAVA_IMPORT = re.compile(r"^[ \t]*import\s+(?:static\s+)?([\w.]+\*?)", re.MULTILINE)


class Reach(Protocol):
    """What one test file reaches."""

    def __call__(self, path: str, names: Collection[str], /) -> bool:
        """Whether the test reaches the file ``path``, in which a function or class of one of ``names`` stands."""


class Reader(Protocol):
    """Reads what a test file reaches; `paths` are all files of the snapshot."""

    def __call__(self, test: str, text: str, paths: Collection[str], /) -> Reach:
        """Return what the file ``test`` with this ``text`` reaches."""


@dataclass(frozen=True, slots=True)
class _PythonReach:
    imported: Mapping[str, frozenset[str]]
    """Module → the names that are taken from it."""
    paths: Collection[str]

    def __call__(self, path: str, names: Collection[str]) -> bool:
        modules = set(_python_modules(path, self.paths))
        if any(module in modules or self._submodules(module) & modules for module in self.imported):
            return True
        # A package hands on what its modules hold: `from shop import Cart` may mean the class of shop/cart.py.
        around = {module.rpartition(".")[0] for module in modules}
        around |= {folder[:end] for folder in around for end, letter in enumerate(folder) if letter == "."}
        return any(self.imported[package] & set(names) for package in around & self.imported.keys())

    def _submodules(self, module: str) -> set[str]:
        return {f"{module}.{word}" if module else word for word in self.imported[module]}


def _python(test: str, text: str, paths: Collection[str]) -> _PythonReach:
    imported: dict[str, frozenset[str]] = {}
    for module, words in _python_imports(test, text):
        imported[module] = imported.get(module, frozenset()) | words
    return _PythonReach(imported, paths)


def _python_imports(test: str, text: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield modules and what is taken from each. Also what only looks like an import in a string."""
    for statement in _python_statements(text.splitlines()):
        found = _FROM.match(statement)
        if found is None:
            yield from ((name, frozenset()) for name in re.findall(r"[\w.]+", statement.partition("import")[2]))
            continue
        dots, module, words = found.groups()
        if dots:
            folder = test.split("/")[: -len(dots)]
            module = ".".join([*folder, *([module] if module else [])])
        yield module, frozenset(_WORD.findall(words))


def _python_statements(lines: Sequence[str]) -> Iterator[str]:
    """Yield each import as one line."""
    end = 0
    for number, line in enumerate(lines):
        start = line.lstrip()
        if number < end or not start.startswith(("from ", "import ")):
            continue
        last = min(len(lines), number + _MOST_LINES)
        end = number + 1
        if _OPEN.match(start):
            end = next((place + 1 for place in range(end, last) if ")" in lines[place]), last)
        while end < last and lines[end - 1].endswith("\\"):
            end += 1
        yield " ".join([start, *lines[number + 1 : end]])


def _python_modules(path: str, paths: Collection[str]) -> Iterator[str]:
    """Yield the dotted names by which a file may be imported."""
    parts = path.rpartition(".")[0].split("/")
    start = len(parts) - 1
    if parts[-1] == "__init__":
        parts.pop()
    while start and "/".join([*parts[:start], "__init__.py"]) in paths:
        start -= 1
    yield ".".join(parts)
    yield ".".join(parts[start:])
    if parts and parts[0] in _PYTHON_ROOTS:
        yield ".".join(parts[1:])


def _script(test: str, text: str, _paths: Collection[str]) -> Reach:
    """Read JavaScript's and TypeScript's relative imports; the address of a folder means all that it hands on."""
    folder = posixpath.dirname(test)
    imported = {posixpath.normpath(posixpath.join(folder, address)) for address in _ADDRESS.findall(text)}
    stems = {_SCRIPT.sub("", address) for address in imported}

    def reaches(path: str, _names: Collection[str]) -> bool:
        around = path
        while around:
            around = posixpath.dirname(around)
            if (around or ".") in stems or f"{around}/index" in stems:
                return True
        return _SCRIPT.sub("", path) in stems

    return reaches


def _go(test: str, _text: str, _paths: Collection[str]) -> Reach:
    """Read nothing: the folder is the package."""
    folder = posixpath.dirname(test)
    return lambda path, _names: posixpath.dirname(path) == folder


def _java(test: str, text: str, _paths: Collection[str]) -> Reach:
    """Read the imports of Java, Kotlin, Scala and Groovy; of the same package nothing needs importing."""
    imported = frozenset(_JAVA_IMPORT.findall(text))
    own = _java_package(test)

    def reaches(path: str, names: Collection[str]) -> bool:
        package = _java_package(path)
        stem = posixpath.basename(path).partition(".")[0]
        wanted = {f"{package}.{name}" for name in (stem, *names, "*")}
        # A class within a class is imported by both names.
        return package == own or any(name in wanted or name.startswith(f"{package}.{stem}.") for name in imported)

    return reaches


def _java_package(path: str) -> str:
    folder = posixpath.dirname(path)
    return _JAVA_ROOT.sub("", f"{folder}/").rstrip("/").replace("/", ".")


READERS: Mapping[str, Reader] = {"python": _python, "script": _script, "go": _go, "java": _java}
FAMILIES: Mapping[str, str] = {
    "python": "python",
    "go": "go",
    **dict.fromkeys(("javascript", "typescript", "vue", "svelte"), "script"),
    **dict.fromkeys(("java", "kotlin", "scala", "groovy"), "java"),
}
"""Language → the languages among which files reach each other."""
