"""Versions under a comment that says what they are: ``# renovate: datasource=github-releases depName=owner/name``.

The comment stands in the line above, or behind the version in its line. ``# debtscan: version datasource=…`` says the
same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from analyzers.ecosystems.tools import _files
from analyzers.ecosystems.tools._datasources import Annotation, annotated_row
from analyzers.errors import TooLargeError
from analyzers.lifecycles import tool_row
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency
from analyzers.syntax.text import SourceText

_MOST: Final = 2000
# A line of code: nobody annotates what is longer.
_LONGEST: Final = 2000
# How many comment lines may lie between the annotation and the version.
_FURTHER: Final = 3
_MARK: Final = re.compile(
    r"(?:^|(?<=\s))(?:#|//|--|;|\{\{-?[ \t]{0,9}/\*|/\*|<!--)[ \t]{0,9}(?:renovate:|debtscan:[ \t]{0,9}version\b)"
    r"(?P<said>[^\n]*)"
)
_COMMENT: Final = re.compile(r"[ \t]*(?:#|//|--|;|/\*|\*|<!--)")
_PAIR: Final = re.compile(r"([A-Za-z]{1,40})=(?:\"([^\"]*)\"|'([^']*)'|(\S+))")
# ``ARG NAME=value``, ``export NAME="value"``, ``NAME ?= value``, ``- key: &anchor value``, ``ENV NAME value``.
_ASSIGNED: Final = re.compile(
    r"[ \t]*+(?:-[ \t]++)?+"
    r"(?:(?:ARG|export|readonly|local|declare|let|const|var|def|val|final)[ \t]++(?:-\w++[ \t]++)?+){0,2}+"
    r"(?P<spaced>ENV[ \t]++|set\()?+"
    r"[\"']?+[A-Za-z_][\w.\[\]-]*+[\"']?+(?:[ \t]*+(?::=|\?=|\+=|=|:)[ \t]*+|(?(spaced)[ \t]++|(?!)))"
    r"(?:&[\w-]++[ \t]++)?+[\"']?+(?P<value>[^\s\"'#,;)]++)"
)
# Where an annotation leaves the name out: ``install-tool name 1.2.3``, ``NAME_VERSION=1.2.3``.
_NAMED: Final = re.compile(
    r"(?<!\w)(?:install-\w++[ \t]++(?P<tool>[A-Za-z@][\w@/.-]*+)[ \t]++[\"']?v?[0-9]"
    r"|(?P<variable>[A-Za-z][A-Za-z0-9]*+(?:_(?!VERSION)[A-Za-z0-9]++)*+)_VERSION\b)"
)
_DEFAULT: Final = re.compile(r"\$\{[A-Za-z_]\w*+:?[-=](?P<value>[^}\s\"'$]++)")
_TOKEN: Final = re.compile(
    r"(?<![\w.+])v?[0-9]{1,9}(?:\.[0-9]{1,9}){1,4}(?:-?(?:alpha|beta|rc|pre|a|b)[.-]?[0-9]{1,9})?(?:\+[0-9A-Za-z.]{1,40})?"
    r"(?![0-9A-Za-z])"
)
# A digit somewhere, or a commit.
_DIGITS: Final = re.compile(r"[^0-9]*+[0-9]|[0-9a-f]{40}")
_NO_VERSION: Final = frozenset("/=($")


class _Line(NamedTuple):
    text: str
    start: int


def read(source: SourceText) -> Reading:
    """Read every annotated version. Raises TooLargeError."""
    return Reading(dependencies=tuple(_rows(source)))


def _rows(source: SourceText) -> Iterator[Dependency]:
    lines, count = _lines(source.text), 0
    for at, line in enumerate(lines):
        mark = _MARK.search(line.text) if "datasource=" in line.text and len(line.text) <= _LONGEST else None
        annotation = _annotation(mark["said"]) if mark else None
        if mark is None or annotation is None:
            continue
        count += 1
        if count > _MOST:
            raise TooLargeError(f"holds more than {_MOST} annotated versions")
        before = line.text[: mark.start()]
        if _COMMENT.match(before):
            # Commented out, together with its line.
            continue
        target = _Line(before, line.start) if before.strip() else _next(lines, at)
        yield _row(source, annotation, target or line, found=target is not None)


def _lines(text: str) -> list[_Line]:
    found, start = [], 0
    for line in text.split("\n"):
        found.append(_Line(line.removesuffix("\r"), start))
        start += len(line) + 1
    return found


def _annotation(said: str) -> Annotation | None:
    """Return what an annotation says, None where it names no datasource or no package."""
    given = {key: double or single or bare for key, double, single, bare in _PAIR.findall(said[:_LONGEST])}
    name = given.get("depName") or given.get("packageName") or given.get("lookupName") or ""
    if "datasource" not in given:
        return None
    return Annotation(
        datasource=given["datasource"],
        name=name,
        package=given.get("packageName") or given.get("lookupName") or name,
        registry=given.get("registryUrl", ""),
        extract=given.get("extractVersion", ""),
    )


def _next(lines: list[_Line], at: int) -> _Line | None:
    """Return the line below an annotation that is neither blank nor a comment."""
    for line in lines[at + 1 : at + 2 + _FURTHER]:
        if line.text.strip() and not _COMMENT.match(line.text):
            return line if len(line.text) <= _LONGEST else None
    return None


def _row(source: SourceText, annotation: Annotation, line: _Line, *, found: bool) -> Dependency:
    span = _value(line.text, is_image=annotation.datasource == "docker") if found else None
    start, end = span or (len(line.text) - len(line.text.lstrip()), len(line.text))
    written = tool_row.Written(
        source=source, text=line.text[start:end], start=line.start + start, kind=_files.ANNOTATION
    )
    said = annotation if annotation.package else _named(annotation, line.text)
    if span is None or not said.package:
        return tool_row.unknown(said.name or said.datasource, written, "unsupported-syntax")
    return annotated_row(said, written)


def _named(annotation: Annotation, text: str) -> Annotation:
    """Return an annotation without a name with the one that its line holds."""
    found = _NAMED.search(text)
    name = (found["tool"] or found["variable"].lower().replace("_", "-")) if found else ""
    return replace(annotation, name=name, package=name)


def _value(text: str, *, is_image: bool) -> tuple[int, int] | None:
    """Return the span of the version in a line: what is assigned there, else the one text that looks like one."""
    assigned = _ASSIGNED.match(text)
    if assigned is None:
        return _only_version(text)
    start, value = assigned.start("value"), assigned["value"]
    default = _DEFAULT.match(text, start)
    if default:
        return default.span("value")
    # A tag stands behind the last colon of a reference, and a digest may follow it.
    at = value.partition("@sha256:")[0].rfind(":") + 1
    if _DIGITS.match(value, at) and not _NO_VERSION & set(value[at:]):
        return start + at, start + len(value)
    if "$" in value or is_image:
        return start + at, start + len(value)
    return _only_version(text)


def _only_version(text: str) -> tuple[int, int] | None:
    tokens = list(_TOKEN.finditer(text))
    return tokens[0].span() if len({token[0].removeprefix("v") for token in tokens}) == 1 else None
