"""Builds real git repositories for tests: fixed dates, fixed authors, nothing of the user's own settings."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

AUTHOR = "Ada Lovelace <ada@example.org>"
START = "2026-01-05T12:00:00+00:00"


@dataclass(frozen=True)
class RepositoryBuilder:
    r"""A repository at `path`, made on first use.

    Methods return the builder, so that a history reads as one chain:
    ``RepositoryBuilder(tmp_path).write("a.py", "x = 1\n").commit("Begin", date="2026-01-05")``.
    """

    path: Path

    def __post_init__(self) -> None:
        """Make the folder and the repository, unless they are there."""
        self.path.mkdir(parents=True, exist_ok=True)
        if not (self.path / ".git").exists():
            self.git("init", "--quiet", "--initial-branch=main")

    def write(self, path: str, content: str | bytes) -> RepositoryBuilder:
        """Write one file, byte for byte; folders are made."""
        target = self.path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def link(self, path: str, target: str) -> RepositoryBuilder:
        """Make a symbolic link."""
        link = self.path / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)
        return self

    def remove(self, path: str) -> RepositoryBuilder:
        """Remove one file from the work tree."""
        (self.path / path).unlink()
        return self

    def move(self, old: str, new: str) -> RepositoryBuilder:
        """Move one file in the work tree; git sees it at the next commit."""
        (self.path / new).parent.mkdir(parents=True, exist_ok=True)
        (self.path / old).rename(self.path / new)
        return self

    def commit(self, message: str = "Change", *, date: str = START, author: str = AUTHOR) -> RepositoryBuilder:
        """Commit the whole work tree. `date` is an ISO date or time, UTC unless it says otherwise."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--no-verify", "-m", message, date=date, author=author)
        return self

    def branch(self, name: str) -> RepositoryBuilder:
        """Make a branch here and switch to it."""
        self.git("checkout", "--quiet", "-b", name)
        return self

    def switch(self, name: str) -> RepositoryBuilder:
        """Switch to a branch or, detached, to a commit."""
        self.git("checkout", "--quiet", name)
        return self

    def merge(self, name: str, *, date: str = START, author: str = AUTHOR) -> RepositoryBuilder:
        """Merge a branch, always with a merge commit."""
        self.git("merge", "--quiet", "--no-ff", "--no-verify", "-m", f"Merge {name}", name, date=date, author=author)
        return self

    @property
    def head(self) -> str:
        """The full hash of the commit that is checked out."""
        return self.git("rev-parse", "HEAD").strip()

    def feed(self, content: bytes, *arguments: str) -> None:
        """Run git here with ``content`` as its standard input."""
        subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            env=_environment(START, AUTHOR),
            input=content,
            check=True,
            capture_output=True,
            timeout=60,
        )

    def git(self, *arguments: str, date: str = START, author: str = AUTHOR) -> str:
        """Run git here and return its standard output."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            env=_environment(date, author),
            check=True,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=60,
        )
        return done.stdout


def _environment(date: str, author: str) -> dict[str, str]:
    moment = datetime.fromisoformat(date)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    name, _, email = author.rpartition(" <")
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
    return kept | {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": name,
        "GIT_AUTHOR_EMAIL": email.rstrip(">"),
        "GIT_AUTHOR_DATE": moment.isoformat(),
        "GIT_COMMITTER_NAME": name,
        "GIT_COMMITTER_EMAIL": email.rstrip(">"),
        "GIT_COMMITTER_DATE": moment.isoformat(),
        "GIT_ALLOW_PROTOCOL": "file",
        "LC_ALL": "C",
    }
