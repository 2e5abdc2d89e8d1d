"""``WWW-Authenticate``: what a server wants before it answers (RFC 9110, section 11.6.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

_MAX: Final = 4096
# A word, then what follows it: `=` makes it a parameter, anything else the name of a scheme.
_PIECE: Final = re.compile(r'([A-Za-z0-9!#$%&*+.^_`|~-]+)(?:[ \t]*=[ \t]*("(?:[^"\\]|\\.)*"|[^\s,"]+))?')


class Challenge(NamedTuple):
    """One scheme (``bearer``, in lower case) with its parameters, their names in lower case."""

    scheme: str
    parameters: Mapping[str, str]


def parse(header: str) -> tuple[Challenge, ...]:
    """Return the challenges of a header, in its order; nothing for what is none. Linear, never raises."""
    return tuple(_challenges(header[:_MAX]))


def _challenges(header: str) -> Iterator[Challenge]:
    scheme, parameters = "", dict[str, str]()
    for word, value in _PIECE.findall(header):
        if value:
            parameters.setdefault(word.lower(), _unquoted(value))
            continue
        if scheme:
            yield Challenge(scheme, parameters)
        scheme, parameters = word.lower(), {}
    if scheme:
        yield Challenge(scheme, parameters)


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
