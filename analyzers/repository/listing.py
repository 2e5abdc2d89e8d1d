"""Which files there are: in a work tree, in a commit, or in a plain folder."""

from __future__ import annotations

import os
import posixpath
import stat
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analyzers.model.skipped import Skipped, SkipReason
from analyzers.repository.beside import Beside
from analyzers.repository.changes import any_is_linked, has_changes
from analyzers.repository.contents import StoredFile
from analyzers.repository.git import GitRepository
from analyzers.repository.git_process import GitSilentError
from analyzers.repository.paths import PathKinds
from analyzers.repository.patterns import PathPatterns

LONGEST_PATH = 4096
_MOST_ROWS = 100
"""So many rows of one reason are shown one by one; the rest is counted."""
_MOST_SEEN = 5
"""A walk stops after so many times the limit: what is beyond is counted as at least that."""
UNTRACKED_SECONDS = 60
"""So long git may take to list what it does not track."""
_OWN_FOLDERS = frozenset({".git", ".hg", ".svn", "__pycache__"})


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The files that count, sorted. `objects` is filled for a commit; `is_foreign` says git lists nothing here.

    `is_dirty` says whether the work tree differs from its commit (see `changes`), and may wait for git. Raises
    GitFailedError.
    """

    paths: tuple[str, ...] = ()
    objects: Mapping[str, StoredFile] = field(default_factory=dict)
    skipped: tuple[Skipped, ...] = ()
    is_dirty: Callable[[], bool] = lambda: False
    is_foreign: bool = False


@dataclass
class Found:
    """A listing in the making. `links` maps a link to its target."""

    excluded: PathPatterns
    limit: int
    prefix: str = ""
    paths: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def path(self, raw: bytes) -> str | None:
        """Return the path relative to the folder that was asked for; None for one that does not count."""
        try:
            path = raw.decode().removeprefix(self.prefix)
        except UnicodeDecodeError:
            self.skip(raw.decode(errors="backslashreplace"), "wrong-encoding", "its name is not UTF-8")
            return None
        if len(path) > LONGEST_PATH:
            self.skip(path[:100] + "…", "unreadable", f"its path is longer than {LONGEST_PATH} characters")
            return None
        if self.excluded.match(path):
            self.left_out["excluded"] += 1
            return None
        return path

    def skip(self, path: str, reason: SkipReason, detail: str) -> None:
        """Name a path that is left out; of many alike only the first ones, the others are counted."""
        self.left_out[reason] += 1
        if self.left_out[reason] <= _MOST_ROWS:
            self.skipped.append(Skipped(what="file", path=path, source="git", reason=reason, detail=detail))

    def submodule(self, path: str) -> None:
        """Name a submodule."""
        self.skip(path, "submodule", "a repository of its own; scan it on its own")

    def finish(self) -> tuple[str, ...]:
        """Return the sorted paths within the limit, after judging links and counting what was left out."""
        unique = sorted(set(self.paths))
        self._judge_links(unique)
        if len(unique) > self.limit:
            # Somebody else's code goes first, so that a committed node_modules does not hide the project.
            kinds = PathKinds()
            ranked = sorted(unique, key=lambda path: (kinds.is_vendored(path), path))
            detail = f"{len(unique):,} files, of which {self.limit:,} are read (scan.max-files); vendored ones go first"
            self.skipped.append(_repository("limit-reached", detail))
            unique = sorted(ranked[: self.limit])
        if self.left_out["excluded"]:
            detail = f"{_files(self.left_out['excluded'])} left out by scan.exclude"
            self.skipped.append(_repository("ignored", detail))
        self._count_the_rest()
        return tuple(unique)

    def _judge_links(self, listed: list[str]) -> None:
        """Name the links that lead out or nowhere; the target of any other is listed itself."""
        if not self.links:
            return
        there = {*listed, *self.links}
        there.update(parent for path in listed for parent in _folders(path))
        for link, target in sorted(self.links.items()):
            leads = posixpath.normpath(posixpath.join(posixpath.dirname(link), target))
            if target.startswith("/") or leads == ".." or leads.startswith("../") or leads.split("/")[0] == ".git":
                self.skip(link, "outside-repository", "a symbolic link that leads out of the repository")
            elif leads != "." and leads not in there:
                self.skip(link, "missing-file", "a symbolic link to nothing that is scanned")

    def _count_the_rest(self) -> None:
        for reason, count in sorted(self.left_out.items()):
            if reason != "excluded" and count > _MOST_ROWS:
                detail = f"{count - _MOST_ROWS:,} more files like these"
                self.skipped.append(Skipped(what="file", source="git", reason=reason, detail=detail))  # type: ignore[arg-type] # counted by skip()


def list_work_tree(git: GitRepository, excluded: PathPatterns, limit: int, *, has_commit: bool) -> Listing:
    """List what git tracks and what it does not ignore, as it is on disk."""
    assert git.work_tree is not None  # noqa: S101 - only asked for repositories with a work tree
    found = Found(excluded, limit, git.prefix)
    within = ("--", git.prefix) if git.prefix else ()
    # Comparing contents takes long where the checkout is new, and is needed for one word of the report alone.
    differs = Beside(lambda: has_changes(git, within, has_commit=has_commit))
    listed, silent = _listed(git, within)
    found.skipped.extend(silent)
    sparse = number = 0
    folders: set[bytes] = set()
    for entry in entries(listed):
        number += 1
        tag, mode, raw = _work_tree_entry(entry)
        if mode:
            folders.add(raw.rpartition(b"/")[0])
        if tag == b"S":
            sparse += 1
        else:
            _add_from_disk(found, git.work_tree, raw, mode)
    if sparse:
        detail = f"{_files(sparse)} left out by the sparse checkout"
        found.skipped.append(_repository("missing-file", detail))
    paths = found.finish()
    is_foreign = bool(git.prefix) and not number
    is_linked = any_is_linked(git.work_tree, folders)
    is_dirty = (lambda: True) if is_linked else differs
    return Listing(paths=paths, skipped=tuple(found.skipped), is_dirty=is_dirty, is_foreign=is_foreign)


def _listed(git: GitRepository, within: tuple[str, ...]) -> tuple[bytes, tuple[Skipped, ...]]:
    """Return what git lists, and why only what it tracks where that is all.

    To list what it does not track, git opens each repository below: one can be made so that reading it never ends.
    """
    tracked = ("ls-files", "-z", "-s", "-t", "-c")
    try:
        return git.tree_output(*tracked, "-o", "--exclude-standard", *within, seconds=UNTRACKED_SECONDS), ()
    except GitSilentError:
        detail = (
            f"files that git does not track: it did not list them within {UNTRACKED_SECONDS} seconds, "
            "as where a repository below cannot be read to its end"
        )
        return git.tree_output(*tracked, *within), (_repository("missing-file", detail),)


def _work_tree_entry(entry: bytes) -> tuple[bytes, bytes, bytes]:
    """Return tag, mode and path: of ``H 100644 <blob> 0<tab>path`` or ``? path``."""
    tag, _, rest = entry.partition(b" ")
    if tag == b"?":
        return tag, b"", rest
    about, _, path = rest.partition(b"\t")
    return tag, about[:6], path


def _add_from_disk(found: Found, top: Path, raw: bytes, mode: bytes) -> None:
    """Add one entry as it is on disk today; `mode` is empty for one that git does not track."""
    if mode == b"160000" or raw.endswith(b"/"):
        path = found.path(raw.rstrip(b"/"))
        if path is not None:
            found.submodule(path)
        return
    path = found.path(raw)
    if path is None:
        return
    place = f"{top}/{found.prefix}{path}"
    try:
        kind = os.lstat(place).st_mode
        if stat.S_ISREG(kind) and mode != b"120000":
            found.paths.append(path)
        elif stat.S_ISREG(kind):
            found.skip(path, "unreadable", "is a symbolic link to git and a plain file here")
        elif stat.S_ISLNK(kind):
            found.links[path] = os.fsdecode(os.readlink(place))  # noqa: PTH115 - as above
        else:
            found.skip(path, "unreadable", "is not a regular file")
    except (FileNotFoundError, NotADirectoryError):
        # What git tracks and is gone was deleted, alone or with its folder: it is no part of the work tree.
        if not mode:
            found.skip(path, "missing-file", "went away while it was listed")
    except (OSError, ValueError):
        found.skip(path, "missing-file", "went away while it was listed")


def list_folder(root: Path, excluded: PathPatterns, limit: int) -> Listing:
    """List the files of a folder that no repository holds."""
    found = Found(excluded, limit)
    # Level by level, so that a walk which has to stop has seen what lies near the top.
    waiting = deque([""])
    seen = 0
    while waiting and seen <= limit * _MOST_SEEN:
        folder = waiting.popleft()
        for entry in _scan(root, folder, found):
            seen += 1
            path = found.path(os.fsencode(folder + entry.name))
            if path is None:
                continue
            try:
                waiting.extend(_add_walked(found, path, entry))
            except OSError:
                found.skip(path, "missing-file", "went away while it was listed")
    if waiting:
        found.skipped.append(_repository("limit-reached", f"the walk stopped after {seen:,} entries (scan.max-files)"))
    return Listing(paths=found.finish(), skipped=tuple(found.skipped))


def _add_walked(found: Found, path: str, entry: os.DirEntry[str]) -> Iterator[str]:
    """Add one entry of a walk; yield it when it is a folder to walk as well."""
    if entry.is_symlink():
        found.links[path] = os.fsdecode(Path(entry.path).readlink())
    elif entry.is_dir(follow_symlinks=False):
        if (Path(entry.path) / ".git").exists():
            found.submodule(path)
        elif entry.name not in _OWN_FOLDERS:
            yield f"{path}/"
    elif entry.is_file(follow_symlinks=False):
        found.paths.append(path)
    else:
        found.skip(path, "unreadable", "is not a regular file")


def _scan(root: Path, folder: str, found: Found) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(root / folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        found.skip(folder, "unreadable", f"this folder cannot be listed: {error.strerror}")
        return []


def entries(output: bytes) -> Iterator[bytes]:
    """Yield what git ends with a zero byte each."""
    return (entry for entry in output.split(b"\0") if entry)


def _folders(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _repository(reason: SkipReason, detail: str) -> Skipped:
    return Skipped(what="repository", source="git", reason=reason, detail=detail)
