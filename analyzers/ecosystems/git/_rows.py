"""A repository at a rev as a row of the inventory."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.model.skipped import SkipReason
from analyzers.syntax import git_url
from analyzers.syntax.node import Scalar
from analyzers.syntax.text import SourceText
from analyzers.versions import git_tag

# Behind the value: a closing quote or bracket, then the comment.
_COMMENT: Final = re.compile(r"['\"]?[ \t\]},]*[ \t]#[ \t]*([^\n]*)")
# ``frozen: v1.2.3`` (pre-commit's own), ``tag=v1.2.3``, ``pin@v1.2.3``, ``v1.2.3``.
_MARKER: Final = re.compile(r"(?:[A-Za-z][\w-]{0,30}[ \t]*[:=@][ \t]*)?")
_VERSION: Final = re.compile(r"[A-Za-z0-9@][\w./+@-]*")


def repository_row(source: SourceText, repo: Scalar, rev: Scalar | None, *, kind: str) -> Dependency:
    """Return the row of the repository ``repo`` at ``rev``; what cannot be judged has its reason."""
    found = git_url.parse(repo.value)
    row = Dependency(
        ecosystem=found.type if found else "generic",
        name=git_url.shown(repo.value),
        place=source.place_of(repo),
        kind=kind,
        purl=found.purl(rev.value if rev else None) if found else "",
        skip_reason=_unasked(repo.value, found),
    )
    if rev is None or not rev.value:
        return replace(row, skip_reason=row.skip_reason or "unsupported-version")
    return _at(source, row, rev)


def _unasked(text: str, found: git_url.GitUrl | None) -> SkipReason | None:
    if found is None:
        return "local-path" if text.startswith((".", "/", "~", "file:")) else "unsupported-syntax"
    # A host that is reached by SSH alone may be somebody's own: nobody said that it answers on the web.
    return None if found.is_web or found.type != "generic" else "version-control"


def _at(source: SourceText, row: Dependency, rev: Scalar) -> Dependency:
    place = source.place_of(rev)
    if not source.is_verbatim(rev):
        return replace(row, place=place, skip_reason=row.skip_reason or "unsupported-syntax")
    digest = rev.value.lower() if git_tag.is_commit(rev.value) else None
    comment = version_comment(source, rev.end) if digest else None
    named = source.text[slice(*comment)] if comment else rev.value
    return replace(
        row,
        place=place,
        value=rev.value,
        version=git_tag.SCHEME.pinned(named),
        digest=digest,
        comment=_place(source, comment),
    )


def version_comment(source: SourceText, end: int) -> tuple[int, int] | None:
    """Return the span of the version in the comment behind a commit that ends at ``end`` (``# frozen: v1.2.3``)."""
    comment = _COMMENT.match(source.text, end)
    if not comment:
        return None
    marker = _MARKER.match(source.text, comment.start(1), comment.end(1))
    version = _VERSION.match(source.text, marker.end() if marker else comment.start(1), comment.end(1))
    if not version or git_tag.parse(version[0].rstrip(".")) is None:
        return None
    return version.start(), version.start() + len(version[0].rstrip("."))


def _place(source: SourceText, span: tuple[int, int] | None) -> Place | None:
    return source.place(*span) if span else None
