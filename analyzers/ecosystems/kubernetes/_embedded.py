"""YAML that objects carry as text: patches, pod templates of operators, functions in annotations, values of charts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from analyzers.ecosystems.kubernetes._documents import TEMPLATE, documents, note
from analyzers.ecosystems.kubernetes._images import images, run_by_containers
from analyzers.ecosystems.kubernetes._values import image_rows
from analyzers.errors import TooLargeError, UnreadableError
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.syntax import excerpt, yaml
from analyzers.syntax.excerpt import Excerpt
from analyzers.syntax.image_reference import image_in_scalar
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

_IMAGE: Final = "image"
# kubectl's copy of the very object that carries it.
_COPY: Final = "kubectl.kubernetes.io/last-applied-configuration"
_HEADER: Final = re.compile(r"\|[0-9+-]{0,2}[ \t]*(?:#[^\n]*)?\r?\n")
# A line that surely names an image: where the text around it is no YAML, that is worth a note.
_NAMED: Final = re.compile(r"^[ \t-]*image:[ \t]*[\"']?[\w./-]+:[\w.]", re.MULTILINE)
# ``/spec/template/spec/containers/0/image`` of a patch in JSON's form.
_PATCHED: Final = re.compile(r"/spec/(?:[^\s]*/)?[A-Za-z]*[cC]ontainers/[^/\s]+/image")
# Looked for and not matched whole: keys may be as long as files.
_VALUES: Final = re.compile(r"(?:\A|[._-])values(?:[._-]|\Z)", re.IGNORECASE)
_Found: TypeAlias = Dependency | Skipped


def holds_blocks(source: SourceText) -> bool:
    """Whether a literal block stands anywhere in the file: in most, none does."""
    return bool(_HEADER.search(source.text))


def embedded(source: SourceText, root: Node, *, kind: str) -> Iterator[_Found]:
    """Yield the images in the literal blocks (``|``) below a node, in no order; each block is read once."""
    seen: set[int] = set()
    waiting: list[tuple[Node, str]] = [(root, "")]
    while waiting:
        node, key = waiting.pop()
        if isinstance(node, Sequence):
            waiting.extend((item, key) for item in node.items)
        elif isinstance(node, Mapping):
            waiting.extend((value, name.value) for name, value in node.items if name.value != _COPY)
        elif node.start not in seen and _IMAGE in node.value and _HEADER.match(source.text, node.start, node.end):
            seen.add(node.start)
            yield from _block(source, node, is_values=bool(_VALUES.search(key)), kind=kind)


def _block(source: SourceText, block: Scalar, *, is_values: bool, kind: str) -> Iterator[_Found]:
    text = excerpt.block(source, block)
    if text is None:
        return
    try:
        roots = yaml.parse(text)
    except TooLargeError:
        detail = "text in a value that, with all others in this file, grows too large when its aliases are followed"
        yield note(source, block, kind, "too-large", detail)
        return
    except UnreadableError:
        if _NAMED.search(block.value):
            reason: SkipReason = "not-rendered" if TEMPLATE in block.value else "unsupported-syntax"
            yield note(source, block, kind, reason, "text in a value names an image and is no YAML")
        return
    for root in roots:
        yield from image_rows(text, root, kind=kind) if is_values else _of_root(text, root, kind)


def _of_root(text: Excerpt, root: Node, kind: str) -> Iterator[Dependency]:
    objects = tuple(documents((root,)))
    for document in objects:
        yield from images(text, document, kind=kind)
    if not objects:
        yield from (image_in_scalar(text, scalar, kind=kind) for scalar in run_by_containers(root))
    for operation in root.items if isinstance(root, Sequence) else ():
        path, value = (operation.scalar(key) if isinstance(operation, Mapping) else None for key in ("path", "value"))
        if path and value and value.value and _PATCHED.fullmatch(path.value):
            yield image_in_scalar(text, value, kind=kind)
