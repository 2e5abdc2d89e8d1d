"""The one place that runs git, and the one that opens a repository through GitPython.

A scanned repository may be hostile down to its ``.git/config``, so nothing it names may run: hooks, file system
monitors, filters, text converters, pagers, ssh commands, credential programs, signature programs and every
transport are switched off, in the environment and on the command line, both of which win over the repository's
own settings. Commands that look at objects alone run outside the work tree. GitPython finds the repository and
reads its refs; its command object is replaced by one that refuses to run, because it hands the whole environment
on and does not drain standard error while streaming.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

from analyzers.errors import SnapshotError

if TYPE_CHECKING:
    import git

SHORT_SECONDS = 60
"""For commands whose answer is one line."""
LONG_SECONDS = 1800
"""For commands that walk a tree or a history."""
OLDEST_GIT = (2, 31)
"""The first git that takes settings of any name from its environment."""

_OVERRIDES = (
    ("core.hooksPath", os.devnull),
    ("core.fsmonitor", "false"),
    ("core.sshCommand", "false"),
    ("core.gitProxy", "false"),
    ("core.askPass", "false"),
    ("core.editor", "false"),
    ("core.pager", "cat"),
    ("core.attributesFile", os.devnull),
    ("core.excludesFile", os.devnull),
    ("core.alternateRefsCommand", "false"),
    ("core.quotePath", "false"),
    ("credential.helper", ""),
    ("diff.external", ""),
    ("diff.orderFile", os.devnull),
    ("diff.ignoreSubmodules", "all"),
    ("diff.submodule", "short"),
    ("gc.auto", "0"),
    ("gpg.program", "false"),
    ("gpg.ssh.program", "false"),
    ("gpg.x509.program", "false"),
    ("log.showSignature", "false"),
    ("log.mailmap", "true"),
    ("log.follow", "false"),
    ("mailmap.file", ""),
    ("maintenance.auto", "false"),
    ("protocol.allow", "never"),
    ("submodule.recurse", "false"),
)
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "COMSPEC", "TEMP", "TMP", "TMPDIR")
_FILTER_SETTING = re.compile(r"filter\..+\.(?:clean|smudge|process|required)\Z", re.DOTALL)


class GitFailedError(SnapshotError):
    """One git command ended with an error; `detail` is what it said."""

    def __init__(self, command: str, detail: str) -> None:
        """Keep git's own words, cut to a line's length."""
        self.detail = detail.strip()[:500] or "no message"
        super().__init__(f"git {command} failed: {self.detail}")


@dataclass(frozen=True)
class GitRepository:
    """One repository on this machine. `prefix` is the part that was asked for: ``""`` or ``services/api/``.

    `work_tree` is None for a bare repository.
    """

    git_dir: Path
    work_tree: Path | None
    prefix: str = ""

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
        found = cls(git_dir, top)
        try:
            bare = found.line("rev-parse", "--is-bare-repository") == "true"
        except GitFailedError as error:
            raise SnapshotError(f"{path}: git cannot read this repository: {error.detail}") from error
        if bare or top is None:
            return cls(git_dir, None)
        inside = path.relative_to(top).as_posix()
        return cls(git_dir, top, "" if inside == "." else f"{inside}/")

    def line(self, *arguments: str) -> str:
        """Run a short command that looks at objects and settings alone; return its output without the line's end."""
        return _text(self.output(*arguments, seconds=SHORT_SECONDS)).rstrip("\n")

    def output(
        self, *arguments: str, seconds: float = LONG_SECONDS, settings: Mapping[str, str] | None = None
    ) -> bytes:
        """Run a command that looks at objects and settings alone. Raises GitFailedError."""
        return _run(_command(arguments), self._environment(settings), self.git_dir.anchor, seconds)

    def tree_output(self, *arguments: str, content: bytes = b"") -> bytes:
        """Run a command that looks at the work tree, with ``content`` as its standard input.

        No filter of the repository runs. Raises GitFailedError.
        """
        environment = self._environment(self._without_filters()) | {"GIT_WORK_TREE": str(self.work_tree)}
        return _run(_command(arguments), environment, str(self.work_tree), LONG_SECONDS, content)

    @contextmanager
    def stream(self, *arguments: str, settings: Mapping[str, str] | None = None) -> Iterator[IO[bytes]]:
        """Run a command and hand out its standard output while it runs. Raises GitFailedError at the end.

        A reader that stops early ends the process without an error.
        """
        # Errors go to a file: a pipe that nobody reads would stop git once it is full.
        with tempfile.TemporaryFile() as errors:
            process = self._start(arguments, errors, settings)
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
                raise GitFailedError(arguments[0], _text(errors.read(4096)))

    def batch(self) -> subprocess.Popen[bytes]:
        """Start ``cat-file --batch``: object names in, contents out. The caller ends it."""
        return subprocess.Popen(
            _command(("cat-file", "--batch")),
            env=self._environment(None),
            cwd=self.git_dir.anchor,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def resolve(self, revision: str) -> str | None:
        """Return the full hash of the commit that ``revision`` names, None where it names none."""
        if not revision or revision.startswith("-"):
            return None
        try:
            return self.line("rev-parse", "--quiet", "--verify", f"{revision}^{{commit}}")
        except GitFailedError:
            return None

    @cached_property
    def branch(self) -> str | None:
        """The branch that is checked out; None when detached."""
        from git.exc import GitError

        try:
            return self._refs.active_branch.name
        except (GitError, TypeError, ValueError, OSError):
            return None

    @cached_property
    def settings(self) -> Mapping[str, str]:
        """What the repository's own settings say, by lower-case name; the last value of each."""
        listed = self.output("config", "--list", "-z", seconds=SHORT_SECONDS)
        entries = (_text(entry).partition("\n") for entry in listed.split(b"\0") if entry)
        return {name: value for name, _, value in entries}

    @property
    def is_shallow(self) -> bool:
        """Whether history ends early because the clone is shallow."""
        return self.line("rev-parse", "--is-shallow-repository") == "true"

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

    @cached_property
    def _refs(self) -> git.Repo:
        return _open_refs(self.work_tree or self.git_dir)

    def _start(
        self, arguments: tuple[str, ...], errors: IO[bytes], settings: Mapping[str, str] | None
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            _command(arguments),
            env=self._environment(settings),
            cwd=self.git_dir.anchor,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            bufsize=1 << 20,
        )

    def _environment(self, settings: Mapping[str, str] | None) -> dict[str, str]:
        # An explicit GIT_DIR also settles whose repository it is: a folder of another user can be scanned,
        # which is safe because nothing in it runs.
        return _environment([*_OVERRIDES, *(settings or {}).items()]) | {"GIT_DIR": str(self.git_dir)}

    def _without_filters(self) -> dict[str, str]:
        """Return settings that empty every content filter that the repository defines."""
        return {
            name: "false" if name.endswith(".required") else "" for name in self.settings if _FILTER_SETTING.match(name)
        }


@lru_cache(maxsize=1)
def git_version() -> tuple[int, int]:
    """Return git's version. Raises SnapshotError unless git is there and new enough to be held back."""
    answer = _text(_run([program(), "version"], _environment(()), os.sep, SHORT_SECONDS))
    found = re.search(r"(\d+)\.(\d+)", answer)
    version = (int(found[1]), int(found[2])) if found else (0, 0)
    if version < OLDEST_GIT:
        raise SnapshotError(f"git {'.'.join(map(str, OLDEST_GIT))} or newer is needed, this is {answer.strip()}")
    return version


@lru_cache(maxsize=1)
def program() -> str:
    """Return the path of git, looked for in absolute folders of PATH only."""
    folders = [folder for folder in os.get_exec_path() if Path(folder).is_absolute()]
    found = shutil.which("git", path=os.pathsep.join(folders))
    # On Windows the current folder is searched first whatever the path says; it may be the scanned one.
    if found is None or not Path(found).is_absolute() or Path(found).parent == Path.cwd():
        raise SnapshotError("git is not installed, or not on PATH; install git, or scan a folder without .git")
    return found


def _command(arguments: tuple[str, ...]) -> list[str]:
    return [program(), "--no-pager", "--literal-pathspecs", *arguments]


def _environment(settings: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the whole environment of a git process. Settings of any name fit in, unlike on the command line."""
    pairs = list(settings)
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    for number, (name, value) in enumerate(pairs):
        kept[f"GIT_CONFIG_KEY_{number}"] = name
        kept[f"GIT_CONFIG_VALUE_{number}"] = value
    return kept | {
        "GIT_CONFIG_COUNT": str(len(pairs)),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        # Empty lists allow nothing: no transport starts, whatever protocol.*.allow the repository sets.
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_PAGER": "cat",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


def _run(
    command: list[str], environment: Mapping[str, str], folder: str, seconds: float, content: bytes = b""
) -> bytes:
    try:
        done = subprocess.run(
            command,
            env=environment,
            cwd=folder,
            input=content,
            capture_output=True,
            check=False,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise GitFailedError(command[-1], f"no answer within {seconds:.0f} seconds") from error
    except OSError as error:
        raise SnapshotError(f"git cannot be started: {error}") from error
    if done.returncode:
        raise GitFailedError(" ".join(command[3:5]), _text(done.stderr))
    return done.stdout


def _git_dir_above(path: Path) -> tuple[Path | None, Path] | None:
    """Return the top of the work tree (None when bare) and the git directory of the repository around ``path``."""
    for folder in (path, *path.parents):
        inner = folder / ".git"
        if inner.is_file() or _looks_like_git_dir(inner):
            return folder, inner
        if _looks_like_git_dir(folder):
            return None, folder
    return None


def _looks_like_git_dir(folder: Path) -> bool:
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def _open_refs(path: Path) -> git.Repo:
    """Open a repository that git itself has already read, for its refs."""
    # Takes longer to import than the rest of a small scan: only where a repository is there.
    import git

    class NoCommands(git.Git):
        """GitPython's command object, which may not run anything here."""

        def execute(self, *_arguments: Any, **_options: Any) -> NoReturn:  # noqa: ANN401 - as in the base
            raise SnapshotError("only analyzers/git.py starts git")

    class Refs(git.Repo):
        """A repository for its refs alone."""

        GitCommandWrapperType = NoCommands

    return Refs(path, expand_vars=False)


def _text(output: bytes) -> str:
    return output.decode(errors="replace")
