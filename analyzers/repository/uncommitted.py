"""Which files of a work tree hold what no commit holds: writing over them could lose it for good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from analyzers.repository.changes import changed_files
from analyzers.repository.git import GitRepository

_AT_ONCE = 200


def uncommitted(git: GitRepository, paths: Iterable[str]) -> Mapping[str, str]:
    """Return path → what of it is not committed, in a few words, sorted; paths are relative to the folder asked for.

    Files that git was told not to look at count as well, for nobody can say. Raises GitFailedError.
    """
    asked = sorted(set(paths))
    found: dict[str, str] = {}
    for start in range(0, len(asked), _AT_ONCE):
        found |= _of(git, asked[start : start + _AT_ONCE])
    return dict(sorted(found.items()))


def _of(git: GitRepository, paths: list[str]) -> Mapping[str, str]:
    names = {f"{git.prefix}{path}": path for path in paths}
    # Taken literally: git is told that no name is a pattern.
    specs = ("--", *names)
    staged = ("diff-index", "--cached", "--name-only", "-z", "--ignore-submodules=all", "HEAD", *specs)
    tracked = {name[2:]: name[:1] for name in _entries(git.tree_output("ls-files", "-z", "-v", "--full-name", *specs))}
    has_commit = git.resolve("HEAD") is not None
    kinds = (
        ("is not tracked by git", [name for name in names if name not in tracked]),
        ("is hidden from git's eyes (assume-unchanged or skip-worktree)", _unwatched(tracked)),
        ("is changed", _entries(changed_files(git, specs))),
        ("is staged", _entries(git.tree_output(*staged)) if has_commit else tracked),
    )
    return {names[name]: why for why, found in reversed(kinds) for name in found if name in names}


def _unwatched(tracked: Mapping[str, str]) -> Iterator[str]:
    return (name for name, tag in tracked.items() if tag.islower() or tag == "S")


def _entries(listed: bytes) -> Iterator[str]:
    return (entry.decode(errors="surrogateescape") for entry in listed.split(b"\0") if entry)
