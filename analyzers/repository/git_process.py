"""How git is started: held back from everything that a repository's own settings could make it do.

A scanned repository may be hostile down to its ``.git/config``, so nothing it names may run: hooks, file system
monitors, filters, text converters, pagers, ssh commands, credential programs, signature programs and every
transport are switched off in the environment, which wins over the repository's own settings and takes names of any
form, unlike the command line.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from analyzers.errors import SnapshotError

SHORT_SECONDS = 60
"""For commands whose answer is one line."""
LONG_SECONDS = 1800
"""For commands that walk a tree or a history."""
OLDEST_GIT = (2, 31)
"""The first git that takes settings of any name from its environment."""

OVERRIDES = (
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
    ("core.splitIndex", "false"),
    # On a large repository git would map a whole pack and keep what it unpacked, for no speed that can be measured.
    ("core.packedGitWindowSize", "8m"),
    ("core.packedGitLimit", "64m"),
    ("core.deltaBaseCacheLimit", "32m"),
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
    ("mailmap.blob", ""),
    ("mailmap.file", ""),
    ("maintenance.auto", "false"),
    ("protocol.allow", "never"),
    ("submodule.recurse", "false"),
)
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "COMSPEC", "TEMP", "TMP", "TMPDIR")


class GitFailedError(SnapshotError):
    """One git command ended with an error; `detail` is what it said."""

    def __init__(self, command: str, detail: str) -> None:
        """Keep git's own words, cut to a line's length."""
        self.detail = detail.strip()[:500] or "no message"
        super().__init__(f"git {command} failed: {self.detail}")


class GitSilentError(GitFailedError):
    """One git command took longer than it may."""


@lru_cache(maxsize=1)
def git_version() -> tuple[int, int]:
    """Return git's version. Raises SnapshotError unless git is there and new enough to be held back."""
    answer = text_of(run([program(), "version"], environment(()), os.sep, SHORT_SECONDS))
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
    if found is None or not Path(found).is_absolute() or (os.name == "nt" and Path(found).parent == Path.cwd()):
        raise SnapshotError("git is not installed, or not on PATH; install git, or scan a folder without .git")
    return found


def command_line(arguments: tuple[str, ...]) -> list[str]:
    """Return a whole command: git, and paths that are no patterns."""
    return [program(), "--no-pager", "--literal-pathspecs", *arguments]


def environment(settings: Iterable[tuple[str, str]]) -> dict[str, str]:
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


def run(command: list[str], variables: Mapping[str, str], folder: str, seconds: float, content: bytes = b"") -> bytes:
    """Run a command to its end and return its output. Raises GitFailedError, SnapshotError where it cannot start."""
    try:
        done = subprocess.run(
            command,
            env=variables,
            cwd=folder,
            input=content,
            capture_output=True,
            check=False,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise GitSilentError(command[-1], f"no answer within {seconds:.0f} seconds") from error
    except OSError as error:
        raise SnapshotError(f"git cannot be started: {error}") from error
    if done.returncode:
        raise GitFailedError(" ".join(command[3:5]), text_of(done.stderr))
    return done.stdout


def text_of(output: bytes) -> str:
    """Return git's output as text, whatever bytes it holds."""
    return output.decode(errors="replace")
