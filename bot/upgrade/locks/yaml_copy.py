"""Copies of YAML files for tools: the wanted keys alone, in the flow style that JSON is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

from analyzers.errors import UnreadableError
from analyzers.syntax import yaml
from analyzers.syntax.node import Mapping, Node, Scalar
from analyzers.syntax.text import SourceText
from bot.upgrade.locks.model import LockRefusedError

_PLAIN: Final = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]{0,15})")


def parsed(path: str, content: bytes) -> Mapping:
    """Return the first document, an empty one where it is no mapping. Raises LockRefusedError."""
    try:
        documents = yaml.parse(SourceText.decode(path, content))
    except UnreadableError as error:
        raise LockRefusedError(f"{path} cannot be read: {error.detail}") from error
    first = documents[0] if documents else None
    return first if isinstance(first, Mapping) else Mapping((), 0, 0)


def copied(tree: Mapping, keep: Callable[[str], bool]) -> bytes:
    """Return the entries whose key is kept."""
    return written(Mapping(tuple((key, node) for key, node in tree.items if keep(key.value)), 0, 0)).encode() + b"\n"


def written(node: Node) -> str:
    """Return a node as text."""
    if isinstance(node, Scalar):
        return node.value if not node.quoted and _PLAIN.fullmatch(node.value) else _text(node.value)
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{_text(key.value)}: {written(value)}" for key, value in node.items) + "}"
    return "[" + ", ".join(map(written, node.items)) + "]"


def _text(text: str) -> str:
    return json.dumps(text)
