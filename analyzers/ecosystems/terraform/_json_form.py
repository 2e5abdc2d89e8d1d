"""``*.tf.json``: the same configuration in JSON, turned into the blocks that the other form has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from analyzers.syntax import json
from analyzers.syntax.hcl import Block
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

# How many labels the blocks have that are read.
_LABELS: Final = {"terraform": 0, "module": 1, "provider": 1, "resource": 2}
_INNER: Final = {"required_providers": 0}
_TEMPLATE: Final = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")


def parse(source: SourceText) -> Block:
    """Return the file as one block. Raises as the JSON reader does."""
    root = json.parse(source)
    if not isinstance(root, Mapping):
        return Block(end=len(source.text))
    blocks = tuple(
        block
        for key, node in root.items
        if key.value in _LABELS
        for block in _blocks(key.value, node, _LABELS[key.value], ())
    )
    return Block(blocks=blocks, end=root.end)


def _blocks(keyword: str, node: Node, labels: int, known: tuple[Scalar, ...]) -> Iterator[Block]:
    """Yield the blocks under one keyword: an object for each label, then a body or a list of bodies."""
    bodies = node.items if isinstance(node, Sequence) else (node,)
    for body in bodies:
        if not isinstance(body, Mapping):
            continue
        if labels:
            for label, inner in body.items:
                yield from _blocks(keyword, inner, labels - 1, (*known, label))
        else:
            yield _block(keyword, body, known)


def _block(keyword: str, body: Mapping, labels: tuple[Scalar, ...]) -> Block:
    inner = tuple(
        block
        for key, node in body.items
        if key.value in _INNER
        for block in _blocks(key.value, node, _INNER[key.value], ())
    )
    attributes = tuple((key, _value(node)) for key, node in body.items if key.value not in _INNER)
    return Block(keyword, labels, Mapping(attributes, body.start, body.end), inner, body.start, body.end)


def _value(node: Node) -> Node:
    """Return the node with strings that hold a template marked as expressions."""
    if isinstance(node, Mapping):
        return Mapping(tuple((key, _value(value)) for key, value in node.items), node.start, node.end)
    if isinstance(node, Sequence):
        return Sequence(tuple(map(_value, node.items)), node.start, node.end)
    is_plain = node.quoted and not _TEMPLATE.search(node.value)
    return Scalar(node.value, node.start, node.end, quoted=is_plain)
