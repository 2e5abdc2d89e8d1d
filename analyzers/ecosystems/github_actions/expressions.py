"""The literal values that an expression may have: ``inputs.os || 'ubuntu-24.04'``, ``fromJSON('["a", "b"]')``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from analyzers.syntax.node import Scalar

_WHOLE: Final = re.compile(r"\$\{\{(?P<inner>[^}\n]*)\}\}")
_LONGEST: Final = 4096
_MOST: Final = 100
# Strings, operators, and whatever else stands between them.
_TOKEN: Final = re.compile(
    r"'(?P<text>(?:[^']|'')*)'|&&|\|\||[=!<>]=?|[(),]|(?P<name>[A-Za-z_][\w.*-]*)|[^\s'&|=!<>(),A-Za-z_]+"
)
_JSON_TEXT: Final = re.compile(r'"([^"\\]*)"')
_VALUE_BEFORE: Final = frozenset({"", "&&", "||"})
_VALUE_BEHIND: Final = frozenset({"", "||", ")"})


def operands(text: str, start: int) -> Iterator[Scalar | str]:
    """Yield what the expression ``text``, standing at ``start``, may be worth: strings where they stand, and names.

    What is compared, or handed to a function, is no value. Of ``fromJSON('[…]')`` each string is one.
    """
    found = _WHOLE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return
    tokens = list(_TOKEN.finditer(text, found.start("inner"), found.end("inner")))
    words = ["", *(token[0] for token in tokens), "", ""]
    for at, token in enumerate(tokens[:_MOST]):
        # The token itself is words[at + 1].
        is_value = words[at] in _VALUE_BEFORE and words[at + 2] in _VALUE_BEHIND
        if token["text"] is not None and is_value:
            yield _scalar(token["text"], start + token.start("text"))
        elif token["text"] is not None and at > 1 and words[at] == "(" and words[at - 1].lower() == "fromjson":
            for item in _JSON_TEXT.finditer(token["text"]):
                yield _scalar(item[1], start + token.start("text") + item.start(1))
        elif token["name"] and is_value:
            yield token["name"]


def literals(text: str, start: int) -> Iterator[Scalar]:
    """Yield the strings alone that an expression may be worth."""
    return (operand for operand in operands(text, start) if isinstance(operand, Scalar))


def _scalar(text: str, start: int) -> Scalar:
    return Scalar(text, start, start + len(text), quoted=False)
