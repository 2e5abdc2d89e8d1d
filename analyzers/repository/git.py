"""One repository: the one place that asks git, and the one that opens a repository through GitPython.

Commands that look at objects alone run outside the work tree. GitPython reads refs; its command object is replaced
by one that refuses to run, because it hands the whole environment on and does not drain standard error while
streaming.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

from analyzers.errors import SnapshotError
from analyzers.repository.git_process import (
    LONG_SECONDS,
    OVERRIDES,
    SHORT_SECONDS,
    GitFailedError,
    command_line,
    environment,
    git_version,
    run,
    text_of,
)

if TYPE_CHECKING:
    import git

_MOST_BYTES = 16 * 1024 * 1024
_FILTER_SETTING = re.compile(r"filter\..+\.(?:clean|smudge|process|required)\Z", re.DOTALL)


Bring = Callable[[Iterable[str]], None]


@dataclass(frozen=True, slots=True)
class Head:
    """What is checked out: `commit` is None before the first one, `branch` None when detached (or not known yet).

    `common` is the folder of what all work trees of the repository share.
    """

    bare: bool
    commit: str | None
    branch: str | None
    common: Path


@dataclass(frozen=True)
class GitRepository:
    """One repository on this machine. `prefix` is the part that was asked for: ``""`` or ``services/api/``.

    `work_tree` is None for a bare repository. `bring` gets the names of contents that may not be here yet, and
    fetches those; None where nobody promised any.
    """

    git_dir: Path
    work_tree: Path | None
    prefix: str = ""
    bring: Bring | None = field(default=None, compare=False, repr=False)

    @classmethod
    def find(cls, path: Path) -> GitRepository | None:
        """Return the repository that holds the folder ``path``; None for a folder outside any.

        Raises SnapshotError where there is one that git cannot read, or where git is missing or too old.
        """
        path = path.resolve()
        place = _git_dir_above(path)
        if place is None:
            return None
        top, git_dir = place
        git_version()
        inside = path.relative_to(top).as_posix() if top else "."
        found = cls(git_dir, top, "" if inside == "." else f"{inside}/")
        try:
            bare = found.head.bare
        except GitFailedError as error:
            raise SnapshotError(f"{path}: git cannot read this repository: {error.detail}") from error
        return cls(git_dir, None) if bare or top is None else found

    def line(self, *arguments: str) -> str:
        """Run a short command that looks at objects and settings alone; return its output without the line's end."""
        return text_of(self.output(*arguments, seconds=SHORT_SECONDS)).rstrip("\n")

    def output(
        self, *arguments: str, seconds: float = LONG_SECONDS, settings: Mapping[str, str] | None = None
    ) -> bytes:
        """Run a command that looks at objects and settings alone. Raises GitFailedError."""
        return run(command_line(arguments), self._environment(settings), self.git_dir.anchor, seconds)

    def tree_output(
        self, *arguments: str, content: bytes = b"", index: Path | None = None, seconds: float | None = None
    ) -> bytes:
        """Run a command that looks at the work tree, with ``content`` as its standard input.

        With ``index`` in place of the repository's own. No filter of the repository runs. Raises GitFailedError, and
        GitSilentError where it takes longer than ``seconds`` (half an hour, where they are not given).
        """
        variables = self._environment(self._without_filters()) | {"GIT_WORK_TREE": str(self.work_tree)}
        if index:
            variables["GIT_INDEX_FILE"] = str(index)
        return run(command_line(arguments), variables, str(self.work_tree), seconds or LONG_SECONDS, content)

    @contextmanager
    def stream(
        self, *arguments: str, content: bytes = b"", settings: Mapping[str, str] | None = None
    ) -> Iterator[IO[bytes]]:
        """Run a command, with ``content`` as its standard input, and hand out its standard output while it runs.

        Raises GitFailedError at the end. A reader that stops early ends the process without an error.
        """
        # Files, for in and for errors: of two pipes one would stop git while we wait at the other.
        with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as asked:
            asked.write(content)
            asked.seek(0)
            process = self._start(arguments, asked, errors, settings)
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            stopped = True
            try:
                yield process.stdout
                stopped = process.stdout.read(1) != b""
            finally:
                if stopped:
                    process.kill()
                process.stdout.close()
                code = process.wait()
            if code and not stopped:
                errors.seek(0)
                raise GitFailedError(arguments[0], text_of(errors.read(4096)))

    def batch(self) -> subprocess.Popen[bytes]:
        """Start ``cat-file --batch``: object names in, contents out. The caller ends it."""
        return subprocess.Popen(
            command_line(("cat-file", "--batch")),
            env=self._environment(None),
            cwd=self.git_dir.anchor,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    @cached_property
    def head(self) -> Head:
        """What is checked out. Raises GitFailedError where git cannot read the repository."""
        # One process for four answers. Before the first commit neither of the last two lines is there.
        asked = (
            "--is-bare-repository",
            "--git-common-dir",
            "--revs-only",
            "HEAD^{commit}",
            "--symbolic-full-name",
            "HEAD",
        )
        bare, common, *lines = self.line("rev-parse", *asked).split("\n")
        commit, ref = lines if len(lines) == 2 else (None, "")  # noqa: PLR2004 - the two lines
        branch = ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else None
        there = Path(self.git_dir.anchor) / common
        return Head(bare=bare == "true", commit=commit, branch=branch, common=there)

    def resolve(self, revision: str) -> str | None:
        """Return the full hash of the commit that ``revision`` names, None where it names none."""
        if not revision or revision.startswith("-"):
            return None
        if revision == "HEAD" and self.head.commit:
            return self.head.commit
        try:
            return self.line("rev-parse", "--quiet", "--verify", f"{revision}^{{commit}}")
        except GitFailedError:
            return None

    @cached_property
    def branch(self) -> str | None:
        """The branch that is checked out; None when detached."""
        if self.head.commit:
            return self.head.branch
        # Asked of git: GitPython takes longer to import than an inventory to read.
        try:
            return self.line("symbolic-ref", "--quiet", "--short", "HEAD") or None
        except GitFailedError:
            return None

    @cached_property
    def settings(self) -> Mapping[str, str]:
        """What the repository's own settings say, by lower-case name; the last value of each."""
        listed = self.output("config", "--list", "-z", seconds=SHORT_SECONDS)
        entries = (text_of(entry).partition("\n") for entry in listed.split(b"\0") if entry)
        return {name: value for name, _, value in entries}

    @property
    def is_shallow(self) -> bool:
        """Whether history ends early because the clone is shallow."""
        return bool(self.shared("shallow"))

    @property
    def is_partial(self) -> bool:
        """Whether objects are missing here on purpose (a clone with a filter)."""
        return any(name == "extensions.partialclone" or name.endswith(".promisor") for name in self.settings)

    def shallow_commits(self) -> frozenset[str]:
        """Return the commits at which a shallow history ends."""
        from git.exc import GitError

        try:
            path = Path(self._refs.common_dir) / "shallow"
            return frozenset(path.read_text(encoding="ascii").split())
        except (GitError, OSError, ValueError):
            return frozenset()

    def shared(self, name: str) -> bytes:
        """Return a file of git's own (grafts, where a shallow history ends); nothing for one that is none, or huge."""
        path = self.head.common / name
        try:
            return path.read_bytes() if path.is_file() and path.stat().st_size <= _MOST_BYTES else b""
        except OSError:
            return b""

    @cached_property
    def _refs(self) -> git.Repo:
        return _open_refs(self.work_tree or self.git_dir)

    def _start(
        self, arguments: tuple[str, ...], asked: IO[bytes], errors: IO[bytes], settings: Mapping[str, str] | None
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command_line(arguments),
            env=self._environment(settings),
            cwd=self.git_dir.anchor,
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=errors,
            bufsize=1 << 20,
            # Where a system has a say in it: git need not wait for the reader at every turn.
            pipesize=1 << 20,
        )

    def _environment(self, settings: Mapping[str, str] | None) -> dict[str, str]:
        # An explicit GIT_DIR also settles whose repository it is: a folder of another user can be scanned,
        # which is safe because nothing in it runs.
        return environment([*OVERRIDES, *(settings or {}).items()]) | {"GIT_DIR": str(self.git_dir)}

    def _without_filters(self) -> dict[str, str]:
        """Return settings that empty every content filter that the repository defines."""
        return {
            name: "false" if name.endswith(".required") else "" for name in self.settings if _FILTER_SETTING.match(name)
        }


def _git_dir_above(path: Path) -> tuple[Path | None, Path] | None:
    """Return the top of the work tree (None when bare) and the git directory of the repository around ``path``."""
    for folder in (path, *path.parents):
        inner = folder / ".git"
        # os.path answers False, where pathlib raises, for a folder that may not be looked into.
        if os.path.isfile(inner) or _looks_like_git_dir(inner):  # noqa: PTH113 - as said
            return folder, inner
        if _looks_like_git_dir(folder):
            return None, folder
    return None


def _looks_like_git_dir(folder: Path) -> bool:
    parts = {"HEAD": os.path.isfile, "objects": os.path.isdir, "refs": os.path.isdir}
    return all(there(folder / name) for name, there in parts.items())


def _open_refs(path: Path) -> git.Repo:
    """Open a repository that git itself has already read, for its refs."""
    # Takes longer to import than the rest of a small scan: only where a repository is there.
    import git

    class NoCommands(git.Git):
        """GitPython's command object, which may not run anything here."""

        def execute(self, *_arguments: Any, **_options: Any) -> NoReturn:  # noqa: ANN401 - as in the base
            raise SnapshotError("only analyzers/repository/git.py starts git")

    class Refs(git.Repo):
        """A repository for its refs alone."""

        GitCommandWrapperType = NoCommands

    return Refs(path, expand_vars=False)
