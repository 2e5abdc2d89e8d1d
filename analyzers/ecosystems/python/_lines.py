"""Lines as pip reads them, wherever they stand: requirements files, ``deps`` of tox, conda's list for pip."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from analyzers.ecosystems.python import _files
from analyzers.ecosystems.python._references import read_reference
from analyzers.ecosystems.python._rows import Context, index_origin, reference_row, requirement_row, unread
from analyzers.model.inventory import Dependency, Observation
from analyzers.model.place import Place
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.syntax.credentials import masked
from analyzers.syntax.requirement import Line, Option, parse_requirement, read_lines
from analyzers.syntax.text import SourceText

# Kinds of observations: a file named by `-c`, the index that replaces PyPI, and one that is asked beside it.
CONSTRAINTS = "constraints-file"
MAIN_INDEX = "main-index"
EXTRA_INDEX = "extra-index"

_ARCHIVE = re.compile(r".*\.(?:whl|zip|tar\.gz|tgz|tar\.bz2)", re.IGNORECASE)
_BEFORE_MARKER = re.compile(r"(?P<what>[^\s;]++)\s++;\s*+(?P<marker>\S.*+)")
_INDEXES = {"--index-url": MAIN_INDEX, "--extra-index-url": EXTRA_INDEX}
_MAX_LINE = 20_000
Found = Dependency | Skipped


@dataclass(slots=True)
class Lines:
    """What the lines of one file have said so far."""

    source: SourceText
    rows: list[Dependency] = field(default_factory=list)
    includes: dict[tuple[str, str], None] = field(default_factory=dict)
    observations: list[Observation] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def keep(self, found: Iterable[Found]) -> None:
        """Add rows and notes."""
        for row in found:
            if isinstance(row, Dependency):
                self.rows.append(row)
            else:
                self.skipped.append(row)

    def note(self, context: Context, line: Line) -> None:
        """Add what one logical line says: its options, and the requirement before them."""
        for option in line.options:
            self._note_option(context, option)
        if len(line.text) > _MAX_LINE:
            self.skipped.append(unread(self.source, line.start, f"holds more than {_MAX_LINE:,} characters"))
        elif line.text:
            row = line_row(context, line.text, line.start)
            self.keep([replace(row, integrity=_hashes(self.source, line)) if isinstance(row, Dependency) else row])

    def include(self, path: Option, *, limits: bool) -> None:
        """Lead on to a file; ``limits`` says that it only constrains."""
        target, reason = resolve(self.source.path, path.value)
        if reason:
            line, _ = self.source.line_column(path.start)
            detail = f"line {line}: {path.name} {masked(path.value)[:200]} was not followed"
            here = self.source.path
            self.skipped.append(
                Skipped(what="file", path=here, source=_files.REQUIREMENTS, reason=reason, detail=detail)
            )
            return
        self.includes[target, _files.REQUIREMENTS] = None
        if limits:
            place = self.source.place(path.start, path.end)
            self.observations.append(Observation(kind=CONSTRAINTS, name=target, place=place))

    def _note_option(self, context: Context, option: Option) -> None:
        if option.name in {"--requirement", "--constraint"}:
            self.include(option, limits=option.name == "--constraint")
        elif option.name == "--editable":
            self.keep([line_row(context, option.value, option.start)])
        elif option.name in _INDEXES:
            # The name is the address that may be asked: empty for PyPI, and for what only an expansion would tell.
            origin = index_origin(option.value)
            place = self.source.place(option.start, option.end)
            kind, reason = _INDEXES[option.name], origin.skip_reason or ""
            self.observations.append(Observation(kind=kind, name=origin.index or "", place=place, text=reason))
        elif not option.known:
            self.skipped.append(
                unread(self.source, option.start, f"the option {masked(option.name)[:40]} is not known")
            )


def _hashes(source: SourceText, line: Line) -> Place | None:
    spans = [(option.start, option.end) for option in line.options if option.name == "--hash"]
    return source.place(spans[0][0], spans[-1][1]) if spans else None


def line_row(context: Context, text: str, start: int) -> Found:
    """Return the row of a requirement or reference that begins at the offset ``start`` of the file."""
    requirement = parse_requirement(text)
    if requirement is None and (placed := _BEFORE_MARKER.match(text)):
        # A path or an address with a marker.
        reference, marker = read_reference(placed["what"]), placed["marker"]
        return reference_row(context, reference, start, marker=marker) if reference else _none(context, text, start)
    if requirement and not (requirement.start == requirement.end and _ARCHIVE.fullmatch(requirement.name)):
        return requirement_row(context, requirement, start)
    reference = read_reference(text)
    if reference:
        return reference_row(context, reference, start)
    return _none(context, text, start)


def _none(context: Context, text: str, start: int) -> Skipped:
    said = unread(context.source, start, f"“{masked(text)[:80]}” is no requirement")
    is_template = any(mark in text for mark in ("{{", "{%", "<%", "${"))
    return replace(said, reason="unpinned-expression") if is_template else said


def lines_at(text: str, offset: int) -> Iterator[Line]:
    """Yield the logical lines of a text that begins at ``offset`` of its file."""
    for line in read_lines(text):
        options = tuple(one._replace(start=one.start + offset, end=one.end + offset) for one in line.options)
        yield replace(line, start=line.start + offset, options=options)


def resolve(path: str, written: str) -> tuple[str, SkipReason | None]:
    """Resolve a path written in the file ``path``, as pip does: relative to that file's folder.

    Returns the path in the repository, and why it cannot be followed where it cannot.
    """
    if "$" in written or "{" in written:
        return "", "unpinned-expression"
    if "://" in written or written.startswith("file:"):
        return "", "direct-url"
    if not written:
        return "", "unsupported-syntax"
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), written.replace("\\", "/")))
    outside = target == ".." or target.startswith(("../", "/")) or re.match(r"[A-Za-z]:", target)
    return target, "outside-repository" if outside else None
