"""``uses:`` in all its forms, and what it asks the world."""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from typing import NamedTuple

from packageurl import PackageURL

from analyzers.ecosystems.github_actions import _files
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.model.question import Question
from analyzers.model.skipped import SkipReason
from analyzers.model.subject import SubjectKey
from analyzers.syntax.credentials import masked, shown
from analyzers.syntax.image_reference import image_dependency
from analyzers.syntax.node import Scalar
from analyzers.syntax.purl import package_url
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText
from analyzers.versions import action_ref

HOST = "https://github.com"
# The kind of calls from workflows of Forgejo and Gitea: what GitHub's own service does is not true of these.
FORGE = "forge-workflow-uses"
_FORGEJO = ".forgejo/"
_IMAGE = "docker://"
_WORKFLOWS = (".github/workflows/", ".forgejo/workflows/", ".gitea/workflows/")
_USES = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)/([A-Za-z0-9._-]+)((?:/[^@\s/]+)*)/?(?:@(\S*))?")
_ADDRESS = re.compile(r"(https?://[^\s/?#@]+/[^\s?#@]+)@(\S+)")
_MAX_USES = 512
# Behind the value: a closing quote or bracket, then the comment.
_COMMENT = re.compile(r"['\"]?[ \t\]},]*[ \t]#[ \t]*([^\n]*)")
_MARKER = re.compile(r"(?:[A-Za-z][\w-]*:[ \t]*)?(?:(?:tag|ref|version|pin)[ \t]*[=:@][ \t]*)?(?:[\w.-]+/[\w./-]+@)?@?")
_VERSION_TEXT = re.compile(r"[A-Za-z0-9][\w./+-]*")


class Action(NamedTuple):
    """An action, or reusable workflow, as called. `path` is that inside its repository, `ref` what follows ``@``."""

    owner: str
    repository: str
    path: str
    ref: str

    @property
    def name(self) -> str:
        """``owner/repository``."""
        return f"{self.owner}/{self.repository}"

    @property
    def full_name(self) -> str:
        """The name with the path in the repository."""
        return f"{self.name}/{self.path}" if self.path else self.name

    @property
    def is_workflow(self) -> bool:
        """Whether a reusable workflow is called: it has no runtime of its own."""
        return self.path.startswith(_WORKFLOWS)

    @property
    def key(self) -> SubjectKey:
        """The subject: one a repository, whatever the path and the spelling."""
        return SubjectKey(_files.NAME, self.name.lower())


def parse(text: str) -> Action | None:
    """Cut up ``owner/repository/path@ref``; None for anything else. `ref` is empty where none is written."""
    found = _USES.fullmatch(text) if len(text) <= _MAX_USES else None
    if not found or {".", ".."} & {found[2], *found[3].split("/")}:
        return None
    return Action(found[1], found[2], found[3].lstrip("/"), found[4] or "")


@functools.lru_cache(maxsize=4096)
def _of_purl(purl: str) -> tuple[str, str, str]:
    parts = PackageURL.from_string(purl)
    return parts.namespace or "", parts.name, parts.subpath or ""


def action_of(dependency: Dependency) -> Action | None:
    """Return what a dependency calls; None for what is no action or has a skip reason."""
    if dependency.ecosystem != _files.NAME or dependency.skip_reason or not dependency.value:
        return None
    return Action(*_of_purl(dependency.purl), dependency.value)


def refs_question(action: Action) -> Question:
    """Return the question for the tags and branches of the action's repository."""
    return Question("git-refs", f"{HOST}/{action.name}")


def repository_question(action: Action) -> Question:
    """Return the question for the state of the action's repository."""
    return Question("github-repository", action.name)


def definition_question(action: Action) -> Question:
    """Return the question for ``action.yml`` at the exact ref."""
    return Question("action", f"{action.full_name}@{action.ref}")


def uses_dependency(source: SourceText, uses: Scalar, kind: str) -> Dependency | None:
    """Return the dependency that a ``uses:`` writes; None for an empty one."""
    if not uses.value:
        return None
    if uses.value.startswith(_IMAGE) and source.is_verbatim(uses):
        image = Spliced.at(uses.value[len(_IMAGE) :], uses.start + len(_IMAGE))
        return image_dependency(source, image, kind=kind)
    action = parse(uses.value) if source.is_verbatim(uses) else None
    return _dependency(source, uses, kind, action) if action else _unread(source, uses, kind)


def forge_dependency(source: SourceText, uses: Scalar) -> Dependency | None:
    """Return the dependency of a ``uses:`` of Forgejo or Gitea, which may write a repository's address out."""
    if not source.is_verbatim(uses) or not uses.value.startswith("http"):
        row = uses_dependency(source, uses, FORGE)
        return _elsewhere(row) if row and source.path.startswith(_FORGEJO) else row
    if uses.value.startswith(f"{HOST}/"):
        skip = len(HOST) + 1
        return uses_dependency(source, replace(uses, value=uses.value[skip:], start=uses.start + skip), FORGE)
    found = _ADDRESS.fullmatch(uses.value) if len(uses.value) <= _MAX_USES else None
    if not found:
        return _unread(source, uses, FORGE)
    return Dependency(
        ecosystem="generic",
        name=shown(found[1]),
        place=source.place(uses.start + found.start(2), uses.end),
        kind=FORGE,
        purl="",
        value=found[2],
        skip_reason="unsupported-source",
    )


def _elsewhere(row: Dependency) -> Dependency:
    """Return the row of a short name in Forgejo's workflows, which stands for a repository of the instance's choice.

    By default that is one of data.forgejo.org, whatever lies under the same name at GitHub. Gitea's means GitHub:
    https://forgejo.org/docs/latest/admin/config-cheat-sheet/ and https://docs.gitea.com/usage/actions/faq
    (``DEFAULT_ACTIONS_URL``).
    """
    if row.ecosystem != _files.NAME or row.skip_reason:
        return row
    return replace(
        row,
        ecosystem="generic",
        purl="",
        version=None,
        digest=None,
        comment=None,
        skip_reason="unsupported-source",
    )


def _unread_reason(text: str) -> SkipReason:
    if "${{" in text:
        return "unpinned-expression"
    # ``$/path`` is the repository of the workflow itself, at the commit that runs.
    return "local-path" if text.startswith((".", "/", "$/")) else "unsupported-syntax"


def _unread(source: SourceText, uses: Scalar, kind: str) -> Dependency:
    return Dependency(
        ecosystem=_files.NAME,
        name=masked(uses.value),
        place=source.place_of(uses),
        kind=kind,
        purl="",
        skip_reason=_unread_reason(uses.value),
    )


def _dependency(source: SourceText, uses: Scalar, kind: str, action: Action) -> Dependency:
    purl = package_url(_files.NAME, action.repository, action.ref, action.owner, subpath=action.path or None)
    if not purl:
        return _unread(source, uses, kind)
    digest = action.ref if action_ref.is_commit(action.ref) else None
    comment = _version_comment(source, uses.end) if digest else None
    named = action_ref.parse(source.text[slice(*comment)] if comment else action.ref)
    return Dependency(
        ecosystem=_files.NAME,
        name=action.name,
        place=source.place(uses.end - len(action.ref), uses.end),
        kind=kind,
        purl=purl,
        value=action.ref or None,
        version=named.text if named else None,
        digest=digest,
        # GitHub refuses a call without a ref, so there is nothing to judge.
        skip_reason=None if action.ref else "unsupported-version",
        comment=_place(source, comment),
    )


def _place(source: SourceText, span: tuple[int, int] | None) -> Place | None:
    return source.place(*span) if span else None


def _version_comment(source: SourceText, end: int) -> tuple[int, int] | None:
    """Return the span of the version that the comment behind a commit names: ``# v4.2.0``, ``# tag=v4``."""
    comment = _COMMENT.match(source.text, end)
    if not comment:
        return None
    marker = _MARKER.match(source.text, comment.start(1), comment.end(1))
    version = _VERSION_TEXT.match(source.text, marker.end() if marker else comment.start(1), comment.end(1))
    if not version:
        return None
    text = version.group().rstrip(".")
    return (version.start(), version.start() + len(text)) if action_ref.parse(text) else None
