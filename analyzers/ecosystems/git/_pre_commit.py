"""``.pre-commit-config.yaml``: repositories at a rev, and what their hooks need beside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzers.ecosystems.git import _files, _hooks
from analyzers.ecosystems.git._rows import repository_row
from analyzers.errors import InvalidSyntaxError
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import Skipped
from analyzers.syntax import yaml
from analyzers.syntax.node import Mapping, Scalar, Sequence
from analyzers.syntax.text import SourceText

# These come with pre-commit, or stand in the file itself.
_OWN: Final = frozenset({"local", "meta", "builtin"})


def read(source: SourceText) -> Reading:
    """Read one configuration; in the oldest form the list of repositories is the whole file. Raises UnreadableError."""
    roots = yaml.parse(source)
    root = roots[0] if roots else Mapping((), 0, 0)
    if isinstance(root, Scalar) and not root.value:
        root = Mapping((), 0, 0)
    if isinstance(root, Scalar):
        raise InvalidSyntaxError("holds no list of repositories", line=source.line_column(root.start)[0])
    found = list(_found(source, root))
    return Reading(
        dependencies=tuple(dict.fromkeys(item for item in found if isinstance(item, Dependency))),
        skipped=tuple(item for item in found if isinstance(item, Skipped)),
        manifest=Manifest(path=source.path, ecosystem="git", format=_files.PRE_COMMIT),
    )


def _found(source: SourceText, root: Mapping | Sequence) -> Iterator[Dependency | Skipped]:
    languages = root.mapping("default_language_version") if isinstance(root, Mapping) else Mapping((), 0, 0)
    for key, value in languages.items:
        if isinstance(value, Scalar):
            yield from _hooks.language_version(source, key.value, value)
    repositories = root.get("repos") if isinstance(root, Mapping) else root
    for entry in repositories.items if isinstance(repositories, Sequence) else ():
        if isinstance(entry, Mapping):
            yield from _repository(source, yaml.merged(entry))


def _repository(source: SourceText, entry: Mapping) -> Iterator[Dependency | Skipped]:
    repo, rev = entry.scalar("repo"), entry.scalar("rev") or entry.scalar("sha")
    name = repo.value if repo else ""
    if repo and name and name not in _OWN:
        yield repository_row(source, repo, rev, kind=_files.PRE_COMMIT)
    hooks = entry.get("hooks")
    for hook in hooks.items if isinstance(hooks, Sequence) else ():
        if isinstance(hook, Mapping):
            yield from _hooks.hook(source, name, yaml.merged(hook))
