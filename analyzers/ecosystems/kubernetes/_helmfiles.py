"""Helmfiles that a helmfile is made of: files of the repository, and those of repositories elsewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from analyzers.ecosystems.kubernetes import _files
from analyzers.ecosystems.kubernetes._documents import note
from analyzers.ecosystems.kubernetes._git import git_row
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import Skipped
from analyzers.syntax import git_url
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

# A row, a path in the repository, or why there is neither.
Found: TypeAlias = Dependency | str | Skipped
_GIT: Final = "git::"
_REF: Final = re.compile(r"[?&]ref=([^&#\s]*)")
_FILES: Final = (".yaml", ".yml", ".gotmpl")
_FOLDER: Final = "helmfile.d"


def others(source: SourceText, listed: Node | None) -> Iterator[Found]:
    """Yield what each entry of ``helmfiles`` leads to."""
    for entry in listed.items if isinstance(listed, Sequence) else ():
        path = entry.scalar("path") if isinstance(entry, Mapping) else entry
        if not isinstance(path, Scalar) or not path.value:
            yield note(source, entry, _files.HELMFILE, "invalid-syntax", "an entry of helmfiles has no path")
        elif "{{" in path.value or "$" in path.value:
            yield note(
                source, path, _files.HELMFILE, "unpinned-expression", f"the helmfile {_shown(path)} is an expression"
            )
        elif "::" in path.value or "://" in path.value:
            yield _remote(source, path)
        else:
            yield from _local(source, path)


def _shown(path: Scalar) -> str:
    """Return the text without what may be secret: a user's name and password, a query with a key."""
    return git_url.shown(path.value).partition("?")[0][:200]


def _local(source: SourceText, path: Scalar) -> Iterator[str | Skipped]:
    where = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), path.value))
    if where.startswith(("../", "/")) or where == "..":
        yield note(
            source, path, _files.HELMFILE, "outside-repository", f"{_shown(path)} lies outside of the repository"
        )
    elif "*" in where:
        yield note(
            source, path, _files.HELMFILE, "unpinned-expression", f"{_shown(path)} is a pattern, and not followed"
        )
    elif where.endswith(_FILES):
        yield where
    elif posixpath.basename(where) != _FOLDER:
        text = f"{_shown(path)} is a folder, of which only files with the name of a helmfile are read"
        yield note(source, path, _files.HELMFILE, "unsupported-syntax", text)


def _remote(source: SourceText, path: Scalar) -> Dependency | Skipped:
    """Return the row of a repository at a ref; a note for another address."""
    address = path.value.partition("?")[0]
    found = _repository(address.removeprefix(_GIT)) if address.startswith(_GIT) else None
    if found is None:
        return note(source, path, _files.HELMFILE, "direct-url", f"the helmfile {_shown(path)} is not read")
    ref = _REF.search(path.value)
    is_literal = source.text[path.start : path.end] == path.value
    at = (path.start + ref.start(1), path.start + ref.end(1)) if ref and ref[1] and is_literal else None
    return git_row(source, found, f"https://{found.host}/{found.path}", path, at, _files.HELMFILE)


def _repository(address: str) -> git_url.GitUrl | None:
    """Return the repository of ``https://host/owner/name@folder/file.yaml``; a user may stand before the host."""
    before, at, _ = address.rpartition("@")
    return (git_url.parse(before) if at else None) or git_url.parse(address)
