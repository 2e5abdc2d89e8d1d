"""Sources of Terragrunt's modules that are put together from locals, of the file itself or of one that it includes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from analyzers.ecosystems.terraform import _rows
from analyzers.ecosystems.terraform._addresses import module
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.syntax.hcl import Block
from analyzers.syntax.node import Scalar
from analyzers.syntax.text import SourceText

_TEMPLATE: Final = re.compile(r'"((?:[^"\\$%\n]|\$\{[^{}"\n]*\})*)"')
_PIECE: Final = re.compile(r"\$\{[ \t]*([^{}]*?)[ \t]*\}|[^$]+")
# ``local.key``; ``include.name.locals.key``, or a local that holds what another file was read as.
_LOCAL: Final = re.compile(r"local\.([\w-]+)")
_INCLUDED: Final = re.compile(r"(include|local)\.([\w-]+)\.locals\.([\w-]+)")
_REF: Final = re.compile(r"[?&]ref=(?:(?:refs/)?tags/)?([^&#]+)")
_READ: Final = re.compile(r"read_terragrunt_config\((.*)\)", re.DOTALL)
_ABOVE: Final = re.compile(r'find_in_parent_folders\([ \t]*"([^"$\n]+)"[^()]*\)')
_BESIDE_ABOVE: Final = re.compile(r'"\$\{[ \t]*dirname\(find_in_parent_folders\([^()]*\)\)[ \t]*\}/([^"$\n]+)"')
_FROM_ROOT: Final = re.compile(r'"\$\{[ \t]*get_(?:path_to_)?repo_root\(\)[ \t]*\}/([^"$\n]+)"')
_FROM_HERE: Final = re.compile(r'"\$\{[ \t]*get_(?:original_)?terragrunt_dir\(\)[ \t]*\}/([^"$\n]+)"')
_LONGEST: Final = 1024


@dataclass(frozen=True, slots=True)
class Template:
    """A source with what is not known of it: literal text, or (file named by, key) of an included file's local.

    `ref` is the place of the git ref where that is literal, with its text.
    """

    pieces: tuple[str | tuple[str, str], ...]
    ref: tuple[Place, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Reading):
    """A file of Terragrunt. `literals` are its locals that are plain text, `included` the expressions of other files.

    `templates` are the sources, by the place of the row that stands for each.
    """

    literals: tuple[tuple[str, str], ...] = ()
    included: tuple[tuple[str, str], ...] = ()
    templates: tuple[tuple[Place, Template], ...] = ()


def literals(root: Block) -> Iterator[tuple[str, str]]:
    """Yield the locals of a file that are plain text, and no longer than a source."""
    for block in root.named("locals"):
        for key, value in block.attributes.items:
            if isinstance(value, Scalar) and value.quoted and len(value.value) <= _LONGEST:
                yield key.value, value.value


def included(source: SourceText, root: Block) -> Iterator[tuple[str, str]]:
    """Yield under which names a file knows others, with the expression of each one's path."""
    return ((name, path) for name, path in _included(source, root) if len(path) <= _LONGEST)


def _included(source: SourceText, root: Block) -> Iterator[tuple[str, str]]:
    for block in root.named("include"):
        path = block.attributes.scalar("path")
        if path and block.labels:
            yield f"include.{block.labels[0].value}", source.text[path.start - path.quoted : path.end + path.quoted]
    for block in root.named("locals"):
        for key, value in block.attributes.items:
            read = _READ.fullmatch(value.value.strip()) if isinstance(value, Scalar) and not value.quoted else None
            if read:
                yield f"local.{key.value}", read[1].strip()


def template(source: SourceText, stated: Scalar, known: Mapping[str, str]) -> Template | None:
    """Return what an expression says; None where more than text and locals is in it."""
    whole = _TEMPLATE.fullmatch(stated.value) if len(stated.value) <= _LONGEST else None
    if not whole or not source.is_verbatim(stated):
        return None
    pieces: list[str | tuple[str, str]] = []
    ref: tuple[Place, str] | None = None
    for found in _PIECE.finditer(stated.value, *whole.span(1)):
        piece = _piece(found, known)
        if piece is None:
            return None
        named = _REF.search(found[0]) if found[1] is None else None
        if named and found.end() == whole.end(1):
            start = stated.start + found.start()
            ref = source.place(start + named.start(1), start + named.end(1)), named[1]
        pieces.append(piece)
    return Template(tuple(pieces), ref)


def _piece(found: re.Match[str], known: Mapping[str, str]) -> str | tuple[str, str] | None:
    if found[1] is None:
        return found[0]
    own, other = _LOCAL.fullmatch(found[1]), _INCLUDED.fullmatch(found[1])
    if other:
        return f"{other[1]}.{other[2]}", other[3]
    return known.get(own[1]) if own else None


def resolved(readings: Mapping[str, Reading]) -> Mapping[str, Reading]:
    """Return the readings with the sources told that locals make."""

    @cache
    def locals_of(path: str) -> Mapping[str, str]:
        reading = readings[path]
        return dict(reading.literals) if isinstance(reading, Unit) else {}

    return {path: _resolved(path, reading, readings, locals_of) for path, reading in readings.items()}


def _resolved(
    path: str, reading: Reading, readings: Container[str], locals_of: Callable[[str], Mapping[str, str]]
) -> Reading:
    if not isinstance(reading, Unit) or not reading.templates:
        return reading
    templates, expressions = dict(reading.templates), dict(reading.included)

    @cache
    def file(name: str) -> str | None:
        return next((found for found in _candidates(path, expressions.get(name, "")) if found in readings), None)

    def value(name: str, key: str) -> str | None:
        found = file(name)
        return None if found is None else locals_of(found).get(key)

    rows = tuple(_told(row, templates.get(row.place), value) for row in reading.dependencies)
    return replace(reading, dependencies=rows)


def _told(row: Dependency, found: Template | None, value: Callable[[str, str], str | None]) -> Dependency:
    parts = [piece if isinstance(piece, str) else value(*piece) for piece in found.pieces] if found else [None]
    known = [part for part in parts if part is not None]
    if found is None or len(known) < len(parts) or sum(map(len, known)) > _LONGEST:
        return row
    address = module("".join(known))
    if address.origin == "registry" or (address.ref and not found.ref):
        # The text that an upgrade would change stands in another file.
        return row
    place, ref = found.ref or (row.place, None)
    return _rows.fetched(address, ref=ref, place=place, value=ref, kind=row.kind)


def _candidates(path: str, expression: str) -> Iterator[str]:
    """Yield where the file may lie that an expression names, the nearest first."""
    here = posixpath.dirname(path)
    above = _ABOVE.fullmatch(expression) or _BESIDE_ABOVE.fullmatch(expression)
    if above:
        folder = here
        while folder:
            folder = posixpath.dirname(folder)
            yield posixpath.normpath(posixpath.join(folder, above[1]))
    elif root := _FROM_ROOT.fullmatch(expression):
        yield posixpath.normpath(root[1])
    elif near := _FROM_HERE.fullmatch(expression) or re.fullmatch(r'"([^"$\n]+)"', expression):
        yield posixpath.normpath(posixpath.join(here, near[1]))
