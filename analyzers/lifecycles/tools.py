"""The bundled table of runtimes and tools: which product a runtime's end is published under, where a tool is released.

Made by hand; a name is in it only where its releases are known to be there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
from packageurl import PackageURL

from analyzers.lifecycles.stamps import Stamp
from analyzers.typed import from_json

PATH = Path(__file__).with_name("tools.json")


class Runtime(msgspec.Struct, frozen=True):
    """A runtime: `product` is endoflife.date's name, `lines` how many numbers name a release line (3.12, but 24)."""

    title: str
    product: str
    lines: int


class Home(NamedTuple):
    """Where a tool is released: `type` is a purl type, `prefix` what its git tags put before the version."""

    type: str
    name: str
    prefix: str = ""


class _Table(Stamp, frozen=True, kw_only=True):
    runtimes: dict[str, Runtime]
    programs: dict[str, Runtime]
    java: dict[str, str]
    aliases: dict[str, str]
    tools: dict[str, str]


@cache
def _table() -> _Table:
    return from_json(PATH.read_bytes(), _Table)


def canonical(name: str) -> str:
    """Return the one name of a runtime or tool (``nodejs`` is ``node``)."""
    lowered = name.lower()
    return _table().aliases.get(lowered, lowered)


def runtimes() -> Mapping[str, Runtime]:
    """Return the runtimes whose ends are published, by name."""
    return _table().runtimes


def programs() -> Mapping[str, Runtime]:
    """Return the tools, other than runtimes, whose ends are published: where a range of them is stated, it is judged.

    A tool at one version is judged by its releases as well, so `row` names these by their repositories.
    """
    return _table().programs


def product(name: str, distribution: str = "") -> str | None:
    """Return the product whose lifecycle counts; that of Java's builds differs by who makes them.

    None for what is no such runtime or program, and for a distribution that publishes no ends.
    """
    runtime = _table().runtimes.get(name) or _table().programs.get(name)
    if runtime is None:
        return None
    return _table().java.get(distribution) if distribution else runtime.product


@cache
def distribution_of(purl: str) -> str:
    """Return who builds a Java, as its purl says (``?distribution=zulu``); ``""`` where it does not."""
    qualifiers = PackageURL.from_string(purl).qualifiers if "?distribution=" in purl else None
    return str(qualifiers.get("distribution", "")) if isinstance(qualifiers, dict) else ""


def home(name: str) -> Home | None:
    """Return where a tool is released, None where the table does not know."""
    written = _table().tools.get(canonical(name))
    if written is None:
        return None
    type_, _, rest = written.partition(":")
    repository, _, prefix = rest.partition("#")
    return Home(type_, repository, prefix)


@cache
def _prefixes() -> Mapping[str, str]:
    homes = (home(name) for name in _table().tools)
    return {found.name.lower(): found.prefix for found in homes if found and found.prefix}


def prefix_of(repository: str) -> str:
    """Return what the tags of ``owner/name`` put before the version, as far as the table knows; ``""`` for nothing."""
    return _prefixes().get(repository.lower(), "")
