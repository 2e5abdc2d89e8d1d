"""The name of a tool as mise writes it: with the backend that installs it (``npm:prettier``, ``ubi:owner/name``)."""

from __future__ import annotations

import re
from typing import Final

from analyzers.lifecycles import tool_row
from analyzers.model.inventory import Dependency
from analyzers.syntax.purl import package_url

# Backends whose packages have a purl type: those of `_JUDGED` are judged by an ecosystem of that name.
_TYPES: Final = {
    "npm": "npm",
    "pipx": "pypi",
    "cargo": "cargo",
    "go": "golang",
    "gem": "gem",
    "dotnet": "nuget",
    **dict.fromkeys(("aqua", "ubi", "github", "spm"), "github"),
    "gitlab": "gitlab",
}
_JUDGED: Final = frozenset({"npm", "pypi", "github", "gitlab"})
# Plugins of another manager that install what their own name says.
_TRANSPARENT: Final = frozenset({"core", "asdf", "vfox"})
_OPTIONS: Final = re.compile(r"\[[^\]]*\]$")
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_./-]+")


def without_options(name: str) -> str:
    """Return the name of a tool without what its backend is told in brackets (``ubi:cli/cli[exe=gh]``)."""
    return _OPTIONS.sub("", name)


def backend_row(written_name: str, written: tool_row.Written) -> Dependency:
    """Return the row of a tool under its full name; what no registry here has is listed with the reason."""
    name = without_options(written_name)
    backend, colon, rest = name.partition(":")
    if not colon:
        return tool_row.row(name, written)
    if backend in _TRANSPARENT:
        return tool_row.row(rest.rpartition("/")[2].removeprefix("asdf-"), written)
    type_ = _TYPES.get(backend)
    if type_ is None or not rest or ":" in rest or (backend == "pipx" and "/" in rest):
        return tool_row.unknown(name, written, "unsupported-source")
    return _of_type(type_, rest, written)


def _of_type(type_: str, name: str, written: tool_row.Written) -> Dependency:
    namespace, _, bare = name.rpartition("/")
    if type_ in ("github", "gitlab"):
        if not _REPOSITORY.fullmatch(name):
            return tool_row.unknown(name, written, "unsupported-source")
        if type_ == "github":
            # aqua names packages inside of a repository by a longer path.
            namespace, bare = name.split("/")[:2]
            name = f"{namespace}/{bare}"
    purl = package_url(type_, bare, None, namespace or None)
    if type_ not in _JUDGED:
        return tool_row.listed(type_, name, written, purl)
    return tool_row.released(type_, name, written, purl)
