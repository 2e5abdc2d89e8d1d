"""YAML as nodes with spans, from libyaml's events.

Scalars keep their text (``on`` stays ``on``, ``3.10`` stays ``3.10``). An alias is the very node of its anchor, so
a tree may share parts; how often is bounded, because whoever walks the tree walks the shared parts again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import yaml

from analyzers.errors import InvalidSyntaxError, TooDeepError, TooLargeError
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText
from analyzers.syntax.yaml_events import MAX_DEPTH, events, mark_of, scalar

MAX_NODES = 500_000
# Nodes that aliases add to a walk of one file, and as many to walks of all YAML that stands as text in it.
MAX_ALIASED = 100_000
# libyaml compares each %TAG line with all before it.
MAX_TAG_DIRECTIVES = 100
# Of a key that is no scalar, this much text stands for it.
_KEY_TEXT = 200
_TAG_DIRECTIVE = re.compile(r"^%TAG", re.MULTILINE)
_MERGE = "<<"


class _Weight(NamedTuple):
    """How much there is below a node: `nodes` with every alias followed, and the `height` of containers."""

    nodes: int
    height: int


_LEAF = _Weight(1, 0)


@dataclass(slots=True)
class _Aliased:
    """How many nodes aliases have added to walks so far."""

    nodes: int = 0


@dataclass(slots=True)
class _Open:
    """A container whose end has not been read. `children` are keys and values in turn for a mapping."""

    is_mapping: bool
    start: int
    anchor: str | None
    children: list[Node] = field(default_factory=list)
    nodes: int = 1
    height: int = 1


def parse(source: SourceText) -> tuple[Node, ...]:
    """Return the root node of each document.

    Spans count code points of ``source.text``: inside the quotes of a quoted scalar, from the indicator on of a
    block scalar (see `yaml_lines`). A key that is no scalar is replaced by its source text. Raises InvalidSyntaxError,
    TooDeepError and TooLargeError.
    """
    return source.once(parse, lambda: _parse(source))


def _parse(source: SourceText) -> tuple[Node, ...]:
    # Parts of a file share what aliases may add: many small ones cost as much as a large one. What could not be read
    # takes nothing, because nobody walks it.
    shared = source.whole.once(_Aliased, _Aliased) if source.whole is not source else _Aliased()
    builder = _builder(source, shared.nodes)
    for event in events(source.text):
        builder.take(event)
    shared.nodes = builder.aliased
    return tuple(builder.documents)


def walk(source: SourceText, depth: int) -> Iterator[tuple[tuple[Scalar, ...], Node]]:
    """Yield what stands ``depth`` keys below the root of each document, with these keys; for files of any size.

    Nothing is kept of what was yielded. What ends earlier (a scalar, a list, an empty mapping) comes with fewer keys.
    Spans are those of `parse`; raises as it does, where reading stops.
    """
    builder = _builder(source)
    # Whether the container of so many keys has yielded something: it comes to its end empty.
    gave = [False] * (depth + 1)
    for event in events(source.text):
        builder.take(event)
        found = builder.finished(depth)
        if found is None:
            continue
        keys, node = found
        level = len(keys)
        drained = gave[level] and isinstance(node, Mapping) and not node.items
        gave[level] = False
        if level:
            gave[level - 1] = True
        if not drained:
            yield from _below(keys, node, depth)


def _below(keys: tuple[Scalar, ...], node: Node, depth: int) -> Iterator[tuple[tuple[Scalar, ...], Node]]:
    """Yield what stands ``depth`` keys deep in a node that came whole: what an alias stands for, or has an anchor."""
    if len(keys) < depth and isinstance(node, Mapping) and node.items:
        for key, value in node.items:
            yield from _below((*keys, key), value, depth)
    else:
        yield keys, node


def _builder(source: SourceText, aliased: int = 0) -> _Builder:
    if sum(1 for _ in _TAG_DIRECTIVE.finditer(source.text)) > MAX_TAG_DIRECTIVES:
        raise TooLargeError(f"has more than {MAX_TAG_DIRECTIVES} tag directives")
    # libyaml skips byte order marks without counting the first.
    return _Builder(source.text, 1 if source.text.startswith("\ufeff") else 0, aliased)


def merged(mapping: Mapping) -> Mapping:
    """Return the mapping with its merge keys (``<<``) resolved: its own keys win, then those of the first merged.

    The result holds each key once and keeps the spans of every key and value.
    """
    found: dict[str, tuple[Scalar, Node]] = {}
    for part in reversed(_merged_parts(mapping)):
        found.update((key.value, (key, value)) for key, value in part.items)
    found.update((key.value, (key, value)) for key, value in mapping.items if not _is_merge(key))
    return Mapping(tuple(found.values()), mapping.start, mapping.end)


class _Builder:
    """Events in, nodes out, without recursion. Offsets grow by `lead`, the characters that libyaml does not count.

    `aliased` counts the nodes that aliases add, beginning with those of other parts of the file.
    """

    def __init__(self, text: str, lead: int, aliased: int) -> None:
        self.aliased = aliased
        self.documents: list[Node] = []
        self._text = text
        self._lead = lead
        self._open: list[_Open] = []
        # None while the anchored node is still being read: an alias to it would make a circle.
        self._anchors: dict[str, tuple[Node, _Weight] | None] = {}
        self._nodes = 0

    def take(self, event: yaml.Event) -> None:
        """Add what one event says."""
        if isinstance(event, yaml.ScalarEvent):
            self._add(scalar(self._text, event, self._lead), _LEAF, event.anchor)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._enter(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._leave(mark_of(event.end_mark).index + self._lead)
        elif isinstance(event, yaml.AliasEvent):
            self._follow(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._anchors.clear()

    def finished(self, depth: int) -> tuple[tuple[Scalar, ...], Node] | None:
        """Take out what the last event completed, where that stands at most ``depth`` keys below the root."""
        if not self._open:
            self._nodes = 0
            return ((), self.documents.pop()) if self.documents else None
        parent = self._open[-1]
        if len(self._open) > depth or not parent.children or len(parent.children) % 2:
            return None
        if any(container.anchor or not container.is_mapping for container in self._open):
            return None
        if not all(container.children for container in self._open):
            # Inside of a key, which comes whole.
            return None
        keys = [self._key(container.children[-1]) for container in self._open[:-1]]
        key, value = parent.children
        parent.children.clear()
        self._nodes = 0
        return (*keys, self._key(key)), value

    def _enter(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        mark = mark_of(event.start_mark)
        if len(self._open) >= MAX_DEPTH:
            raise TooDeepError(f"nests deeper than {MAX_DEPTH} levels", line=mark.line + 1)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._open.append(_Open(isinstance(event, yaml.MappingStartEvent), mark.index + self._lead, event.anchor))

    def _leave(self, end: int) -> None:
        done = self._open.pop()
        weight = _Weight(done.nodes, done.height)
        if done.is_mapping:
            keys = map(self._key, done.children[::2])
            items = tuple(zip(keys, done.children[1::2], strict=True))
            self._add(Mapping(items, done.start, end), weight, done.anchor)
        else:
            self._add(Sequence(tuple(done.children), done.start, end), weight, done.anchor)

    def _key(self, node: Node) -> Scalar:
        if isinstance(node, Scalar):
            return node
        shown = self._text[node.start : min(node.end, node.start + _KEY_TEXT)]
        return Scalar(shown, node.start, node.end, quoted=False)

    def _follow(self, event: yaml.AliasEvent) -> None:
        line = mark_of(event.start_mark).line + 1
        name = event.anchor
        if name not in self._anchors:
            raise InvalidSyntaxError(f"names the anchor {name!r}, which is not defined", line=line)
        target = self._anchors[name]
        if target is None:
            raise InvalidSyntaxError(f"has the alias {name!r} inside of what it stands for", line=line)
        node, weight = target
        # Counted over all documents. What aliases add to a walk is exactly the sum of their targets' nodes.
        self.aliased += weight.nodes
        if self.aliased > MAX_ALIASED:
            raise TooLargeError("grows too large when its aliases are followed", line=line)
        self._add(node, weight, None)

    def _add(self, node: Node, weight: _Weight, anchor: str | None) -> None:
        """Put a finished node into its container, or make it a document."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise TooLargeError(f"holds more than {MAX_NODES} values")
        if anchor:
            self._anchors[anchor] = node, weight
        if not self._open:
            self.documents.append(node)
            return
        parent = self._open[-1]
        parent.children.append(node)
        parent.nodes += weight.nodes
        if weight.height >= parent.height:
            parent.height = weight.height + 1
            if parent.height > MAX_DEPTH:
                raise TooDeepError(f"nests deeper than {MAX_DEPTH} levels when its aliases are followed")


def _is_merge(key: Scalar) -> bool:
    return key.value == _MERGE and not key.quoted


def _merged_parts(mapping: Mapping) -> tuple[Mapping, ...]:
    """Return what the merge keys of a mapping name, each resolved itself, the most important first."""
    parts: list[Mapping] = []
    for key, value in mapping.items:
        if _is_merge(key):
            named = value.items if isinstance(value, Sequence) else (value,)
            parts.extend(merged(part) for part in named if isinstance(part, Mapping))
    return tuple(parts)
