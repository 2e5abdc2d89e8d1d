"""What a helmfile is made of beside itself: other helmfiles, files of values, and repositories elsewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from analyzers.ecosystems.kubernetes import _files
from analyzers.ecosystems.kubernetes._documents import is_empty, no_list, note
from analyzers.ecosystems.kubernetes._git import git_row
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import Skipped
from analyzers.syntax import git_url
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

NAME: Final = _files.HELMFILE
# A row, a file of the repository with the format to read it in, or why there is neither.
Found: TypeAlias = Dependency | tuple[str, str] | Skipped
# go-getter's form, and that of Helm's plugin for git.
_GIT: Final = re.compile(r"git(?:::|\+(?=[a-z]+://))")
_REF: Final = re.compile(r"[?&]ref=([^&#\s]*)")
_HELMFILES: Final = (".yaml", ".yml", ".gotmpl")
_FOLDER: Final = "helmfile.d"


def others(source: SourceText, table: Mapping) -> Iterator[Found]:
    """Yield what each entry of ``helmfiles`` and of ``bases`` leads to."""
    for key in ("helmfiles", "bases"):
        listed = table.get(key)
        yield from no_list(source, listed, NAME, key)
        for entry in listed.items if isinstance(listed, Sequence) else ():
            path = entry.get("path") if isinstance(entry, Mapping) else entry
            if not isinstance(path, Scalar) or is_empty(path):
                yield note(source, entry, NAME, "invalid-syntax", f"an entry of {key} has no path")
            else:
                yield from _file(source, path, "helmfile", NAME)


def values(source: SourceText, listed: Node | None) -> Iterator[Found]:
    """Yield what each entry of a release's ``values`` leads to that names a file."""
    for entry in listed.items if isinstance(listed, Sequence) else ():
        if isinstance(entry, Scalar) and not is_empty(entry):
            yield from _file(source, entry, "values file", _files.VALUES)


def _file(source: SourceText, path: Scalar, what: str, form: str) -> Iterator[Found]:
    if "{{" in path.value or "$" in path.value:
        yield note(source, path, NAME, "unpinned-expression", f"the {what} {_shown(path)} is an expression")
    elif "::" in path.value or "://" in path.value:
        yield remote(source, path) or note(source, path, NAME, "direct-url", f"the {what} {_shown(path)} is not read")
    else:
        yield from _local(source, path, form)


def _shown(path: Scalar) -> str:
    """Return the text without what may be secret: a user's name and password, a query with a key."""
    return git_url.shown(path.value).partition("?")[0][:200]


def _local(source: SourceText, path: Scalar, form: str) -> Iterator[tuple[str, str] | Skipped]:
    where = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), path.value))
    if where.startswith(("../", "/")) or where == "..":
        yield note(source, path, NAME, "outside-repository", f"{_shown(path)} lies outside of the repository")
    elif "*" in where:
        # What has the name of a helmfile, or of values, is read wherever it lies.
        if not _is_read(where.replace("*", "x"), form):
            yield note(source, path, NAME, "unpinned-expression", f"{_shown(path)} is a pattern, and not followed")
    elif form != NAME or where.endswith(_HELMFILES):
        yield where, form
    elif posixpath.basename(where) != _FOLDER:
        text = f"{_shown(path)} is a folder, of which only files with the name of a helmfile are read"
        yield note(source, path, NAME, "unsupported-syntax", text)


def _is_read(path: str, form: str) -> bool:
    return _files.is_helmfile(path) if form == NAME else _files.is_values(path)


def remote(source: SourceText, path: Scalar) -> Dependency | None:
    """Return the row of a repository at a ref; None for another address."""
    prefix = _GIT.match(path.value)
    found = _repository(path.value.partition("?")[0][prefix.end() :]) if prefix else None
    if found is None:
        return None
    ref = _REF.search(path.value)
    is_literal = source.text[path.start : path.end] == path.value
    at = (path.start + ref.start(1), path.start + ref.end(1)) if ref and ref[1] and is_literal else None
    return git_row(source, found, f"https://{found.host}/{found.path}", path, at, NAME)


def _repository(address: str) -> git_url.GitUrl | None:
    """Return the repository of ``https://host/owner/name@folder/file.yaml``, or of ``…/name.git//folder/file.yaml``.

    A user may stand before the host.
    """
    scheme, separator, rest = address.rpartition("://")
    host, slash, path = rest.partition("//")[0].partition("/")
    return git_url.parse(f"{scheme}{separator}{host}{slash}{path.partition('@')[0]}")
