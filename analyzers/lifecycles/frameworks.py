"""Which packages are frameworks whose release lines have published ends, and how a version names its line.

Only products are listed whose makers publish how long a line is supported. Libraries of which simply the newest
release is maintained (Flask, React) are not: for them `outdated-dependency` says all there is to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from analyzers.lifecycles.stamps import FOLDER, Stamp
from analyzers.model.ecosystem import Ecosystem
from analyzers.model.facts import Cycle, Lifecycle
from analyzers.model.inventory import Dependency, Inventory
from analyzers.model.question import Question
from analyzers.typed import from_json

FRAMEWORKS: Final = FOLDER / "frameworks.json"
_NUMBERS: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A package that carries a product's version. `parts` is how many numbers name a line (``5.2``, but ``18``)."""

    ecosystem: str
    package: str
    product: str
    title: str
    parts: int


class _Table(Stamp, frozen=True, kw_only=True):
    frameworks: tuple[Framework, ...]


@cache
def frameworks() -> Mapping[tuple[str, str], Framework]:
    """Return every framework by ecosystem and normalised package name."""
    table = from_json(FRAMEWORKS.read_bytes(), _Table)
    return MappingProxyType({(one.ecosystem, one.package): one for one in table.frameworks})


def framework_products() -> frozenset[str]:
    """Return every product that a framework follows."""
    return frozenset(one.product for one in frameworks().values())


def question(framework: Framework) -> Question:
    """Return what gets the product's lifecycle."""
    return Question("lifecycle", framework.product)


def questions(inventory: Inventory, worlds: Iterable[Ecosystem]) -> Iterator[Question]:
    """Ask for the lifecycle of every framework that is required."""
    names = {world.name: world.normalise for world in worlds}
    for entry in inventory.dependencies:
        found = _of(entry, names[entry.ecosystem](entry.name)) if entry.ecosystem in names else None
        if found:
            yield question(found)


def _of(entry: Dependency, name: str) -> Framework | None:
    return frameworks().get((entry.ecosystem, name)) if entry.direct and not entry.skip_reason else None


def line_of(framework: Framework, lifecycle: Lifecycle, version: str) -> tuple[Cycle, ...]:
    """Return the cycles that make up the version's line, newest first.

    There are several where a product counts finer than it supports (Vue 3.4 and 3.5 are one line): such a line has
    ended when all of them have.
    """
    wanted = _numbers(version)[: framework.parts]
    if len(wanted) < framework.parts:
        return ()
    return tuple(one for one in lifecycle.cycles if _numbers(one.name)[: framework.parts] == wanted)


def _numbers(version: str) -> tuple[int, ...]:
    found = _NUMBERS.match(version.lstrip("v"))
    return tuple(int(part) for part in found[0].split(".")) if found else ()
