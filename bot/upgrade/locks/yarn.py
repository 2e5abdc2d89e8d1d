"""``yarn.lock`` of Yarn 1: made by ``yarn install`` in the copy, without scripts, as npm's is in two calls (see `npm`).

Yarn 1 cannot lock without installing, and its lock names each package by the ranges that asked for it. So the first
call sees exact versions, what it locked is put in the place of the ranges that admit it, and the second call sees the
manifests as they are: it keeps what fits, and drops what nothing asks for. Locks of Yarn 2 and later are refused:
plugins and a program of the repository's choice may have a say in them.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from analyzers.model.scheme import Scheme
from bot.upgrade.locks import npm_files
from bot.upgrade.locks.model import Job, LockRefusedError, LockTool, Run, Task, Wanted

_CLASSIC: Final = b"# yarn lockfile v1"
_ARGUMENTS: Final = (
    *("install", "--ignore-scripts", "--non-interactive", "--no-progress", "--silent"),
    *("--ignore-engines", "--ignore-platform", "--no-bin-links"),
)
_HOSTS: Final = frozenset({"registry.yarnpkg.com", "registry.npmjs.org"})
_RESOLVED: Final = re.compile(rb'^  resolved "([^"\n]{1,2000})"', re.MULTILINE)
_BLOCK: Final = re.compile(r"(?m)^(?=[^\s#])")
_REQUIRED: Final = re.compile(r'^    "?([^\s"]+)"? "?([^"\n]*)"?$', re.MULTILINE)
_VERSION: Final = re.compile(r'^  version "([^"\n]*)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Block:
    """One entry of the lock: who asks for it (``red@^1.0.0``), and the lines below."""

    asked: tuple[str, ...]
    body: str

    @property
    def name(self) -> str:
        return self.asked[0].rpartition("@")[0] if self.asked else ""

    @property
    def version(self) -> str:
        found = _VERSION.search(self.body)
        return found[1] if found else ""

    def text(self) -> str:
        return ", ".join(_quoted(one) for one in sorted(self.asked)) + ":\n" + self.body


def makes(path: str, content: bytes) -> bool:  # noqa: ARG001 - a name is enough
    """Whether it is Yarn's lock."""
    return posixpath.basename(path) == "yarn.lock"


def plan(task: Task) -> Job:
    """Install with the wanted versions required exactly, then as the manifests say."""
    root = posixpath.join(task.folder, npm_files.MANIFEST)
    lock = task.snapshot.read(task.lock)
    settings, registries = npm_files.npmrc(task)
    _check(task, lock, registries)
    files = {path: npm_files.copied(path, task.snapshot.read(path)) for path in npm_files.manifests(task)}
    if root not in files:
        raise LockRefusedError(f"there is no {root} beside {task.lock}")
    exact = _exact(task, root)
    last = Run(
        arguments=_ARGUMENTS,
        files={path: files[path] for path in exact},
        amend=partial(_amended, task=task, old=lock) if exact else None,
    )
    return Job(
        program="yarn",
        files={**files, **settings, task.lock: lock},
        folder=task.folder,
        runs=(Run(arguments=_ARGUMENTS, files=exact), last) if exact else (last,),
        variables={**npm_files.variables(), "YARN_IGNORE_PATH": "1"},
        registries=registries,
        seconds=600,
    )


def form(content: bytes) -> str:
    """Return whose format it is."""
    return "of Yarn 1" if _CLASSIC in content[:500] else "of Yarn 2 or later"


def requirers(content: bytes) -> Iterator[tuple[str, str, str, str]]:
    """Yield what each package of the lock requires, with the range."""
    for block in _blocks(content.decode(errors="replace")):
        for name, constraint in _REQUIRED.findall(block.body):
            yield block.name, block.version, name, constraint


def _check(task: Task, lock: bytes, registries: Sequence[str]) -> None:
    if _CLASSIC not in lock[:500]:
        raise LockRefusedError(f"{task.lock} is of Yarn 2 or later, which is not run here; run `yarn install` yourself")
    known = _HOSTS | {urlsplit(address).netloc for address in registries}
    for address in _RESOLVED.findall(lock):
        parts = urlsplit(address.decode(errors="replace"))
        if parts.netloc not in known:
            raise LockRefusedError(f"{task.lock} takes packages from {parts.netloc[:100]}, which nothing else names")


def _exact(task: Task, root: str) -> dict[str, bytes]:
    """Return the manifests that require exactly what is wanted; the root requires what none of them does."""
    rows, more = [], {}
    for wanted in task.wanted:
        found = list(npm_files.requirements(task, wanted))
        rows += [(row, wanted.target) for row in found]
        if not found:
            more[wanted.name] = wanted.target
    files = npm_files.pinned(task, rows)
    if more:
        files[root] = npm_files.with_overrides(root, files.get(root, task.snapshot.read(root)), more, "devDependencies")
    return {path: npm_files.copied(path, content) for path, content in files.items()}


def _amended(content: bytes, *, task: Task, old: bytes) -> bytes:
    """Return the lock with the exact versions in the place of the ranges that admit them and that had ``current``."""
    scheme = task.world.scheme
    blocks = list(_blocks(content.decode(errors="replace")))
    before = list(_blocks(old.decode(errors="replace")))
    for wanted in task.wanted:
        if scheme:
            blocks = list(_moved(blocks, before, wanted, _ranges(task, wanted), scheme))
    head = content.decode(errors="replace").partition(_CLASSIC.decode())[0] + _CLASSIC.decode() + "\n\n\n"
    return (head + "".join(sorted(block.text() for block in blocks if block.asked))).encode()


def _moved(
    blocks: Sequence[_Block], before: Sequence[_Block], wanted: Wanted, ranges: Sequence[str], scheme: Scheme
) -> Iterator[_Block]:
    pinned = f"{wanted.name}@{wanted.target}"
    admitted = {
        asked
        for block in before
        if block.name == wanted.name and wanted.current in {None, block.version}
        for asked in block.asked
        if scheme.satisfies(wanted.target, asked.rpartition("@")[2])
    }
    admitted |= {f"{wanted.name}@{text}" for text in ranges}
    if not any(pinned in block.asked for block in blocks):
        yield from blocks
        return
    for block in blocks:
        rest = {one for one in block.asked if one not in admitted}
        asked = rest | admitted if pinned in block.asked else rest
        yield _Block(tuple(sorted(asked)), block.body)


def _ranges(task: Task, wanted: Wanted) -> list[str]:
    """Return the ranges by which the manifests ask for a package."""
    return [row.value for row in npm_files.requirements(task, wanted) if row.value]


def _blocks(text: str) -> Iterator[_Block]:
    for part in _BLOCK.split(text)[1:]:
        head, _, body = part.partition("\n")
        asked = tuple(one.strip().strip('"') for one in head.rstrip(":\r").split(", "))
        yield _Block(asked, body)


def _quoted(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z][\w./^~*+-]*@[\w./^~*+-]*", text) else json.dumps(text)


TOOL = LockTool(
    name="Yarn",
    program="yarn",
    ecosystem="npm",
    makes=makes,
    plan=plan,
    form=form,
    requirers=requirers,
    remedy="install Yarn 1 (`npm install --global yarn`) and put it on PATH",
)
