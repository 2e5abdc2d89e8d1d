"""Images in the values of charts: ``image: {registry, repository, tag, digest}`` and ``image: name:tag``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from analyzers.ecosystems.kubernetes._documents import is_empty
from analyzers.model.inventory import Dependency
from analyzers.syntax import yaml
from analyzers.syntax.image_reference import (
    DOCKER_HUB,
    image_dependency,
    image_in_scalar,
    parse,
    split_name,
)
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText

_IMAGE: Final = re.compile(r".*image", re.IGNORECASE)
_IMAGES: Final = re.compile(r".*images", re.IGNORECASE)
_DIGEST: Final = "sha256:"
_BESIDE: Final = ("tag", "imageTag", "registry", "digest", "sha", "pullPolicy")


@dataclass(frozen=True, slots=True)
class _Block:
    """An image in several values. `name` is the repository, all others may be missing or empty."""

    name: Scalar
    registry: Scalar | None
    tag: Scalar | None
    digest: Scalar | None


@dataclass(frozen=True, slots=True)
class _Context:
    """Where a mapping stands: the key above it, the kind of its rows, the registry of images that name none."""

    under: str
    kind: str
    registry: Scalar | None


def image_rows(source: SourceText, root: Node, *, kind: str) -> Iterator[Dependency]:
    """Yield the images below ``root``, each once, in no order."""
    found: dict[tuple[int, str], Dependency] = {}
    registry = _common_registry(root)
    waiting: list[tuple[Node, str]] = [(root, "")]
    while waiting:
        node, under = waiting.pop()
        if isinstance(node, Mapping):
            whole = yaml.merged(node)
            for row in _of_mapping(source, whole, _Context(under, kind, registry)):
                found.setdefault((row.place.start, row.name), row)
            waiting.extend((value, _above(under, key, value)) for key, value in whole.items)
        elif isinstance(node, Sequence):
            waiting.extend((item, under) for item in node.items)
        elif _IMAGES.fullmatch(under) and _is_pinned(node):
            row = image_in_scalar(source, node, kind=kind)
            found.setdefault((row.place.start, row.name), row)
    yield from found.values()


def _above(under: str, key: Scalar, value: Node) -> str:
    """Return the key that says what a value is: each of ``images: {web: …, worker: …}`` is one."""
    return under if _IMAGES.fullmatch(under) and not isinstance(value, Mapping) else key.value


def _common_registry(root: Node) -> Scalar | None:
    """Return the registry of all images that name none."""
    if not isinstance(root, Mapping):
        return None
    stated = (root.scalar("global", "image", "registry"), root.scalar("global", "imageRegistry"))
    return next((scalar for scalar in stated if not is_empty(scalar)), None)


def _of_mapping(source: SourceText, node: Mapping, context: _Context) -> Iterator[Dependency]:
    block = _block(node, context)
    if block:
        yield _block_row(source, block, context.kind)
    for key, value in node.items:
        if isinstance(value, Scalar) and _IMAGE.fullmatch(key.value) and not (block and block.name is value):
            yield from _inline(source, key.value, value, context.kind)


def _block(node: Mapping, context: _Context) -> _Block | None:
    name = _name(node, context.under)
    if name is None or is_empty(name) or "://" in name.value:
        return None
    tag = node.scalar("tag") or node.scalar("imageTag")
    if tag is None and _IMAGE.fullmatch(context.under):
        tag = node.scalar("version")
    registry = node.scalar("registry") or node.scalar("imageRegistry")
    if is_empty(registry) and split_name(name.value)[0] == DOCKER_HUB:
        registry = context.registry
    return _Block(name, registry, tag, node.scalar("digest") or node.scalar("sha"))


def _name(node: Mapping, under: str) -> Scalar | None:
    """Return where the image's name stands, if the mapping describes an image at all."""
    is_image = bool(_IMAGE.fullmatch(under))
    stated = [key for key in _BESIDE if node.get(key) is not None]
    repository, image = node.scalar("repository"), node.scalar("image")
    name = node.scalar("repo") or node.scalar("name")
    if repository:
        return repository if is_image or stated else None
    if image and ({"tag", "imageTag", "registry"} & set(stated)) and not _is_pinned(image):
        return image
    return name if is_image and ("tag" in stated or node.get("version")) else None


def _block_row(source: SourceText, block: _Block, kind: str) -> Dependency:
    """Return the row of an image whose parts stand apart; its place is the tag, an empty one included."""
    if _is_pinned(block.name):
        return image_in_scalar(source, block.name, kind=kind)
    row = image_dependency(source, _joined(block), kind=kind)
    changed = block.digest if is_empty(block.tag) else block.tag
    if is_empty(changed) or changed is None:
        # The templates decide, nearly always for the chart's appVersion.
        at = block.tag or block.name
        spot = source.place_of(at) if block.tag and not at.value else row.place
        return replace(row, place=spot, skip_reason=row.skip_reason or "set-elsewhere")
    if not source.is_verbatim(changed):
        return replace(row, value=None, digest_place=None, place=source.place_of(changed))
    if changed is block.digest and row.digest and row.digest != changed.value:
        # `sha:` holds the digits alone; the `sha256:` before them stands nowhere.
        return replace(row, value=changed.value, place=source.place_of(changed))
    return row


def _joined(block: _Block) -> Spliced:
    parts = [Spliced.at(block.name.value, block.name.start)]
    if block.registry and not is_empty(block.registry):
        registry = block.registry.value.rstrip("/")
        # The separators stand nowhere: nothing that is changed ever begins with one.
        parts = [Spliced.at(registry, block.registry.start), Spliced.at("/", block.name.start), *parts]
    if block.tag and not is_empty(block.tag):
        parts += [Spliced.at(":", block.tag.start), Spliced.at(block.tag.value, block.tag.start)]
    if block.digest and not is_empty(block.digest):
        lead = "@" if ":" in block.digest.value else f"@{_DIGEST}"
        parts += [Spliced.at(lead, block.digest.start), Spliced.at(block.digest.value, block.digest.start)]
    return Spliced.join(parts)


def _inline(source: SourceText, key: str, value: Scalar, kind: str) -> Iterator[Dependency]:
    if is_empty(value):
        return
    if _is_pinned(value) or "{{" in value.value:
        yield image_in_scalar(source, value, kind=kind)
    elif key == "image" and "/" in value.value and parse(value.value):
        # The templates may well put a tag behind it.
        yield replace(image_in_scalar(source, value, kind=kind), skip_reason="set-elsewhere")


def _is_pinned(scalar: Scalar) -> bool:
    reference = parse(scalar.value)
    return reference is not None and bool(reference.tag or reference.digest)
