"""Helm charts that a file asks for, wherever it does: their rows, and where they are looked up."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from analyzers.ecosystems.kubernetes._documents import is_empty
from analyzers.model.inventory import Dependency
from analyzers.model.question import Question
from analyzers.model.skipped import SkipReason
from analyzers.syntax import git_url
from analyzers.syntax.image_reference import canonical_name, parse
from analyzers.syntax.node import Scalar
from analyzers.syntax.purl import package_url
from analyzers.syntax.text import SourceText
from analyzers.versions.helm import SCHEME

HELM: Final = "helm"
OCI: Final = "oci://"
_WEB: Final = ("https://", "http://")
_EXPRESSIONS: Final = ("{{", "$")


def chart_row(
    source: SourceText, *, name: Scalar, version: Scalar | None, repository: str | None, kind: str, group: str
) -> Dependency:
    """Return the row of the chart ``name`` of a repository's address, None where the chart lies beside its user.

    Its place is the version; the name where none is written, which takes whatever is newest.
    """
    written = None if version is None or is_empty(version) else version
    pinned = SCHEME.pinned(written.value) if written else None
    address = git_url.shown(repository) if repository else None
    spot = written or name
    row = Dependency(
        ecosystem=HELM,
        name=name.value,
        place=source.place_of(spot),
        kind=kind,
        purl=package_url(HELM, name.value, pinned, None, {"repository_url": address} if address else None),
        value=written.value if written else None,
        version=pinned,
        dependency_group=group or None,
        skip_reason=_reason(name.value, written, repository),
        index=address,
    )
    if written and not source.is_verbatim(written):
        return replace(row, value=None)
    return row


def _reason(name: str, version: Scalar | None, repository: str | None) -> SkipReason | None:
    texts = (name, repository or "", version.value if version else "")
    if any(sign in text for text in texts for sign in _EXPRESSIONS):
        return "unpinned-expression"
    return unasked(repository)


def unasked(repository: str | None) -> SkipReason | None:
    """Return why nobody can be asked at an address of a repository; None for one that can."""
    if not repository or repository.startswith(("file:", ".", "/")):
        return "local-path"
    if repository.startswith(("@", "alias:")):
        # The name of a repository in the user's own Helm configuration.
        return "set-elsewhere"
    return None if repository.startswith((*_WEB, OCI)) else "unsupported-source"


def chart_question(dependency: Dependency) -> Question | None:
    """Return what to ask about a chart; None for what is none, or cannot be asked about."""
    if dependency.ecosystem != HELM or dependency.skip_reason or not dependency.index:
        return None
    if not dependency.index.startswith(OCI):
        return Question(HELM, dependency.name, dependency.index.rstrip("/"))
    name = f"{dependency.index.removeprefix(OCI).strip('/')}/{dependency.name}"
    return Question("oci-tags", canonical_name(name)) if parse(name) else None
