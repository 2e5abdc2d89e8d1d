"""Requirements as rows of the inventory: what every format of this ecosystem does alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name

from analyzers.ecosystems.python import _files
from analyzers.ecosystems.python._references import Reference, commit, read_reference, without_credentials
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.syntax.credentials import masked
from analyzers.syntax.node import Scalar
from analyzers.syntax.purl import package_url
from analyzers.syntax.requirement import Requirement, parse_requirement
from analyzers.syntax.text import SourceText
from analyzers.versions.pep440 import SCHEME

_PYPI = ("https://pypi.org/simple", "https://pypi.python.org/simple")
# Reasons that say: never from an index.
ELSEWHERE: frozenset[SkipReason | None] = frozenset({"local-path", "version-control", "direct-url"})
# Placeholders of templates and variables, which nobody expands here.
_FOREIGN_OPERATOR = re.compile(r"(?:^|[,|])[ \t]*+(?:=(?!=)|~(?!=))")
_PLACEHOLDERS = ("{", "$(", "<%")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a package comes from, when a file says so: another index, or no index at all."""

    index: str | None = None
    skip_reason: SkipReason | None = None


PYPI = Origin()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the rows of one list share. `group` is named as written."""

    source: SourceText
    kind: str
    group: str | None = None
    origin: Origin = PYPI
    direct: bool = True


def normalise(name: str) -> str:
    """Make two spellings of one package equal (PEP 503)."""
    return str(canonicalize_name(name))


def index_origin(url: str) -> Origin:
    """Return the origin for an index address; nothing in it is expanded, and credentials are left out."""
    if "$" in url:
        return Origin(skip_reason="unpinned-expression")
    address = without_credentials(url).strip()
    return PYPI if not address or address.rstrip("/") in _PYPI else Origin(index=address)


def with_origin(row: Dependency, origin: Origin) -> Dependency:
    """Return the row with the index that counts for its file, where it comes from an index at all."""
    if row.skip_reason in ELSEWHERE:
        return row
    return replace(row, index=row.index or origin.index, skip_reason=row.skip_reason or origin.skip_reason)


def without_self(rows: Iterable[Dependency], name: str | None) -> Iterator[Dependency]:
    """Yield the rows; one that names the package itself (``package[docs]`` in an extra) comes from its own folder."""
    own = normalise(name) if name else None
    for row in rows:
        is_own = row.ecosystem == _files.ECOSYSTEM_NAME and own is not None and normalise(row.name) == own
        yield with_origin(row, Origin(skip_reason="local-path")) if is_own else row


def constrained_row(
    context: Context, name: str, start: int, end: int, marker: str | None = None, *, continued: str = ""
) -> Dependency:
    """Return the row of a package whose constraint stands at ``start``–``end``; an empty span means there is none.

    ``continued`` is the constraint itself where it goes over several lines.
    """
    written = " ".join(continued.split()) if continued else context.source.text[start:end]
    version = SCHEME.pinned(written) if written else None
    return Dependency(
        ecosystem=_files.ECOSYSTEM_NAME,
        name=name,
        place=context.source.place(start, end),
        kind=context.kind,
        purl=package_url(_files.ECOSYSTEM_NAME, name, version),
        value=written or None,
        version=version,
        direct=context.direct,
        dependency_group=context.group,
        skip_reason=context.origin.skip_reason or _unreadable(written),
        index=context.origin.index,
        marker=marker,
    )


def _unreadable(written: str) -> SkipReason | None:
    if any(placeholder in written for placeholder in _PLACEHOLDERS):
        return "unpinned-expression"
    return None if not written or SCHEME.is_constraint(written) else "unsupported-version"


def reference_row(
    context: Context, reference: Reference, start: int, name: str | None = None, marker: str | None = None
) -> Dependency:
    """Return the row of a package from elsewhere; ``start`` is where the reference's text begins in the file.

    Its value is the branch, tag or commit alone: an address may hold credentials, and no upgrade would change it.
    """
    written = context.source.text[start + reference.start : start + reference.end]
    label = name or without_credentials(reference.name)
    digest = commit(written)
    tag = written.removeprefix("v")
    version = tag if not digest and SCHEME.key(tag) else None
    return Dependency(
        ecosystem=_files.ECOSYSTEM_NAME,
        name=label,
        place=context.source.place(start + reference.start, start + reference.end),
        kind=context.kind,
        # A path is no package's name.
        purl=package_url(_files.ECOSYSTEM_NAME, label, version) if parse_requirement(label) else "",
        value=written or None,
        version=version,
        digest=digest,
        direct=context.direct,
        dependency_group=context.group,
        skip_reason=reference.reason,
        marker=marker,
    )


def requirement_row(context: Context, requirement: Requirement, start: int) -> Dependency:
    """Return the row of a PEP 508 requirement whose text begins at the offset ``start`` of the file."""
    if requirement.url is None:
        first, last = start + requirement.start, start + requirement.end
        continued = requirement.specifier if "\n" in context.source.text[first:last] else ""
        row = constrained_row(context, requirement.name, first, last, requirement.marker, continued=continued)
        # Poetry's and Pipenv's ways to write a constraint, which mean nothing here.
        foreign = _FOREIGN_OPERATOR.search(requirement.specifier)
        return replace(row, version=None, skip_reason=row.skip_reason or "unsupported-version") if foreign else row
    found = read_reference(requirement.url) or Reference(
        "direct-url", requirement.name, len(requirement.url), len(requirement.url)
    )
    return reference_row(context, found, start + requirement.start, requirement.name, requirement.marker)


def quoted_row(context: Context, scalar: Scalar) -> Dependency | Skipped:
    """Return the row of a PEP 508 requirement written as a string of TOML; Skipped where it is none."""
    requirement = parse_requirement(scalar.value)
    if requirement is None:
        return unread(context.source, scalar.start, f"“{masked(scalar.value)[:80]}” is no requirement")
    raw = context.source.text[scalar.start : scalar.end]
    if raw[: requirement.end] == scalar.value[: requirement.end]:
        return requirement_row(context, requirement, scalar.start)
    # An escape before or inside the constraint: the written text is not the constraint, so no edit can be made.
    row = constrained_row(context, requirement.name, scalar.start, scalar.end, requirement.marker)
    return replace(row, skip_reason="unsupported-syntax", version=None)


def unread(source: SourceText, offset: int, detail: str) -> Skipped:
    """Return the note for an entry that was seen and cannot be read."""
    line, _ = source.line_column(offset)
    return Skipped(
        what="dependency",
        path=source.path,
        source=_files.ECOSYSTEM_NAME,
        reason="unsupported-syntax",
        detail=f"line {line}: {detail}",
    )


def runtime_row(source: SourceText, scalar: Scalar, kind: str) -> Dependency:
    """Return the row of a Python version, or of a constraint on it."""
    version = SCHEME.pinned(scalar.value)
    known = SCHEME.is_constraint(scalar.value) and source.is_verbatim(scalar)
    return Dependency(
        ecosystem="generic",
        name="python",
        place=source.place_of(scalar),
        kind=kind,
        purl=package_url("generic", "python", version),
        value=source.text[scalar.start : scalar.end] or None,
        version=version if known else None,
        skip_reason=None if known else "unsupported-version",
    )
