"""The lowest runtime that a project supports: what a candidate has to run on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from analyzers.checks.dependencies._rows import Row, worlds
from analyzers.lifecycles import tools
from analyzers.model.inventory import Dependency, Inventory
from analyzers.model.scheme import Scheme

_NUMBER: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,2}")
_MOST_NUMBERS: Final = 30
_MARKER: Final = re.compile(
    r"python_(?:full_)?version\s{0,5}(<=|>=|==|!=|~=|<|>)\s{0,5}['\"]([0-9.]{1,20}(?:\.\*)?)['\"]"
)
_TAG: Final = re.compile(r"(?P<kind>cp|py)3(?P<minor>[0-9]{1,3})(?P<abi>-abi3)?")
# Python 2, PyPy and GraalPy.
_OTHER_TAGS: Final = ("cp2", "py2", "pp", "graalpy")
_HIGH: Final = 999
# Files that name a runtime on which some tool runs or some job tests: nothing that the project promises to support.
_ELSEWHERE: Final = frozenset({"pre-commit-language", "workflow-with", "action-with", "annotation"})
# The one line that does not follow from the number above it (a marker says ``python_version < "3"``).
_PYTHON_3: Final = (3, 0)
_PYTHON_2: Final = (2, 7)


@dataclass(frozen=True, slots=True)
class Runtime:
    """A kind of runtime: `lines` is how many numbers name one of its release lines (3.12, but 24).

    `ecosystem` is the one whose packages state what they need of it, ``""`` for none that is judged so.
    """

    name: str
    title: str
    product: str
    ecosystem: str
    lines: int


_ECOSYSTEMS: Final = {"python": "pypi", "node": "npm", **dict.fromkeys(tools.programs(), "terraform")}
RUNTIMES: Final[Mapping[str, Runtime]] = {
    name: Runtime(name, row.title, row.product, _ECOSYSTEMS.get(name, ""), row.lines)
    for name, row in {**tools.runtimes(), **tools.programs()}.items()
}
# Modules of Terraform are not released for a version of it.
_OF_ECOSYSTEM: Final = {RUNTIMES[name].ecosystem: RUNTIMES[name] for name in ("python", "node")}


@dataclass(frozen=True, slots=True)
class Lowest:
    """The lowest supported version: `shown` as written, `version` the newest patch of what it means."""

    title: str
    shown: str
    version: str


class Support:
    """What each folder of a repository supports."""

    def __init__(self, inventory: Inventory) -> None:
        """Note the constraints of the manifests and, where a folder has none, of its version files."""
        self._stated: dict[tuple[str, str], str] = {}
        self._found: dict[tuple[str, str | None, str | None], Lowest | None] = {}
        for manifest in inventory.manifests:
            if manifest.runtime:
                self._stated.setdefault((manifest.ecosystem, _folder(manifest.path)), manifest.runtime)
        for entry in inventory.dependencies:
            self._note(entry)

    def _note(self, entry: Dependency) -> None:
        stated = entry.ecosystem == "generic" and entry.kind not in _ELSEWHERE
        runtime = RUNTIMES.get(entry.name) if stated else None
        world = worlds().get(runtime.ecosystem) if runtime else None
        if runtime and world and entry.value and not entry.skip_reason and world.scheme.is_constraint(entry.value):
            self._stated.setdefault((runtime.ecosystem, _folder(entry.place.path)), entry.value)

    def lowest(self, row: Row) -> Lowest | None:
        """Return the lowest runtime that this requirement has to work on; None where nothing tells."""
        runtime = _OF_ECOSYSTEM.get(row.world.name)
        if runtime is None:
            return None
        asked = (row.world.name, self._nearest(row.world.name, row.dependency.place.path), row.dependency.marker)
        if asked not in self._found:
            self._found[asked] = _found(row.world.scheme, runtime, asked[1], asked[2])
        return self._found[asked]

    def _nearest(self, ecosystem: str, path: str) -> str | None:
        folder = _folder(path)
        while True:
            if (ecosystem, folder) in self._stated:
                return self._stated[ecosystem, folder]
            if not folder:
                return None
            folder = _folder(folder)


def _found(scheme: Scheme, runtime: Runtime, stated: str | None, marker: str | None) -> Lowest | None:
    readable = [text for text in (stated, python_of(marker)) if text and scheme.is_constraint(text)]
    found = _lowest(scheme, readable, runtime.lines)
    if found is None and len(readable) > 1:
        # The marker names what the project as a whole no longer supports: it alone says where this is installed.
        found = _lowest(scheme, readable[-1:], runtime.lines)
    return Lowest(runtime.title, found[0], found[1]) if found else None


def python_of(marker: str | None) -> str | None:
    """Return the constraint that a marker puts on Python (``python_version < "3.8"`` → ``<3.8``).

    None where it puts none, or alternatives stand in it: their parts do not hold together.
    """
    if not marker or " or " in marker:
        return None
    return ",".join(_clause(operator, version) for operator, version in _MARKER.findall(marker[:2000])) or None


def _clause(operator: str, version: str) -> str:
    """``python_version`` is two numbers, so ``> "3.8"`` begins at 3.9."""
    line = re.fullmatch(r"([0-9]+)\.([0-9]+)", version)
    if operator == ">" and line:
        return f">={line[1]}.{int(line[2]) + 1}"
    return operator + version


def installs_on(tags: Iterable[str], python: str) -> bool:
    """Return whether a wheel with one of the interpreter tags installs on a version of Python 3.

    ``cp312`` is for that one, ``cp38-abi3`` and ``py38`` for it and all that follow.
    """
    wanted = numbers_of(python)
    for tag in tags:
        found = _TAG.fullmatch(tag)
        if found is None and not tag.startswith(_OTHER_TAGS):
            return True  # a tag that is not understood here holds nothing back
        if found and (3, int(found["minor"])) == wanted:
            return True
        if found and (found["abi"] or found["kind"] == "py") and (3, int(found["minor"])) < wanted:
            return True
    return False


def numbers_of(version: str) -> tuple[int, ...]:
    """Return the first two numbers of a version."""
    return next(numbers_in(version), ())[:2]


def padded(numbers: Iterable[int], lines: int, *, high: bool) -> str:
    """Return three numbers; where ``high``, what is not written behind the release line is as high as can be."""
    written = list(numbers)
    while len(written) < 3:  # noqa: PLR2004 - major, minor, patch
        written.append(_HIGH if high and len(written) >= lines else 0)
    return ".".join(str(number) for number in written)


def _lowest(scheme: Scheme, constraints: list[str], lines: int) -> tuple[str, str] | None:
    """Return the lowest version that all constraints admit, as written and padded.

    It is one of the numbers written there, the one above it, or, under an upper bound alone, the line below that.
    """
    if not constraints:
        return None
    written = [numbers for text in constraints for numbers in numbers_in(text)]
    admitted = [one for one in _and_next(written, lines) if _is_admitted(scheme, one, constraints, lines)]
    if admitted:
        chosen = min(admitted, key=_sortable)
    else:
        below = [one for one in _below(written, lines) if _is_admitted(scheme, one, constraints, lines)]
        if not below:
            return None
        chosen = max(below, key=_sortable)
    return ".".join(str(number) for number in chosen), padded(chosen, lines, high=True)


def numbers_in(constraint: str) -> Iterator[tuple[int, ...]]:
    """Yield the version-like numbers that stand in a constraint, at most three parts each."""
    for found in _NUMBER.findall(constraint)[:_MOST_NUMBERS]:
        yield tuple(int(part) for part in found.split("."))


def _and_next(written: list[tuple[int, ...]], lines: int) -> Iterator[tuple[int, ...]]:
    for one in written:
        yield one
        yield (*one[:-1], one[-1] + 1) if len(one) >= lines else (*one, 1)


def _below(written: list[tuple[int, ...]], lines: int) -> Iterator[tuple[int, ...]]:
    for one in written:
        line = (*one, 0, 0)[:lines]
        if line[-1]:
            yield (*line[:-1], line[-1] - 1)
        elif line == _PYTHON_3:
            yield _PYTHON_2


def _is_admitted(scheme: Scheme, one: tuple[int, ...], constraints: list[str], lines: int) -> bool:
    versions = (padded(one, lines, high=False), padded(one, lines, high=True))
    return any(all(scheme.satisfies(version, text) for text in constraints) for version in versions)


def _sortable(one: tuple[int, ...]) -> tuple[int, ...]:
    return (*one, 0, 0, 0)[:3]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
