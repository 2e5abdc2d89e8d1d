"""``.env`` beside a compose file: the values of its variables, where they are written plainly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from analyzers.ecosystems.docker import _files, compose
from analyzers.ecosystems.docker.compose import Compose
from analyzers.errors import TooLargeError
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency
from analyzers.syntax.excerpt import Joined
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText

# Honest files are far smaller.
MAX_LENGTH: Final = 64 * 1024
_NAME: Final = re.compile(r"[ \t]*+(?:export[ \t]++)?([A-Za-z_][A-Za-z0-9_]*+)[ \t]*+=[ \t]*+")
_QUOTED: Final = re.compile(r"'([^']*+)'|\"([^\"\\$]*+)\"")
_COMMENT: Final = re.compile(r"[ \t]#")
# What makes a plain value another one than is written.
_LIVELY: Final = frozenset("$\\'\"`")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvFile(Reading):
    """The text of a ``.env`` file; nothing of it is shown but a version that an image takes from it."""

    source: SourceText


def read(source: SourceText) -> EnvFile:
    """Keep the text until it is known whether a compose file lies beside. Raises TooLargeError."""
    if len(source.text) > MAX_LENGTH:
        raise TooLargeError(f"is longer than {MAX_LENGTH} characters")
    return EnvFile(source=source)


def pair(readings: Mapping[str, Reading]) -> Mapping[str, Reading]:
    """Read the images anew whose variables may stand in the ``.env`` file beside."""
    paired = dict(readings)
    for path, reading in readings.items():
        folder = path.rpartition("/")[0]
        beside = readings.get(f"{folder}/{_files.ENV_FILE}" if folder else _files.ENV_FILE)
        if isinstance(reading, Compose) and reading.source and isinstance(beside, EnvFile):
            paired[path] = _with_values(reading, reading.source, beside.source)
    return paired


def _with_values(reading: Compose, source: SourceText, env: SourceText) -> Compose:
    known = {row.place for row in reading.dependencies if row.kind == "compose"}
    apart = {row.skip_reason for row in reading.dependencies} & {"vendored", "generated", "test-data"}
    if apart:
        return reading
    text = Joined.of(source, env)
    rows = compose.images(source, text, _values(env, len(source.text)))
    others = (row for row in reading.dependencies if row.place not in known)
    return replace(reading, dependencies=tuple(sorted((*rows, *others), key=_order)))


def _order(row: Dependency) -> tuple[str, int]:
    return row.place.path, row.place.start


def _values(env: SourceText, behind: int) -> Mapping[str, Spliced]:
    """Return the values by name, each where it stands ``behind`` the compose file. The last one counts."""
    return {name: Spliced.at(value, behind + start) for name, value, start in _assignments(env.text)}


def _assignments(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield name, value and where that begins, of each line whose value is written plainly."""
    start = 0
    for line in text.split("\n"):
        name = _NAME.match(line)
        value = _value(line, name.end()) if name else None
        if name and value:
            yield name[1], value[0], start + value[1]
        start += len(line) + 1


def _value(line: str, at: int) -> tuple[str, int] | None:
    quoted = _QUOTED.match(line, at)
    if quoted:
        group = 1 if quoted[1] is not None else 2
        return quoted[group], quoted.start(group)
    comment = _COMMENT.search(line, at)
    plain = line[at : comment.start() if comment else len(line)].rstrip()
    return None if _LIVELY.intersection(plain) or plain.startswith("#") else (plain, at)
