"""The readers that a configuration states: a file pattern, an expression with named groups, an ecosystem."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from analyzers.config import Reader
from analyzers.custom_expressions import (
    MAX_LENGTH,
    MAX_MATCHES,
    ExpressionError,
    compile_expression,
    groups_of,
    matches,
)
from analyzers.errors import TooLargeError
from analyzers.model.discovery import modules
from analyzers.model.ecosystem import Ecosystem, Format, Reading
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.model.scheme import Scheme
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.repository.patterns import PathPatterns
from analyzers.syntax.image_reference import image_dependency
from analyzers.syntax.purl import package_url
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText

NAME: Final = "custom"
GROUPS: Final = ("version", "name", "digest", "ecosystem", "datasource")
# What Renovate calls the places that these ecosystems are looked up in: expressions are often taken over from there.
_DATASOURCES: Final = {"terraform-provider": "terraform", "terraform-module": "terraform"}
_RUNTIMES: Final = {"node-version": "node", "node": "node", "python-version": "python"}
_GENERIC: Final = "generic"
# Judged by rules of their own; the others by the general ones.
_WITHOUT_SCHEME: Final = ("docker", "githubactions", _GENERIC)
_LONGEST: Final = 256
_PLACEHOLDERS: Final = ("${", "$(", "{{", "{%", "<%")


class InvalidReaderError(ValueError):
    """A reader cannot be used: `key` is what is wrong in it, the message half a sentence with the remedy."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A reader whose parts are checked."""

    stated: Reader
    expression: Any
    groups: Mapping[str, int]
    scheme: Scheme | None


def schemes() -> Mapping[str, Scheme]:
    """Return every version scheme by its name."""
    return {module.SCHEME.name: module.SCHEME for module in modules("analyzers.versions", states="SCHEME")}


@functools.cache
def known_ecosystems() -> tuple[str, ...]:
    """Return the ecosystems that a reader may name."""
    found = (module.ECOSYSTEM for module in modules("analyzers.ecosystems", states="ECOSYSTEM"))
    return tuple(sorted({*_WITHOUT_SCHEME, *(world.name for world in found if world.package)}))


def prepare(reader: Reader) -> _Prepared:
    """Check one reader. Raises InvalidReaderError."""
    try:
        expression = compile_expression(reader.match)
    except ExpressionError as error:
        raise InvalidReaderError("match", f"{error}; docs/configuration.md shows what is supported") from error
    groups = groups_of(expression)
    if unknown := sorted(groups.keys() - set(GROUPS)):
        raise InvalidReaderError("match", f"names the group '{unknown[0]}'; the groups are {', '.join(GROUPS)}")
    if not groups.keys() & {"version", "digest"}:
        raise InvalidReaderError("match", "has no group 'version': write (?P<version>…) around the text to judge")
    if reader.name is None and "name" not in groups:
        raise InvalidReaderError("match", "has no group 'name', and the reader states no 'name'")
    if reader.ecosystem is None and not groups.keys() & {"ecosystem", "datasource"}:
        raise InvalidReaderError("match", "has no group 'ecosystem', and the reader states no 'ecosystem'")
    if reader.ecosystem is not None and reader.ecosystem not in known_ecosystems():
        raise InvalidReaderError("ecosystem", f"is none of {', '.join(known_ecosystems())}")
    if reader.versioning is not None and reader.versioning not in schemes():
        raise InvalidReaderError("versioning", f"is none of {', '.join(sorted(schemes()))}")
    return _Prepared(reader, expression, groups, schemes().get(reader.versioning or ""))


def custom_ecosystem(readers: Sequence[Reader]) -> Ecosystem | None:
    """Return a world whose formats are the configured readers; None without any. Raises InvalidReaderError."""
    if not readers:
        return None
    forms = tuple(_format(f"{NAME}-{number}", prepare(reader)) for number, reader in enumerate(readers, 1))
    return Ecosystem(name=NAME, title="Readers of your own", formats=forms, questions=lambda *_: (), normalise=str)


def _format(name: str, reader: _Prepared) -> Format:
    patterns = PathPatterns.read(reader.stated.files)
    return Format(
        name=name,
        title="a reader of the configuration",
        examples=reader.stated.files,
        matches=patterns.match,
        read=functools.partial(_read, reader, name),
    )


def _read(reader: _Prepared, name: str, source: SourceText) -> Reading:
    if len(source.text) > MAX_LENGTH:
        raise TooLargeError(f"is longer than {MAX_LENGTH:,} characters, the most that a reader of your own reads")
    text = source.text.encode()
    offsets = _Offsets(text)
    rows: list[Dependency] = []
    skipped: list[Skipped] = []
    for number, found in enumerate(matches(reader.expression, text)):
        if number == MAX_MATCHES:
            detail = f"matches more than {MAX_MATCHES:,} times; the rest is not read"
            skipped.append(_skipped(source, name, "limit-reached", detail))
            break
        row = _row(reader, source, _Match(found, reader.groups, text, offsets), name)
        (rows if isinstance(row, Dependency) else skipped).append(row)  # type: ignore[arg-type]  # each of its own kind
    return Reading(dependencies=tuple(rows), skipped=tuple(skipped))


def _skipped(source: SourceText, name: str, reason: SkipReason, detail: str) -> Skipped:
    return Skipped(what="dependency", path=source.path, source=name, reason=reason, detail=detail)


class _Offsets:
    """Byte offsets of UTF-8 into code points, cheap for ascending ones."""

    def __init__(self, text: bytes) -> None:
        self._text, self._plain = text, text.isascii()
        self._at, self._points = 0, 0

    def __call__(self, offset: int) -> int:
        if self._plain:
            return offset
        if offset < self._at:
            return self._points - len(self._text[offset : self._at].decode())
        self._points += len(self._text[self._at : offset].decode())
        self._at = offset
        return self._points


@dataclass(frozen=True, slots=True)
class _Match:
    """One match: its groups as text, and where each stands in code points."""

    found: Any
    groups: Mapping[str, int]
    raw: bytes
    offsets: _Offsets

    def text(self, group: str) -> str | None:
        span = self._span(group)
        # A group may end within a character only where the expression says so, byte by byte.
        return self.raw[slice(*span)].decode(errors="replace") if span else None

    def place(self, group: str) -> tuple[int, int] | None:
        span = self._span(group)
        return (self.offsets(span[0]), self.offsets(span[1])) if span else None

    def _span(self, group: str) -> tuple[int, int] | None:
        span: tuple[int, int] = self.found.span(self.groups[group]) if group in self.groups else (-1, -1)
        return span if span[0] >= 0 else None


def _row(reader: _Prepared, source: SourceText, match: _Match, form: str) -> Dependency | Skipped:
    name = reader.stated.name or match.text("name") or ""
    runtime = _RUNTIMES.get(match.text("datasource") or "")
    ecosystem = reader.stated.ecosystem or _ecosystem(match)
    start = match.offsets(match.found.start())
    line, _ = source.line_column(start)
    if ecosystem not in known_ecosystems():
        detail = f"line {line}: “{ecosystem[:80]}” is no ecosystem that is judged here"
        return _skipped(source, form, "unsupported-syntax", detail)
    if not name or len(name) > _LONGEST or not name.isprintable():
        return _skipped(source, form, "unsupported-syntax", f"line {line}: the match names no package")
    version, digest = match.place("version"), match.place("digest")
    if version is None and digest is None:
        return _skipped(source, form, "unsupported-syntax", f"line {line}: the match holds no version")
    if ecosystem == "docker":
        return _image(source, name, version, digest)
    return _package(reader, source, ecosystem, runtime if runtime and ecosystem == _GENERIC else name, version, digest)


def _ecosystem(match: _Match) -> str:
    stated, source = match.text("ecosystem"), match.text("datasource") or ""
    if stated is not None:
        return stated
    if source in _RUNTIMES:
        return _GENERIC
    return _DATASOURCES.get(source, source)


def _image(source: SourceText, name: str, tag: tuple[int, int] | None, digest: tuple[int, int] | None) -> Dependency:
    """Return the row of an image: the reference is put together, tag and digest each from its place."""
    parts = [Spliced.at(name, 0)]
    for joint, span in ((":", tag), ("@", digest)):
        if span:
            parts += [Spliced.at(joint, 0), Spliced.at(source.text[slice(*span)], span[0])]
    row = image_dependency(source, Spliced.join(parts), kind=NAME)
    if row.value is not None:
        return row
    # No reference came of it (a variable, or no tag): the row says why, at what was written.
    start, end = tag or digest or (0, 0)
    purl = package_url("docker", name)
    return replace(row, name=name, purl=purl, place=source.place(start, end), value=source.text[start:end] or None)


def _package(
    reader: _Prepared,
    source: SourceText,
    ecosystem: str,
    name: str,
    version: tuple[int, int] | None,
    digest: tuple[int, int] | None,
) -> Dependency:
    scheme = reader.scheme or _scheme_of(ecosystem)
    start, end = version or digest or (0, 0)
    value, pinned = source.text[start:end], source.text[slice(*digest)] if digest else None
    exact = _exact(scheme, value) if version else None
    namespace, _, last = name.rpartition("/")
    return Dependency(
        ecosystem=ecosystem,
        name=name,
        place=source.place(start, end),
        kind=NAME,
        purl=package_url(ecosystem, last, exact, namespace or None),
        value=value or None,
        version=exact,
        digest=pinned,
        digest_place=_place(source, digest) if version else None,
        skip_reason=_reason(scheme, value) if version else None,
    )


def _place(source: SourceText, span: tuple[int, int] | None) -> Place | None:
    return source.place(*span) if span else None


@functools.cache
def _scheme_of(ecosystem: str) -> Scheme | None:
    found = (module.ECOSYSTEM for module in modules("analyzers.ecosystems", states="ECOSYSTEM"))
    return next((world.scheme for world in found if world.name == ecosystem), None)


def _exact(scheme: Scheme | None, value: str) -> str | None:
    """Return the version that a text names: a bare one is exact here, whatever it means in the ecosystem's files."""
    bare = value.removeprefix("v")
    if scheme is None:
        return bare if bare[:1].isdigit() else None
    return bare if scheme.key(bare) is not None else scheme.pinned(value)


def _reason(scheme: Scheme | None, value: str) -> SkipReason | None:
    if any(mark in value for mark in _PLACEHOLDERS):
        return "unpinned-expression"
    readable = scheme is None or scheme.is_constraint(value) or scheme.key(value.removeprefix("v")) is not None
    return None if value and len(value) <= _LONGEST and readable else "unsupported-version"
