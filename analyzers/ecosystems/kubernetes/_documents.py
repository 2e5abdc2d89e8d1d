"""Kubernetes objects in YAML and JSON files: every mapping that states both ``apiVersion`` and ``kind``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from analyzers.ecosystems.kubernetes._schemas import without_schemas
from analyzers.errors import InvalidSyntaxError
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.syntax import json, yaml
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

_TEMPLATES = re.compile(r"(?:.*/)?templates/.+")
TEMPLATE = "{{"
_LIST = "List"
# What kustomize hands to a function: objects, and beside them the one that configures it.
_FUNCTION_INPUT = "ResourceList"
_NULLS = frozenset({"null", "~"})


@dataclass(frozen=True, slots=True)
class Document:
    """One object. `api` and `kind` are where they stand; of an entry of a typed list, those of the list."""

    root: Mapping
    api: Scalar
    kind: Scalar

    @property
    def group(self) -> str:
        """The API group; ``""`` for the core."""
        return self.api.value.rpartition("/")[0]


def is_template(source: SourceText) -> bool:
    """Whether the file is one of a chart's templates: YAML only once Helm has rendered it."""
    return TEMPLATE in source.text and bool(_TEMPLATES.fullmatch(source.path))


def documents(roots: Iterable[Node]) -> Iterator[Document]:
    """Yield the objects of a file by the roots of its documents, those inside of lists among them."""
    for root in roots:
        if isinstance(root, Mapping):
            yield from _objects(root)
        elif isinstance(root, Sequence):
            # A bare list of objects, or of what wraps each in one key.
            entries = [entry for entry in root.items if isinstance(entry, Mapping)]
            wrapped = (value for entry in entries if entry.get("kind") is None for _, value in entry.items)
            yield from documents(entry for entry in (*entries, *wrapped) if isinstance(entry, Mapping))


def roots(source: SourceText) -> tuple[Node, ...]:
    """Return the root of each document of a file. Raises UnreadableError."""
    if not source.path.lower().endswith(".json"):
        return yaml.parse(without_schemas(source))
    # Large JSON files of other kinds may hold both keys: the fast way through them comes first.
    stated = {key.value for key, value in json.members(source) if isinstance(value, str)}
    return (json.parse(source),) if stated >= {"apiVersion", "kind"} else ()


def _objects(root: Mapping, parent: Document | None = None) -> Iterator[Document]:
    api, kind = root.scalar("apiVersion"), root.scalar("kind")
    document = Document(root, api, kind) if api and kind and api.value and kind.value else parent
    if document is None:
        return
    if document is parent:
        # An entry of a typed list may leave both out.
        document = replace(parent, root=root, kind=replace(parent.kind, value=parent.kind.value.removesuffix(_LIST)))
    items = root.get("items") if document.kind.value.endswith(_LIST) else None
    if isinstance(items, Sequence):
        of_entries = document if document.kind.value != _LIST else None
        for item in items.items:
            if isinstance(item, Mapping):
                yield from _objects(item, of_entries)
    else:
        yield document
    function = root.get("functionConfig")
    if document.kind.value == _FUNCTION_INPUT and isinstance(function, Mapping):
        yield from _objects(function)


def roots_or_note(source: SourceText, form: str) -> tuple[Node, ...] | Skipped:
    """Return the root of each document; a note for a template, which is no YAML yet. Raises UnreadableError."""
    try:
        return roots(source)
    except InvalidSyntaxError:
        if TEMPLATE not in source.text:
            raise
    detail = "is a template: it is not rendered, and what it would hold is not read"
    return Skipped(what="file", path=source.path, source=form, reason="not-rendered", detail=detail)


def note(source: SourceText, node: Node, form: str, reason: SkipReason, text: str) -> Skipped:
    """Return the note of something at a node that names no dependency that could be listed."""
    line, _ = source.line_column(node.start)
    return Skipped(what="dependency", path=source.path, source=form, reason=reason, detail=f"line {line}: {text[:300]}")


def nameless(source: SourceText, root: Mapping, keys: tuple[str, ...], word: str, form: str) -> Iterator[Skipped]:
    """Yield a note of every entry of the list at `keys` that does not name, under `word`, what it is about."""
    listed = root.get(*keys)
    yield from no_list(source, listed, form, keys[-1])
    for entry in listed.items if isinstance(listed, Sequence) else ():
        if not isinstance(entry, Mapping) or is_empty(yaml.merged(entry).get(word)):
            yield note(source, entry, form, "invalid-syntax", f"an entry of {keys[-1]} has no {word}")


def no_list(source: SourceText, listed: Node | None, form: str, key: str) -> Iterator[Skipped]:
    """Yield a note of what stands where a list belongs and is none; nothing where nothing is written."""
    if isinstance(listed, Mapping) or (isinstance(listed, Scalar) and not is_empty(listed)):
        yield note(source, listed, form, "invalid-syntax", f"{key} is no list")


def is_empty(node: Node | None) -> bool:
    """Whether no text is written, or YAML's word for nothing."""
    return not isinstance(node, Scalar) or not node.value or (not node.quoted and node.value in _NULLS)


def mappings(listed: Node | None) -> Iterator[Mapping]:
    """Yield the mappings of a list, with what each of them merges."""
    for entry in listed.items if isinstance(listed, Sequence) else ():
        if isinstance(entry, Mapping):
            yield yaml.merged(entry)
