"""Images in compose files: what each service runs, and what it is built on."""

from __future__ import annotations

import dataclasses
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from analyzers.ecosystems.docker import _files, dockerfile
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.syntax import excerpt, yaml
from analyzers.syntax.credentials import masked
from analyzers.syntax.excerpt import Excerpt
from analyzers.syntax.image_reference import image_in_scalar
from analyzers.syntax.node import Mapping as Table
from analyzers.syntax.node import Node, Scalar, Sequence
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText

_BUILD_CONTEXT: Final = "docker-image://"
_FORMAT: Final = "compose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compose(Reading):
    """`source` is kept where a variable may have its value in the ``.env`` file beside."""

    source: SourceText | None = None


@dataclass(frozen=True, slots=True)
class _Service:
    """One service, its merges resolved, and where it is read: in ``text``, with the ``values`` of variables."""

    text: SourceText
    table: Table
    values: Mapping[str, Spliced]
    built: frozenset[str]


def read(source: SourceText) -> Compose:
    """Return the image of every service. Raises UnreadableError for what is no YAML."""
    documents = yaml.parse(source)
    skipped: list[Skipped] = []
    tables = tuple(_services(documents))
    inline = [found for table in tables if (found := _inline(source, table, skipped))]
    dependencies = {entry.place.start: entry for reading in inline for entry in reading.dependencies}
    dependencies |= {entry.place.start: entry for entry in images(source, source)}
    has_variables = any("$" in image.value for table in tables if (image := table.scalar("image")))
    return Compose(
        dependencies=tuple(dependencies[start] for start in sorted(dependencies)),
        manifest=Manifest(path=source.path, ecosystem="docker", format=_FORMAT, application=True),
        observations=tuple(seen for reading in inline for seen in reading.observations),
        includes=tuple(dict.fromkeys(_includes(source, documents, tables, skipped))),
        skipped=(*skipped, *(entry for reading in inline for entry in reading.skipped)),
        source=source if has_variables else None,
    )


def images(source: SourceText, text: SourceText, values: Mapping[str, Spliced] | None = None) -> tuple[Dependency, ...]:
    """Return what the services of ``source`` run, read in ``text``, which begins with it and may hold ``values``."""
    tables = tuple(_services(yaml.parse(source)))
    built = frozenset(name for table in tables if (name := _built(table)))
    found: dict[tuple[str, int], Dependency] = {}
    for table in tables:
        for dependency in _images(_Service(text, table, values or {}, built)):
            # A service that merges another names the very same place once more.
            found.setdefault((dependency.place.path, dependency.place.start), dependency)
    return tuple(found.values())


def _services(documents: tuple[Node, ...]) -> Iterator[Table]:
    for document in documents:
        if not isinstance(document, Table):
            continue
        # The first version of the format had the services on top.
        is_first = document.get("services") is None
        for _, service in (document if is_first else document.mapping("services")).items:
            if isinstance(service, Table):
                table = yaml.merged(service)
                if not is_first or table.scalar("image") or table.scalar("build"):
                    yield table


def _built(service: Table) -> str | None:
    """Return the name of what a service builds: with `build`, its image is that and not what it is built on."""
    image = service.scalar("image")
    return image.value if image and service.get("build") is not None else None


def _images(service: _Service) -> Iterator[Dependency]:
    image = service.table.scalar("image")
    platform = service.table.scalar("platform")
    literal = platform.value if platform and "$" not in platform.value else None
    if image and image.value:
        dependency = _image(service, image, literal)
        if image.value in service.built:
            # Other services may run what one of them builds.
            dependency = dataclasses.replace(dependency, skip_reason="local-path")
        yield dependency
    for context in _contexts(service.table.get("build", "additional_contexts")):
        yield _image(service, context, None)


def _image(service: _Service, image: Scalar, platform: str | None) -> Dependency:
    return image_in_scalar(service.text, image, kind=_FORMAT, platform=platform, variables=True, values=service.values)


def _contexts(node: Node | None) -> Iterator[Scalar]:
    """Yield the images among additional contexts: a table of them, or a list of ``name=context``."""
    if isinstance(node, Table):
        contexts = [value for _, value in node.items]
    else:
        contexts = list(node.items) if isinstance(node, Sequence) else []
    for context in contexts:
        if isinstance(context, Scalar):
            lead, mark, image = context.value.partition(_BUILD_CONTEXT)
            if mark and (not lead or lead.endswith("=")):
                yield dataclasses.replace(context, value=image, start=context.start + len(lead) + len(mark))


def _inline(source: SourceText, service: Table, skipped: list[Skipped]) -> Reading | None:
    """Return what a Dockerfile says that is written inside of the compose file."""
    scalar = service.scalar("build", "dockerfile_inline")
    if scalar is None:
        return None
    text = excerpt.block(source, scalar)
    if text:
        return dockerfile.read(_without_doubled_dollars(source, text))
    line, _ = source.line_column(scalar.start)
    detail = f"line {line}: a Dockerfile written with escapes or folded lines is not read"
    skipped.append(_skip(source, "unsupported-syntax", detail))
    return None


def _without_doubled_dollars(source: SourceText, text: Excerpt) -> Excerpt:
    """Return the text as compose hands it on: ``$$`` is a dollar sign."""
    if "$$" not in text.text:
        return text
    starts = [0, *(found.end() for found in re.finditer(r"\$\$", text.text))]
    ends = [*(start - 1 for start in starts[1:]), len(text.text)]
    pieces = (text.written.part(start, end) for start, end in zip(starts, ends, strict=True))
    return Excerpt.of(source, Spliced.join(pieces, empty_at=text.written.origin(0)))


def _includes(
    source: SourceText, documents: tuple[Node, ...], tables: tuple[Table, ...], skipped: list[Skipped]
) -> Iterator[tuple[str, str]]:
    """Yield the files that this one leads to and that are not found by their names."""
    for written, form in (*_other_files(documents, tables), *_dockerfiles(tables)):
        if "$" in written or "://" in written or written.startswith("git@"):
            skipped.append(_skip(source, "unpinned-expression", f"{masked(written)[:200]} is read from elsewhere"))
            continue
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), written))
        if path.startswith(("../", "/")) or path == "..":
            skipped.append(_skip(source, "outside-repository", f"{written[:200]} lies outside of the repository"))
        elif not (_files.is_compose(path) if form == _FORMAT else _files.is_dockerfile(path)):
            yield path, form


def _other_files(documents: tuple[Node, ...], tables: tuple[Table, ...]) -> Iterator[tuple[str, str]]:
    """Yield the compose files of ``include`` and ``extends``."""
    for document in documents:
        node = document.get("include") if isinstance(document, Table) else None
        for entry in node.items if isinstance(node, Sequence) else ():
            path = entry.get("path") if isinstance(entry, Table) else entry
            for one in path.items if isinstance(path, Sequence) else (path,):
                if isinstance(one, Scalar) and one.value:
                    yield one.value, _FORMAT
    for table in tables:
        file = table.scalar("extends", "file")
        if file and file.value:
            yield file.value, _FORMAT


def _dockerfiles(tables: tuple[Table, ...]) -> Iterator[tuple[str, str]]:
    """Yield the Dockerfiles that services name, where those and their contexts are written plainly."""
    for table in tables:
        name = table.scalar("build", "dockerfile")
        context = table.scalar("build", "context")
        folder = context.value if context else "."
        if name and name.value and not re.search(r"\$|://|^git@", f"{folder}{name.value}"):
            yield posixpath.join(folder, name.value), "dockerfile"


def _skip(source: SourceText, reason: SkipReason, detail: str) -> Skipped:
    return Skipped(what="dependency", path=source.path, source=_FORMAT, reason=reason, detail=detail)
