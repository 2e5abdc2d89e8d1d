"""A bare repository on disk, driven through git itself: what GitHub's Git Data API writes and reads."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tempfile
import uuid
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

_SECONDS = 60
# As `git init` writes it. And what GitHub hands out: copies without contents, and contents one by one.
_CONFIG = """\
[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
"""
_SHA = re.compile(r"[0-9a-f]{40}")
ABSENT = "0" * 40


class GitError(Exception):
    """Git refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who, and when (ISO 8601)."""

    name: str
    email: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitObject:
    """A commit as it stands in the repository."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeEntry:
    """One line of a tree; `sha` None takes the path away."""

    path: str
    mode: str
    sha: str | None
    kind: str = "blob"
    size: int | None = None


@dataclass(frozen=True, slots=True)
class GitStore:
    """The objects and refs of one bare repository.

    What an object's own hash names never changes: git is asked once. Tests ask for the same hundreds of times.
    """

    path: Path
    _told: dict[tuple[str, ...], bytes] = field(default_factory=dict, repr=False, compare=False)

    def run(self, *arguments: str, content: bytes | None = None, index: str = "") -> bytes:
        """Run git here. Raises GitError."""
        done = self.attempt(*arguments, content=content, index=index)
        if done.returncode:
            raise GitError(done.stderr.decode(errors="replace"))
        return done.stdout

    def attempt(
        self, *arguments: str, content: bytes | None = None, index: str = ""
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git here and return how it went."""
        return subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            env=environment() | ({"GIT_INDEX_FILE": index} if index else {}),
            input=content if content is not None else b"",
            check=False,
            capture_output=True,
            timeout=_SECONDS,
        )

    def text(self, *arguments: str) -> str:
        """Run git here and return its output without the last line end."""
        return self.run(*arguments).decode(errors="surrogateescape").rstrip("\n")

    def of_object(self, sha: str, *arguments: str) -> bytes | None:
        """Return what git says of an object, which is named by its whole hash; None where git refuses."""
        if arguments not in self._told:
            done = self.attempt(*arguments)
            if done.returncode:
                return None
            if not _SHA.fullmatch(sha):
                return done.stdout
            self._told[arguments] = done.stdout
        return self._told[arguments]

    def peel(self, sha: str, kind: str = "commit") -> str | None:
        """Return the commit or tree that an object is or leads to; None for another, and for one that is not there."""
        name = f"{sha}^{{{kind}}}"
        found = self.of_object(sha, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
        return None if found is None else found.decode().strip()

    def resolve(self, name: str) -> str | None:
        """Return the commit of a branch, tag, full ref or hash; None without one. Branches go before tags."""
        refs = self.refs("")
        for candidate in (f"refs/heads/{name}", f"refs/tags/{name}", name):
            sha = candidate if candidate == "HEAD" or _SHA.fullmatch(candidate) else refs.get(candidate)
            if sha and (found := self.peel(sha)):
                return found
        return None

    def kind(self, sha: str) -> str | None:
        """Return ``blob``, ``tree``, ``commit`` or ``tag``, None where there is no such object."""
        if not _SHA.fullmatch(sha):
            return None
        found = self.of_object(sha, "cat-file", "-t", sha)
        return None if found is None else found.decode().strip()

    def refs(self, prefix: str = "refs/heads/") -> dict[str, str]:
        """Return full ref → object, of all whose names begin with ``prefix``, sorted.

        Read from git's own files: nothing else is asked for as often.
        """
        # A ref that is packed meanwhile is in both files for a while: those of their own come first and win.
        own = dict(self._own_refs())
        try:
            packed = (self.path / "packed-refs").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            packed = []
        lines = (line.split(" ", 1) for line in packed if not line.startswith(("#", "^")))
        found = {name: sha for sha, name in lines} | own
        return {name: sha for name, sha in sorted(found.items()) if name.startswith(prefix)}

    def _own_refs(self) -> Iterator[tuple[str, str]]:
        for folder, _, names in os.walk(self.path / "refs"):
            for name in names:
                place = Path(folder) / name
                try:
                    sha = place.read_text(encoding="utf-8").strip()
                except FileNotFoundError:
                    continue  # Deleted, or packed, meanwhile.
                if _SHA.fullmatch(sha) and not name.endswith(".lock"):
                    yield place.relative_to(self.path).as_posix(), sha

    def update_ref(self, ref: str, sha: str) -> None:
        """Make a ref point at ``sha``; ABSENT deletes it. Raises GitError for a name that is none."""
        if sha == ABSENT:
            self.run("update-ref", "-d", ref)
            return
        self.run("check-ref-format", ref)
        self.run("update-ref", ref, sha)

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether ``newer`` holds ``older``."""
        return self.attempt("merge-base", "--is-ancestor", older, newer).returncode == 0

    def blob(self, sha: str) -> bytes:
        """Return the bytes of a blob."""
        return self._read(sha, "cat-file", "blob", sha)

    def _read(self, sha: str, *arguments: str) -> bytes:
        found = self.of_object(sha, *arguments)
        # Asked again, git says why it refuses.
        return self.run(*arguments) if found is None else found

    def write_blob(self, content: bytes) -> str:
        """Write a blob; return its hash."""
        plain = b"blob %d\0%s" % (len(content), content)
        sha = hashlib.sha1(plain, usedforsecurity=False).hexdigest()
        place = self.path / "objects" / sha[:2] / sha[2:]
        if not place.exists():
            # As git writes it, without a process for each of thousands.
            place.parent.mkdir(exist_ok=True)
            beside = place.with_name(f"tmp_obj_{uuid.uuid4().hex}")
            beside.write_bytes(zlib.compress(plain, 1))
            beside.replace(place)
        return sha

    def tree(self, treeish: str, *, recursive: bool = False) -> tuple[TreeEntry, ...]:
        """Return the lines of a tree, with sizes; trees themselves too."""
        flags = ("-r", "-t") if recursive else ()
        out = self._read(treeish, "ls-tree", "-z", "--long", *flags, "--end-of-options", treeish)
        return tuple(_entry(line) for line in out.decode(errors="surrogateescape").split("\0") if line)

    def entry(self, treeish: str, path: str) -> TreeEntry | None:
        """Return the line of one path."""
        place = f":(literal){path}" if path else "."
        out = self._read(treeish, "ls-tree", "-z", "--long", "--end-of-options", treeish, place)
        lines = out.decode(errors="surrogateescape").split("\0")
        return _entry(lines[0]) if lines[0] else None

    def write_tree(self, base: str | None, entries: Sequence[TreeEntry]) -> str:
        """Write ``entries`` over the tree ``base``; return the new tree's hash. Raises GitError."""
        with tempfile.TemporaryDirectory() as folder:
            index = str(Path(folder) / "index")
            if base:
                self.run("read-tree", base, index=index)
            for entry in entries:
                if entry.mode == "040000" and entry.sha:
                    self.attempt("rm", "-r", "--cached", "--quiet", "--", entry.path, index=index)
                    self.run("read-tree", f"--prefix={entry.path}/", entry.sha, index=index)
            lines = b"".join(_index_line(entry) for entry in entries if entry.mode != "040000" or not entry.sha)
            self.run("update-index", "-z", "--index-info", content=lines, index=index)
            return self.run("write-tree", index=index).decode().strip()

    def commit(self, sha: str) -> CommitObject:
        """Read one commit."""
        form = "%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B"
        out = self._read(sha, "show", "--no-patch", f"--format={form}", "--end-of-options", sha)
        return _commit_object(out.decode(errors="replace").removesuffix("\n"))

    def log(self, *revisions: str) -> tuple[CommitObject, ...]:
        """Return the commits that ``revisions`` select, newest first."""
        shas = self.text("rev-list", "--topo-order", *revisions).split()
        return tuple(self.commit(sha) for sha in shas)

    def write_commit(
        self, tree: str, parents: Sequence[str], message: str, author: Signature, committer: Signature
    ) -> str:
        """Write a commit whose message is exactly ``message``."""
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"author {stamp(author)}", f"committer {stamp(committer)}", "", message]
        content = "\n".join(lines).encode()
        return self.run("hash-object", "-t", "commit", "-w", "--stdin", content=content).decode().strip()

    def merged_tree(self, ours: str, theirs: str) -> str | None:
        """Return the tree of a merge of two commits, None where they conflict."""
        done = self.attempt("merge-tree", "--write-tree", ours, theirs)
        return done.stdout.decode().split("\n")[0] if done.returncode == 0 else None

    def changes(self, older: str, newer: str) -> tuple[tuple[str, int, int, str], ...]:
        """Return (status letter, lines added, lines removed, path) between two trees, renames not looked for."""
        letters = self.run("diff-tree", "-r", "-z", "--name-status", "--no-renames", older, newer).decode().split("\0")
        counts = self.run("diff-tree", "-r", "-z", "--numstat", "--no-renames", older, newer).decode().split("\0")
        status = dict(zip(letters[1::2], letters[0::2], strict=False))
        rows = (line.split("\t") for line in counts if line)
        return tuple(
            (status[path], int(added) if added != "-" else 0, int(gone) if gone != "-" else 0, path)
            for added, gone, path in rows
        )


def create_store(path: Path, default_branch: str) -> GitStore:
    """Make an empty bare repository."""
    for folder in ("objects/info", "objects/pack", "refs/heads", "refs/tags"):
        (path / folder).mkdir(parents=True)
    (path / "config").write_text(_CONFIG, encoding="utf-8")
    (path / "HEAD").write_text(f"ref: refs/heads/{default_branch}\n", encoding="utf-8")
    return GitStore(path)


def clone_store(source: Path, path: Path) -> GitStore:
    """Copy the branches and tags of a local repository."""
    path.parent.mkdir(parents=True, exist_ok=True)
    GitStore(path.parent).run("clone", "--quiet", "--bare", "--no-hardlinks", str(source), str(path))
    (path / "config").write_text(_CONFIG, encoding="utf-8")
    return GitStore(path)


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return git's surroundings: nothing of the user's own."""
    return {
        "PATH": os.environ["PATH"],
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
        "LC_ALL": "C",
        **(more or {}),
    }


def _entry(line: str) -> TreeEntry:
    front, _, path = line.partition("\t")
    mode, kind, sha, size = front.split()
    return TreeEntry(path=path, mode=mode, sha=sha, kind=kind, size=int(size) if size != "-" else None)


def _index_line(entry: TreeEntry) -> bytes:
    mode, sha = (entry.mode, entry.sha) if entry.sha else ("0", ABSENT)
    return f"{mode} {sha}\t{entry.path}\0".encode()


def _commit_object(text: str) -> CommitObject:
    sha, tree, parents, *people, message = text.split("\0")
    author, committer = (Signature(name=n, email=e, date=d) for n, e, d in (people[:3], people[3:]))
    return CommitObject(
        sha=sha, tree=tree, parents=tuple(parents.split()), author=author, committer=committer, message=message
    )


def stamp(who: Signature) -> str:
    """Return how a commit names somebody."""
    moment = datetime.fromisoformat(who.date)
    return f"{who.name} <{who.email}> {int(moment.timestamp())} {moment.strftime('%z') or '+0000'}"
