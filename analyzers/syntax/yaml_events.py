"""What libyaml tells of a YAML text, event by event, and the scalars in it with their spans."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

import yaml
from yaml._yaml import Mark as CMark
from yaml.error import Mark

from analyzers.errors import InvalidSyntaxError, TooDeepError
from analyzers.syntax.node import Scalar

# Containers inside containers, aliases followed. Honest files stay under 20; walkers may recurse this deep.
MAX_DEPTH = 100
_PROPERTY = re.compile(r"[&!]\S*")
_BLANK = re.compile(r"(?:\s|(?<=\s)#[^\n]*)*")
_BINARY = "tag:yaml.org,2002:binary"
# libyaml 0.2.6 and newer refuse deep nesting themselves, in these words.
_DEPTH_LIMITS = frozenset({"while increasing flow level", "while increasing block level"})


def events(text: str) -> Iterator[yaml.Event]:
    """Yield the events of a text. Raises InvalidSyntaxError, TooDeepError."""
    # The pure Python loader has other marks and recurses; wheels of PyYAML always carry libyaml.
    if not yaml.__with_libyaml__:
        raise ImportError("PyYAML was built without libyaml; install one of its wheels")
    try:
        yield from yaml.parse(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise _invalid(error) from error


def _invalid(error: yaml.YAMLError) -> InvalidSyntaxError | TooDeepError:
    if isinstance(error, yaml.MarkedYAMLError) and error.context in _DEPTH_LIMITS:
        return TooDeepError(f"nests deeper than {MAX_DEPTH} levels")
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return InvalidSyntaxError(f"is not valid YAML: {error.problem}", line=error.problem_mark.line + 1)
    return InvalidSyntaxError(f"is not valid YAML: {getattr(error, 'reason', None) or error}")


def mark_of(mark: Mark | CMark | None) -> Mark | CMark:
    """Return the mark of an event from a parser: only events made by hand have none."""
    assert mark is not None  # noqa: S101 - true of every event that libyaml emits
    return mark


def scalar(text: str, event: yaml.ScalarEvent, lead: int) -> Scalar:
    """Return the scalar of an event in a text; offsets grow by ``lead``, characters that libyaml does not count."""
    start, end = mark_of(event.start_mark).index + lead, mark_of(event.end_mark).index + lead
    if event.anchor or event.tag:
        start = _past_properties(text, start, end)
    value = _decoded(event.value) if event.tag == _BINARY else event.value
    if event.style in ("'", '"'):
        return Scalar(value, start + 1, end - 1)
    return Scalar(value, start, end, quoted=event.style in ("|", ">"))


def _past_properties(text: str, start: int, end: int) -> int:
    """Return where the scalar itself begins: libyaml counts anchor and tag in."""
    while match := _PROPERTY.match(text, start, end):
        blank = _BLANK.match(text, match.end(), end)
        start = blank.end() if blank else match.end()
    return start


def _decoded(value: str) -> str:
    """Return what ``!!binary`` holds when that is text, else the base64 itself."""
    try:
        return base64.b64decode("".join(value.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return value
