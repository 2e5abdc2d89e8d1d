"""Requirements files: what pip reads, and what pip-compile and uv write."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from analyzers.ecosystems.python import _compiled
from analyzers.ecosystems.python._references import read_reference
from analyzers.ecosystems.python._rows import (
    ECOSYSTEM_NAME,
    Context,
    index_origin,
    reference_row,
    requirement_row,
    unread,
)
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest, Observation
from analyzers.model.place import Place
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.syntax.requirement import Line, Option, parse_requirement, read_lines
from analyzers.syntax.text import SourceText

FORMAT = "requirements"
# Kinds of observations: a file named by `-c`, the index that replaces PyPI, and one that is asked beside it.
CONSTRAINTS = "constraints-file"
MAIN_INDEX = "main-index"
EXTRA_INDEX = "extra-index"

_NAME = re.compile(r".*requirements.*\.(?:txt|in)|constraints.*\.txt", re.IGNORECASE)
_FOLDER = re.compile(r"(?:.*/)?requirements/.*\.(?:txt|in)", re.IGNORECASE)
_DEVELOPMENT = re.compile(
    r"dev|develop|development|tests?|testing|docs?|lint|linting|typing|ci|qa|tox|bench|benchmarks?"
)
_ARCHIVE = re.compile(r".*\.(?:whl|zip|tar\.gz|tgz|tar\.bz2)", re.IGNORECASE)
_INDEXES = {"--index-url": MAIN_INDEX, "--extra-index-url": EXTRA_INDEX}
_MAX_LINE = 20_000


def matches(path: str) -> bool:
    """Whether a path is by convention a requirements or constraints file."""
    return bool(_NAME.fullmatch(path.rpartition("/")[2]) or _FOLDER.fullmatch(path))


def group_of(path: str) -> str | None:
    """Return the development group that a file or its folder is named after (``requirements-dev.txt``, ``docs/…``)."""
    folder, _, name = path.lower().rpartition("/")
    words = re.split(r"[^a-z]+", f"{name.rpartition('.')[0]} {folder.rpartition('/')[2]}")
    return next((word for word in words if _DEVELOPMENT.fullmatch(word)), None)


@dataclass(slots=True)
class _Found:
    """What the lines have said so far."""

    source: SourceText
    header: _compiled.Header | None
    rows: list[Dependency] = field(default_factory=list)
    includes: dict[tuple[str, str], None] = field(default_factory=dict)
    observations: list[Observation] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def keep(self, row: Dependency | Skipped) -> None:
        if isinstance(row, Dependency):
            self.rows.append(row)
        else:
            self.skipped.append(row)


def read(source: SourceText) -> Reading:
    """Read one file; files that it includes are named, not opened."""
    found = _Found(source, _compiled.read_header(source))
    context = Context(source=source, kind=FORMAT, group=group_of(source.path))
    for line in read_lines(source.text):
        for option in line.options:
            _note_option(found, context, option)
        if line.text:
            _note_requirement(found, context, line)
    return Reading(
        dependencies=tuple(found.rows),
        manifest=Manifest(path=source.path, ecosystem=ECOSYSTEM_NAME, format=FORMAT),
        observations=(*_compiled_from(source, found.header), *found.observations),
        includes=tuple(found.includes),
        skipped=tuple(found.skipped),
    )


def _compiled_from(source: SourceText, header: _compiled.Header | None) -> Iterator[Observation]:
    if header:
        place = source.place(header.start, header.end)
        for name in header.inputs or ("",):
            yield Observation(kind=_compiled.COMPILED_FROM, name=name, place=place)


def _note_requirement(found: _Found, context: Context, line: Line) -> None:
    direct = _compiled.is_direct(line.comments) if found.header else True
    context = replace(context, direct=direct is not False)
    if len(line.text) > _MAX_LINE:
        found.skipped.append(unread(context.source, line.start, f"holds more than {_MAX_LINE:,} characters"))
        return
    row = _row(context, line.text, line.start)
    found.keep(replace(row, integrity=_hashes(found.source, line)) if isinstance(row, Dependency) else row)


def _hashes(source: SourceText, line: Line) -> Place | None:
    spans = [(option.start, option.end) for option in line.options if option.name == "--hash"]
    return source.place(spans[0][0], spans[-1][1]) if spans else None


def _row(context: Context, text: str, start: int) -> Dependency | Skipped:
    requirement = parse_requirement(text)
    if requirement and not (requirement.start == requirement.end and _ARCHIVE.fullmatch(requirement.name)):
        return requirement_row(context, requirement, start)
    reference = read_reference(text)
    if reference:
        return reference_row(context, reference, start)
    return unread(context.source, start, f"“{text[:80]}” is no requirement")


def _note_option(found: _Found, context: Context, option: Option) -> None:
    if option.name in {"--requirement", "--constraint"}:
        _note_include(found, option)
    elif option.name == "--editable":
        found.keep(_row(context, option.value, option.start))
    elif option.name in _INDEXES:
        # The name is the address that may be asked: empty for PyPI, and for what only an expansion would tell.
        origin = index_origin(option.value)
        place = found.source.place(option.start, option.end)
        found.observations.append(
            Observation(kind=_INDEXES[option.name], name=origin.index or "", place=place, text=origin.skip_reason or "")
        )
    elif not option.known:
        found.skipped.append(unread(found.source, option.start, f"the option {option.name[:40]} is not known"))


def _note_include(found: _Found, option: Option) -> None:
    target, reason = resolve(found.source.path, option.value)
    if reason:
        line, _ = found.source.line_column(option.start)
        detail = f"line {line}: {option.name} {option.value[:200]} was not followed"
        found.skipped.append(Skipped(what="file", path=found.source.path, source=FORMAT, reason=reason, detail=detail))
        return
    found.includes[target, FORMAT] = None
    if option.name == "--constraint":
        place = found.source.place(option.start, option.end)
        found.observations.append(Observation(kind=CONSTRAINTS, name=target, place=place))


def resolve(path: str, written: str) -> tuple[str, SkipReason | None]:
    """Resolve a path written in the file ``path``, as pip does: relative to that file's folder.

    Returns the path in the repository, and why it cannot be followed where it cannot.
    """
    if "$" in written or "{{" in written:
        return "", "unpinned-expression"
    if "://" in written or written.startswith("file:"):
        return "", "direct-url"
    if not written:
        return "", "unsupported-syntax"
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), written.replace("\\", "/")))
    outside = target == ".." or target.startswith(("../", "/")) or re.match(r"[A-Za-z]:", target)
    return target, "outside-repository" if outside else None
