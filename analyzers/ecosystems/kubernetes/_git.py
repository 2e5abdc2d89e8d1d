"""Git repositories at a ref, as kustomizations, Argo CD and Flux name them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from analyzers.model.inventory import Dependency
from analyzers.model.skipped import SkipReason
from analyzers.syntax import git_url
from analyzers.syntax.git_url import GitUrl
from analyzers.syntax.node import Scalar
from analyzers.syntax.text import SourceText
from analyzers.versions import git_tag

# Refs that move with every commit: there is nothing newer than they are.
_MOVING: Final = frozenset({"HEAD", "main", "master", "trunk", "develop", "refs/heads/main", "refs/heads/master"})


def git_row(
    source: SourceText, found: GitUrl, shown: str, spot: Scalar, ref: tuple[int, int] | None, kind: str
) -> Dependency:
    """Return the row of a repository; ``ref`` is where its tag or commit stands in the text, if it names one."""
    value = source.text[slice(*ref)] if ref else ""
    row = Dependency(
        ecosystem=found.type,
        name=git_url.shown(shown),
        place=source.place(*(ref or (spot.start, spot.end))),
        kind=kind,
        purl=found.purl(value or None),
        skip_reason=_reason(found, value),
    )
    if not value:
        return row
    digest = value.lower() if git_tag.is_commit(value) else None
    return replace(row, value=value, version=git_tag.SCHEME.pinned(value), digest=digest)


def _reason(found: GitUrl, ref: str) -> SkipReason | None:
    if not ref or ref in _MOVING:
        return "version-control"
    if "{{" in ref or "$" in ref:
        return "unpinned-expression"
    # A host that is reached by SSH alone may be somebody's own: nobody said that it answers on the web.
    return None if found.is_web or found.type != "generic" else "version-control"
